/** Tokens by which the count of a cut prompt may be off half its context. */
const SLACK = 3;

/**
 * Whether a server cut the prompt, by what it counted: a prompt that fills its context to the last token was cut, and one of about
 * half the context that was taken to have more than all of it. Null where it did not count, or its context is not known. Ollama says
 * nothing of it: it drops the middle and keeps about half of the window (ollama#17427, #17889).
 */
export function cutPrompt({
  promptTokens,
  estimate,
  context,
}: {
  promptTokens: number | null;
  estimate: number;
  context: number | null;
}): boolean | null {
  if (promptTokens === null || context === null) return null;
  if (promptTokens >= context - 1) return true;
  return estimate > context && Math.abs(promptTokens - (context / 2 + 2)) <= SLACK;
}
