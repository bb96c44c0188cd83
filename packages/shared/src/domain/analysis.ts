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
  /** the model's sentences: how many it wrote, how many were printed as written, how many withheld and why */
  account: z.strictObject({
    written: z.int().nonnegative(),
    kept: z.int().nonnegative(),
    withheld: z.array(z.strictObject({ section: z.string(), text: z.string(), reason: z.string() })),
  }),
  calls: z.array(Call),
  startedAt: Instant,
  finishedAt: Instant,
});
export type Analysis = z.infer<typeof Analysis>;
