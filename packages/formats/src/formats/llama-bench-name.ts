/** What one test of llama-bench ran: tokens of prompt, tokens generated, and tokens in the context before; null where it is not said. */
export type TestShape = { prompt: number; generated: number; depth: number | null };

/** `pp512`, `tg128` or `pp512+tg128`, with or without ` @ d4096`; older versions put a blank behind the letters. */
const TEST = /^(?:pp ?(\d{1,9})|tg ?(\d{1,9})|pp ?(\d{1,9}) ?\+ ?tg ?(\d{1,9}))(?: ?@ ?d ?(\d{1,9}))?$/;

/** The name that llama-bench itself gives a test: `tg128 @ d4096`. */
export function testName({ prompt, generated, depth }: TestShape): string {
  const name =
    prompt > 0 && generated === 0 ? `pp${prompt}` : generated > 0 && prompt === 0 ? `tg${generated}` : `pp${prompt}+tg${generated}`;
  return depth === null || depth === 0 ? name : `${name} @ d${depth}`;
}

/** Reads a test's name. One without a depth ran at depth 0. Null where the text is no such name. */
export function parseTestName(text: string): TestShape | null {
  const match = text.length > 64 ? null : TEST.exec(text);
  if (match === null) return null;
  const [, prompt, generated, bothPrompt, bothGenerated, depth] = match;
  return { prompt: Number(prompt ?? bothPrompt ?? 0), generated: Number(generated ?? bothGenerated ?? 0), depth: Number(depth ?? 0) };
}
