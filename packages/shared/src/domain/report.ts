import { z } from 'zod';
import { TraceId } from '../trace/traceparent.ts';
import { Analysis, GpuUse } from './analysis.ts';
import { Fact } from './fact.ts';
import { AgentName, Profile } from './profile.ts';
import { Instant, Sha256 } from './text.ts';

export const REPORT_SCHEMA = 'chimera.report/v1';

/**
 * A stretch of a line. `fact` and `record` carry the text as printed and where the value comes from: the name of
 * a fact in `facts`, or the path of a value in `record`. `code` is quoted from artifacts or people, never markup.
 */
export const Inline = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), text: z.string() }),
  z.strictObject({ type: z.literal('strong'), text: z.string() }),
  z.strictObject({ type: z.literal('code'), text: z.string() }),
  z.strictObject({ type: z.literal('fact'), text: z.string(), fact: z.string() }),
  z.strictObject({ type: z.literal('record'), text: z.string(), record: z.string() }),
]);
export type Inline = z.infer<typeof Inline>;

/** The page as a model, of which Markdown, HTML and JSON are three spellings. */
export const Block = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('heading'), level: z.int().min(1).max(6), text: z.string() }),
  z.strictObject({ type: z.literal('paragraph'), line: z.array(Inline) }),
  z.strictObject({ type: z.literal('list'), ordered: z.boolean(), items: z.array(z.array(Inline)) }),
  z.strictObject({ type: z.literal('table'), head: z.array(z.string()), rows: z.array(z.array(z.array(Inline))) }),
  z.strictObject({ type: z.literal('quote'), text: z.string() }),
  z.strictObject({ type: z.literal('evidence'), name: z.string(), claim: z.string(), lines: z.array(z.string()) }),
]);
export type Block = z.infer<typeof Block>;

/**
 * The GPUs of one node over the calls of a run that were sent there: utilization and power as means over time, the greatest memory.
 * Time that several calls have in common counts once, with the mean of what was sampled during them.
 */
export const NodeUse = GpuUse.extend({
  calls: z.int().positive(),
  /** output tokens of the calls that tell both, by their energy */
  tokensPerJoule: z.number().nullable(),
  /** whether calls were at work there at the same time */
  overlapping: z.boolean(),
});
export type NodeUse = z.infer<typeof NodeUse>;

/** One agent in the run record; seconds, tokens, tokens per second; null where there is nothing to tell. */
export const AgentRecord = z.strictObject({
  title: z.string(),
  persona: z.string(),
  narrator: Analysis.shape.narrator,
  calls: Analysis.shape.calls,
  found: Analysis.shape.found,
  warnings: Analysis.shape.warnings,
  account: Analysis.shape.account,
  seconds: z.number().nonnegative(),
  timeToFirstTokenSeconds: z.number().nullable(),
  totalSeconds: z.number().nullable(),
  loadSeconds: z.number().nullable(),
  promptEvalSeconds: z.number().nullable(),
  evalSeconds: z.number().nullable(),
  promptTokens: z.int().nullable(),
  outputTokens: z.int().nullable(),
  outputTokensPerSecond: z.number().nullable(),
  /** calls answered by an earlier, equal call; their times and tokens stand in no sum */
  storedCalls: z.int().nonnegative(),
  /**
   * energy of the nodes during the calls that tell it, common time counted once, and output tokens of these calls by it; null where
   * none tells. Where another agent was at work on the same node meanwhile, its energy is in it.
   */
  energyJoules: z.number().nullable(),
  tokensPerJoule: z.number().nullable(),
});
export type AgentRecord = z.infer<typeof AgentRecord>;

/** What happened in a run: asked for, found, timings, tokens. */
export const RunRecord = z.strictObject({
  printedAt: Instant,
  takenAt: Instant,
  bucket: z.string(),
  version: z.string(),
  profile: Profile,
  seconds: z.strictObject({ ingest: z.number(), analysis: z.number(), report: z.number(), total: z.number() }),
  files: z.int().positive(),
  agents: z.partialRecord(z.enum(['collector', 'insight']), AgentRecord),
  /** where GPUs were sampled, node by node in the order of asking */
  nodes: z.array(NodeUse),
  /** agents whose analysis did not come, with the reason */
  missing: z.array(z.strictObject({ agent: z.string(), reason: z.string() })),
  /** the trace from drop to report; null where none was made, absent in reports of earlier versions */
  trace: TraceId.nullable().optional(),
});
export type RunRecord = z.infer<typeof RunRecord>;

/** A model's sentences: written = kept + repaired + withheld; survived = (kept + repaired) / written, null where none was written. */
const Sentences = z.strictObject({
  written: z.int().nonnegative(),
  kept: z.int().nonnegative(),
  repaired: z.int().nonnegative(),
  withheld: z.int().nonnegative(),
  survived: z.number().min(0).max(1).nullable(),
});

/** How far a report may be believed: where its numbers come from, and what became of the model's sentences. */
export const ReportAccount = z.strictObject({
  /** numbers and dates on the page above the account; `withoutSource`: numerals in its words, which lead nowhere */
  numbers: z.strictObject({
    printed: z.int().nonnegative(),
    fromFacts: z.int().nonnegative(),
    fromRecord: z.int().nonnegative(),
    withoutSource: z.int().nonnegative(),
  }),
  sentences: z.strictObject({ all: Sentences, collector: Sentences.optional(), insight: Sentences.optional() }),
  /** who wrote each section; `reason`: why no word of the model stands there although one was asked for */
  sections: z.array(
    z.strictObject({
      agent: AgentName,
      section: z.string(),
      title: z.string(),
      narrator: z.enum(['model', 'template', 'both', 'nobody']),
      model: z.string().nullable(),
      withheld: z.int().nonnegative(),
      reason: z.string().nullable(),
    }),
  ),
  /** facts that were chosen for a section and not shown to the model, with the sections; `name` where the page prints them */
  leftOut: z.array(
    z.strictObject({ fact: z.string(), name: z.string().nullable(), claim: z.string().nullable(), sections: z.array(z.string()) }),
  ),
});
export type ReportAccount = z.infer<typeof ReportAccount>;

/** The published shape of `report.json`; docs/schemas/report.v1.json is generated from it. */
export const Report = z.strictObject({
  schema: z.literal(REPORT_SCHEMA),
  dataset: z.string(),
  title: z.string(),
  inventory: Sha256,
  generation: z.int().positive(),
  run: Sha256,
  /** which run of a campaign's plan it is; absent in any other */
  ordinal: z.int().nonnegative().optional(),
  revision: z.int().positive(),
  status: z.enum(['current', 'superseded']),
  supersededBy: Sha256.nullable(),
  agentType: z.string(),
  artifacts: z.strictObject({
    total: z.int().positive(),
    read: z.int().nonnegative(),
    refused: z.array(z.strictObject({ path: z.string(), reason: z.string() })),
  }),
  summary: z.array(z.strictObject({ label: z.string(), line: z.array(Inline) })),
  /** every fact printed on the page, by its name there */
  facts: z.record(z.string(), Fact),
  record: RunRecord.extend({ account: ReportAccount }),
  page: z.array(Block),
});
export type Report = z.infer<typeof Report>;
