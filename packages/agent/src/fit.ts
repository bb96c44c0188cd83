import { estimatePromptTokens } from '@chimera/ollama';
import { ANSWER_TOKENS, type Fact, type ModelOptions } from '@chimera/shared/domain';
import type { AgentDefinition, SectionDuty } from './definition.ts';
import { factsHeard, HEARD_WITH_FACTS, type Heard } from './heard.ts';
import { type Faulty, type NamedFacts, nameFacts, type Prompt, repairPrompt, sectionPrompt } from './prompt.ts';
import { MOST_FACTS } from './rank-facts.ts';

/** The context that holds prompt and answer, in tokens: asked for by the profile, told by the server, or assumed. */
export type Context = { tokens: number; by: 'asked' | 'told' | 'assumed' };

/** What Ollama gives a model that no one asked another context of, on a machine with little memory: never less, unless it is told to. */
export const ASSUMED_CONTEXT: Context = { tokens: 4_096, by: 'assumed' };

/** What a call may take: its context, the options of the profile, and by what earlier estimates of prompts were too low (1: by nothing). */
export type Room = { context: Context; options: ModelOptions; scale: number };

/** A prompt that fits, with what it holds; `estimate` in tokens, `numPredict` tokens of answer at most. */
export type Fitted = {
  /** as it is asked for: with less to say, where the context holds no more */
  duty: SectionDuty;
  prompt: Prompt;
  facts: NamedFacts;
  heard: readonly Heard[];
  leftOut: string[];
  estimate: number;
  numPredict: number;
};

/** Why no prompt fits, as a sentence; `leftOut` are the ids of all that was chosen. */
export type Unfit = { reason: string; leftOut: string[] };

/** The reason of a section for which no prompt is made: a property of the dataset, no fault of the model. */
export const NOTHING_TO_ASK = 'No fact of this dataset bears on the section, so the model was not asked.';

/** Twice what English words have, because a model that writes a little too much is better dropped from the end than cut off. */
const TOKENS_PER_WORD = 3;
const TOKENS_PER_SENTENCE = 40;
const TOKENS_OF_FORM = 24;

/** Tokens that the answer to a duty may have at most: its words, and the JSON around each sentence. */
export function answerTokens({ words, most }: Pick<SectionDuty, 'words' | 'most'>): number {
  return Math.min(ANSWER_TOKENS, words * TOKENS_PER_WORD + most * TOKENS_PER_SENTENCE + TOKENS_OF_FORM);
}

/** What a prompt is to show: facts of the section, and what another agent has said. */
type Shown = { facts: readonly Fact[]; heard: readonly Heard[] };

/** Of the section's own facts so many come before what was heard, and the others behind it. */
const OWN_FIRST = MOST_FACTS / 2;
/** What was heard brings so many further facts into a section at most. */
const MOST_BROUGHT = MOST_FACTS / 2;

/**
 * Fits the prompt of a section to its room: facts are taken in the order of their rank while prompt and answer fit, whole or not
 * at all; the ids of those that were chosen and do not fit are left out by name. Without room for the best fact alone the section
 * is asked for in as few words as it may have; without room for that either there is no prompt. What was heard is taken sentence by sentence with its facts, behind the best half of the section's own: it takes the room
 * of the lesser ones, never that of the best.
 * @param ranked the facts chosen for the section, the most important first; of more than MOST_FACTS the first ones count
 * @param heard what the collector has said
 */
export function fitSection(
  definition: AgentDefinition,
  duty: SectionDuty,
  ranked: readonly Fact[],
  room: Room,
  heard: readonly Heard[] = [],
): Fitted | Unfit {
  const whole = fitDuty(definition, duty, ranked, room, heard);
  return 'reason' in whole && ranked.length > 0 ? fitDuty(definition, briefly(duty), ranked, room, heard) : whole;
}

/** A duty that asks for as little as it may: where the context holds no more, few true words are better than none. */
function briefly(duty: SectionDuty): SectionDuty {
  return { ...duty, most: duty.least, words: Math.ceil((duty.words * duty.least) / duty.most) };
}

function fitDuty(
  definition: AgentDefinition,
  duty: SectionDuty,
  ranked: readonly Fact[],
  room: Room,
  heard: readonly Heard[],
): Fitted | Unfit {
  const own = ranked.slice(0, MOST_FACTS);
  const chosen = withFactsOf(heard, own);
  const answer = reserved(room.options, answerTokens(duty));
  const named = ({ facts, heard }: Shown) => nameFacts(inOrder(facts, definition, duty, heard));
  const promptOf = (shown: Shown) => sectionPrompt(definition, duty, named(shown), shown.heard);
  const fits = (shown: Shown) => estimateOf(promptOf(shown), room) + answer <= room.context.tokens;
  const all = { facts: chosen, heard: heard.filter(restsOn(chosen)) };
  const shown = fits(all) ? all : asManyAs(fits, own, all.heard);
  const leftOut = own.filter((fact) => !shown.facts.includes(fact)).map(({ id }) => id);
  const [best] = own;
  if (best === undefined) return { reason: NOTHING_TO_ASK, leftOut };
  if (!shown.facts.some((fact) => own.includes(fact))) {
    const needed = estimateOf(promptOf({ facts: [best], heard: [] }), room) + answer;
    return { reason: unfitReason(duty, needed, room.context), leftOut };
  }
  const prompt = promptOf(shown);
  const estimate = estimateOf(prompt, room);
  const numPredict = granted(room, answerTokens(duty), estimate);
  return { duty, prompt, facts: named(shown), heard: shown.heard, leftOut, estimate, numPredict };
}

/** The facts that a section's prompt should show, in the order in which room is given to them: its own, and a few of what was heard. */
function withFactsOf(heard: readonly Heard[], own: readonly Fact[]): Fact[] {
  const brought = new Set<Fact>();
  for (const { facts } of heard.slice(0, HEARD_WITH_FACTS)) {
    const further = facts.filter((fact) => !own.includes(fact) && !brought.has(fact));
    if (brought.size + further.length <= MOST_BROUGHT) for (const fact of further) brought.add(fact);
  }
  return [...own.slice(0, OWN_FIRST), ...brought, ...own.slice(OWN_FIRST)];
}

function restsOn(facts: readonly Fact[]): (heard: Heard) => boolean {
  return ({ facts: needed }) => needed.every((fact) => facts.includes(fact));
}

/** Takes what fits, one after the other: the best of the section's own facts, each sentence with its facts, the section's other facts. */
function asManyAs(fits: (shown: Shown) => boolean, own: readonly Fact[], heard: readonly Heard[]): Shown {
  let shown: Shown = { facts: [], heard: [] };
  const take = (facts: readonly Fact[], said: readonly Heard[]) => {
    const next = { facts: [...new Set([...shown.facts, ...facts])], heard: [...shown.heard, ...said] };
    if (fits(next)) shown = next;
  };
  const first = heard.length === 0 ? own.length : OWN_FIRST;
  for (const fact of own.slice(0, first)) take([fact], []);
  for (const one of heard) take(one.facts, [one]);
  for (const fact of own.slice(first)) if (!shown.facts.includes(fact)) take([fact], []);
  return shown;
}

/**
 * Fits the prompt that asks for sentences again. The facts keep their names; those that the sentences rest on come first, and the
 * others fill the room; what was heard takes what is left, as far as its facts are there. Null where not even the first of them fits.
 */
export function fitRepair(
  definition: AgentDefinition,
  duty: SectionDuty,
  facts: NamedFacts,
  faulty: readonly Faulty[],
  room: Room,
  heard: readonly Heard[] = [],
): Omit<Fitted, 'leftOut' | 'duty'> | null {
  const words = Math.ceil((duty.words * faulty.length) / duty.least);
  const tokens = answerTokens({ words: Math.min(duty.words, words), most: faulty.length });
  const answer = reserved(room.options, tokens);
  const wanted = new Set(faulty.flatMap(({ item }) => [...item.facts, ...(item.text.match(/F\d+/g) ?? [])]));
  const names = [...facts.keys()].sort((a, b) => Number(wanted.has(b)) - Number(wanted.has(a)));
  const shown = new Set<string>();
  const withNames = (some: ReadonlySet<string>) => new Map([...facts].filter(([name]) => some.has(name)));
  const promptOf = (some: ReadonlySet<string>, said: readonly Heard[]) => repairPrompt(definition, duty, withNames(some), faulty, said);
  const fits = (some: ReadonlySet<string>, said: readonly Heard[]) =>
    estimateOf(promptOf(some, said), room) + answer <= room.context.tokens;
  for (const name of names) if (fits(new Set([...shown, name]), [])) shown.add(name);
  if (shown.size === 0) return null;
  const said: Heard[] = [];
  for (const one of heard.filter(restsOn([...withNames(shown).values()]))) if (fits(shown, [...said, one])) said.push(one);
  const prompt = promptOf(shown, said);
  const estimate = estimateOf(prompt, room);
  return { prompt, facts: withNames(shown), heard: said, estimate, numPredict: granted(room, tokens, estimate) };
}

function estimateOf(prompt: Prompt, { scale }: Room): number {
  return Math.ceil(estimatePromptTokens(prompt) * scale);
}

/** As they are listed: first what was heard of, then what the agent lists first. */
function inOrder(
  facts: readonly Fact[],
  { listsFirst = () => false }: AgentDefinition,
  duty: SectionDuty,
  heard: readonly Heard[],
): readonly Fact[] {
  const ofHeard = factsHeard(heard);
  return [...new Set([...ofHeard, ...facts.filter((fact) => listsFirst(fact, duty)), ...facts.filter((fact) => !listsFirst(fact, duty))])];
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
const SMALLEST_PROMPT = 'The smallest prompt';

/** Whether the reason of a section is that no prompt fits: it would not fit another time either. */
export function isUnfit(reason: string): boolean {
  return reason.startsWith(`${SMALLEST_PROMPT} for "`);
}

function unfitReason(duty: SectionDuty, needed: number, context: Context): string {
  let enough = LEAST_CONTEXT;
  while (enough < needed) enough *= 2;
  const inForce =
    context.by === 'asked'
      ? `num_ctx ${context.tokens} was asked for`
      : `${context.tokens} are ${context.by === 'told' ? 'in force on the server' : 'what a server gives by default'}`;
  return `${SMALLEST_PROMPT} for "${duty.title}" needs about ${needed} tokens of context with its answer, and ${inForce}: num_ctx ${enough} would fit.`;
}
