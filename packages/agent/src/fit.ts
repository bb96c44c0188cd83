import { estimatePromptTokens } from '@chimera/ollama';
import { ANSWER_TOKENS, type Fact, type ModelOptions } from '@chimera/shared/domain';
import type { AgentDefinition, SectionDuty } from './definition.ts';
import { type Faulty, type NamedFacts, nameFacts, type Prompt, repairPrompt, sectionPrompt } from './prompt.ts';
import { MOST_FACTS } from './rank-facts.ts';

/** The context that holds prompt and answer, in tokens: asked for by the profile, told by the server, or assumed. */
export type Context = { tokens: number; by: 'asked' | 'told' | 'assumed' };

/** What Ollama gives a model that no one asked another context of, on a machine with little memory: never less, unless it is told to. */
export const ASSUMED_CONTEXT: Context = { tokens: 4_096, by: 'assumed' };

/** What a call may take: its context, the options of the profile, and by what earlier estimates of prompts were too low (1: by nothing). */
export type Room = { context: Context; options: ModelOptions; scale: number };

/** A prompt that fits; `estimate` in tokens, `numPredict` tokens of answer at most. */
export type Fitted = { prompt: Prompt; facts: NamedFacts; leftOut: string[]; estimate: number; numPredict: number };

/** Why no prompt fits, as a sentence; `leftOut` are the ids of all that was chosen. */
export type Unfit = { reason: string; leftOut: string[] };

/** Twice what English words have, because a model that writes a little too much is better dropped from the end than cut off. */
const TOKENS_PER_WORD = 3;
const TOKENS_PER_SENTENCE = 40;
const TOKENS_OF_FORM = 24;

/** Tokens that the answer to a duty may have at most: its words, and the JSON around each sentence. */
export function answerTokens({ words, most }: Pick<SectionDuty, 'words' | 'most'>): number {
  return Math.min(ANSWER_TOKENS, words * TOKENS_PER_WORD + most * TOKENS_PER_SENTENCE + TOKENS_OF_FORM);
}

/**
 * Fits the prompt of a section to its room: facts are taken in the order of their rank while prompt and answer fit, whole or not
 * at all; the ids of those that were chosen and do not fit are left out by name. Without room for the best fact alone there is no prompt.
 * @param ranked the facts chosen for the section, the most important first; of more than MOST_FACTS the first ones count
 */
export function fitSection(definition: AgentDefinition, duty: SectionDuty, ranked: readonly Fact[], room: Room): Fitted | Unfit {
  const chosen = ranked.slice(0, MOST_FACTS);
  const answer = reserved(room.options, answerTokens(duty));
  const promptOf = (facts: readonly Fact[]) => sectionPrompt(definition, duty, nameFacts(inOrder(facts, definition, duty)));
  const fits = (facts: readonly Fact[]) => estimateOf(promptOf(facts), room) + answer <= room.context.tokens;
  const shown: Fact[] = fits(chosen) ? [...chosen] : [];
  if (shown.length === 0) for (const fact of chosen) if (fits([...shown, fact])) shown.push(fact);
  const leftOut = chosen.filter((fact) => !shown.includes(fact)).map(({ id }) => id);
  const [best] = chosen;
  if (best === undefined) return { reason: 'No fact of this dataset bears on the section, so the model was not asked.', leftOut };
  if (shown.length === 0) return { reason: unfitReason(duty, estimateOf(promptOf([best]), room) + answer, room.context), leftOut };
  const prompt = promptOf(shown);
  const estimate = estimateOf(prompt, room);
  const numPredict = granted(room, answerTokens(duty), estimate);
  return { prompt, facts: nameFacts(inOrder(shown, definition, duty)), leftOut, estimate, numPredict };
}

/**
 * Fits the prompt that asks for sentences again. The facts keep their names; those that the sentences rest on come first, and the
 * others fill the room. Null where not even the first of them fits.
 */
export function fitRepair(
  definition: AgentDefinition,
  duty: SectionDuty,
  facts: NamedFacts,
  faulty: readonly Faulty[],
  room: Room,
): Omit<Fitted, 'leftOut'> | null {
  const words = Math.ceil((duty.words * faulty.length) / duty.least);
  const tokens = answerTokens({ words: Math.min(duty.words, words), most: faulty.length });
  const answer = reserved(room.options, tokens);
  const wanted = new Set(faulty.flatMap(({ item }) => [...item.facts, ...(item.text.match(/F\d+/g) ?? [])]));
  const names = [...facts.keys()].sort((a, b) => Number(wanted.has(b)) - Number(wanted.has(a)));
  const shown = new Set<string>();
  const withNames = (some: ReadonlySet<string>) => new Map([...facts].filter(([name]) => some.has(name)));
  const promptOf = (some: ReadonlySet<string>) => repairPrompt(definition, duty, withNames(some), faulty);
  for (const name of names) if (estimateOf(promptOf(new Set([...shown, name])), room) + answer <= room.context.tokens) shown.add(name);
  if (shown.size === 0) return null;
  const prompt = promptOf(shown);
  const estimate = estimateOf(prompt, room);
  return { prompt, facts: withNames(shown), estimate, numPredict: granted(room, tokens, estimate) };
}

function estimateOf(prompt: Prompt, { scale }: Room): number {
  return Math.ceil(estimatePromptTokens(prompt) * scale);
}

function inOrder(facts: readonly Fact[], { listsFirst = () => false }: AgentDefinition, duty: SectionDuty): Fact[] {
  return [...facts.filter((fact) => listsFirst(fact, duty)), ...facts.filter((fact) => !listsFirst(fact, duty))];
}

/** What is kept free for the answer: a limit that the profile sets counts where it is lower. */
function reserved({ num_predict: limit }: ModelOptions, tokens: number): number {
  return limit !== undefined && limit > 0 ? Math.min(limit, tokens) : tokens;
}

/** The limit that is sent: the duty's, or the profile's as far as the context holds it (one below 1 stands for no limit). */
function granted({ context, options }: Room, tokens: number, estimate: number): number {
  const limit = options.num_predict;
  if (limit === undefined) return tokens;
  return limit > 0 ? Math.min(limit, context.tokens - estimate) : context.tokens - estimate;
}

const LEAST_CONTEXT = 512;

function unfitReason(duty: SectionDuty, needed: number, context: Context): string {
  let enough = LEAST_CONTEXT;
  while (enough < needed) enough *= 2;
  const inForce =
    context.by === 'asked'
      ? `num_ctx ${context.tokens} was asked for`
      : `${context.tokens} are ${context.by === 'told' ? 'in force on the server' : 'what a server gives by default'}`;
  return `The smallest prompt for "${duty.title}" needs about ${needed} tokens of context with its answer, and ${inForce}: num_ctx ${enough} would fit.`;
}
