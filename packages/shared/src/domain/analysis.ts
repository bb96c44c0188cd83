import { z } from 'zod';
import { AgentName, AgentProfile } from './profile.ts';
import { Instant, Sha256 } from './text.ts';

/** What a sentence does. */
export const SentenceKind = z.enum(['observation', 'comparison', 'recommendation', 'risk']);
export type SentenceKind = z.infer<typeof SentenceKind>;

/**
 * One sentence of prose. `text` refers to facts as `{{<fact id>}}`; `mitigation` only with kind `risk`.
 * `by` says whose words they are.
 */
export const Sentence = z.strictObject({
  text: z.string().min(1),
  mitigation: z.string().min(1).nullable(),
  kind: SentenceKind,
  by: z.enum(['model', 'template']),
});
export type Sentence = z.infer<typeof Sentence>;

export const Section = z.strictObject({
  id: z.string().min(1),
  title: z.string().min(1),
  layout: z.enum(['paragraph', 'bullets', 'numbered', 'risks']),
  sentences: z.array(Sentence),
  /** why no word of the model stands here although one was asked for: a sentence; null where it spoke, or none was asked for */
  reason: z.string().nullable(),
  /** ids of facts that were chosen for the section and not shown to the model, because its context holds no more */
  leftOut: z.array(z.string()),
  /** printed where the last gate stops the model's words: the template's sentences; empty where the template spoke anyway */
  template: z.array(Sentence),
});
export type Section = z.infer<typeof Section>;

/** One call of a model: seconds and tokens; null where the server did not say. */
export const Call = z.strictObject({
  model: z.string(),
  server: z.string(),
  startedAt: Instant,
  outcome: z.string(),
  timeToFirstTokenSeconds: z.number().nullable(),
  wallSeconds: z.number(),
  loadSeconds: z.number().nullable(),
  promptEvalSeconds: z.number().nullable(),
  evalSeconds: z.number().nullable(),
  totalSeconds: z.number().nullable(),
  promptTokens: z.int().nullable(),
  outputTokens: z.int().nullable(),
  outputTokensPerSecond: z.number().nullable(),
  transcript: Sha256.nullable(),
  /** the id of the section it was to write, and whether it was asked to mend what it had written */
  section: z.string(),
  repair: z.boolean(),
  /** how many tokens the prompt was taken to have: on the high side */
  estimatedPromptTokens: z.int().nonnegative(),
  /** what else is to be told of it, such as an estimate that was too low: a sentence */
  note: z.string().nullable(),
});
export type Call = z.infer<typeof Call>;

/** Who spoke, and if it was not the model asked for: why. */
export const Narrator = z.strictObject({
  kind: z.enum(['model', 'template']),
  model: z.string().nullable(),
  digest: z.string().nullable(),
  server: z.string().nullable(),
  serverVersion: z.string().nullable(),
  /** a sentence; null when the narrator asked for spoke */
  reason: z.string().nullable(),
});
export type Narrator = z.infer<typeof Narrator>;

/** What one agent says in one run. */
export const Analysis = z.strictObject({
  schema: z.literal('chimera.analysis/v1'),
  run: Sha256,
  inventory: Sha256,
  agent: AgentName,
  title: z.string(),
  persona: z.string(),
  profile: AgentProfile,
  narrator: Narrator,
  sections: z.array(Section),
  /**
   * The model's sentences: how many it wrote, how many stand as it first wrote them, how many as it wrote them again after
   * their faults were named to it, and which were withheld and why. written = kept + repaired + withheld.
   */
  account: z.strictObject({
    written: z.int().nonnegative(),
    kept: z.int().nonnegative(),
    repaired: z.int().nonnegative(),
    withheld: z.array(z.strictObject({ section: z.string(), text: z.string(), reason: z.string() })),
  }),
  calls: z.array(Call),
  startedAt: Instant,
  finishedAt: Instant,
});
export type Analysis = z.infer<typeof Analysis>;
