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

/** Gaps between the chunks of one answer, in seconds; `n` gaps. */
export const TokenGaps = z.strictObject({ n: z.int().positive(), median: z.number(), p95: z.number(), max: z.number() });

/**
 * What the GPUs of a server's node did during one call: means over time, the greatest memory, the energy of all GPUs together.
 * `utilization` as a ratio, memory in bytes, power in watts, energy in joules; null where the source does not tell.
 */
export const GpuUse = z.strictObject({
  node: z.string(),
  source: z.enum(['nvidia-smi', 'dcgm']),
  gpus: z.int().positive(),
  samples: z.int().positive(),
  seconds: z.number().nonnegative(),
  utilization: z.number().nullable(),
  memoryBytes: z.number().nullable(),
  powerWatts: z.number().nullable(),
  energyJoules: z.number().nullable(),
});
export type GpuUse = z.infer<typeof GpuUse>;

/** One call of a model: seconds and tokens; null where the server did not say. */
export const Call = z.strictObject({
  model: z.string(),
  server: z.string(),
  startedAt: Instant,
  outcome: z.string(),
  timeToFirstTokenSeconds: z.number().nullable(),
  wallSeconds: z.number(),
  /** how long the call waited for a slot of ours before it was sent */
  slotWaitSeconds: z.number().nonnegative(),
  /** how long the server let it wait for its runner: total less load, prompt and output */
  queueSeconds: z.number().nullable(),
  loadSeconds: z.number().nullable(),
  promptEvalSeconds: z.number().nullable(),
  evalSeconds: z.number().nullable(),
  totalSeconds: z.number().nullable(),
  promptTokens: z.int().nullable(),
  outputTokens: z.int().nullable(),
  outputTokensPerSecond: z.number().nullable(),
  gaps: TokenGaps.nullable(),
  /** whether the server cut the prompt: null where it cannot be told */
  truncated: z.boolean().nullable(),
  digest: z.string().nullable(),
  serverVersion: z.string().nullable(),
  /** share of the model that lay in GPU memory */
  gpuShare: z.number().min(0).max(1).nullable(),
  gpu: GpuUse.nullable(),
  /** the answer was taken from an earlier, equal call: nothing was generated, and the times are those of that call */
  stored: z.boolean(),
  /** the server is the replay server, not a model */
  replay: z.boolean(),
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

/** How many calls a server is given at once, and how that is known; `rates`: output tokens per second of all calls together. */
export const Slots = z.strictObject({
  count: z.int().positive(),
  by: z.enum(['configured', 'measured', 'assumed']),
  rates: z.array(z.strictObject({ atOnce: z.int().positive(), tokensPerSecond: z.number().positive() })),
});
export type Slots = z.infer<typeof Slots>;

/** A model as a server had it during an analysis; null where the server does not say. */
export const ModelFound = z.strictObject({
  server: z.string(),
  model: z.string(),
  digest: z.string().nullable(),
  serverVersion: z.string().nullable(),
  replay: z.boolean(),
  quantization: z.string().nullable(),
  parameterSize: z.string().nullable(),
  /** tokens: in force, and those that the model was trained with */
  context: z.int().positive().nullable(),
  trainedContext: z.int().positive().nullable(),
  /** layers that can lie on a GPU, the output layer counted; and how many of them do, by the share of the model that does */
  layers: z.int().positive().nullable(),
  layersOnGpu: z.int().nonnegative().nullable(),
  /** bytes: of the loaded model, and of it in GPU memory */
  size: z.number().nullable(),
  sizeVram: z.number().nullable(),
  slots: Slots,
});
export type ModelFound = z.infer<typeof ModelFound>;

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
  /** the model on each server that was asked, in the order of asking */
  found: z.array(ModelFound),
  /** where what was found is not what was asked for, or a setting had no effect: sentences */
  warnings: z.array(z.string()),
  startedAt: Instant,
  finishedAt: Instant,
});
export type Analysis = z.infer<typeof Analysis>;
