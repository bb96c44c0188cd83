import { z } from 'zod';
import { AgentName } from './profile.ts';
import { Instant, Sha256 } from './text.ts';

/** How the agents of a run are put to work; `alone`: one agent with the duties of both. */
export const ARRANGEMENTS = ['serial', 'handoff', 'parallel', 'spread', 'alone'] as const;
export const Arrangement = z.enum(ARRANGEMENTS);
export type Arrangement = z.infer<typeof Arrangement>;

/** Whether the model was loaded when a run began. */
export const STARTS = ['warm', 'cold'] as const;
export const Start = z.enum(STARTS);
export type Start = z.infer<typeof Start>;

export const CAMPAIGN_RUN_SCHEMA = 'chimera.campaign-run/v1';

/** The label that names the profile of a campaign's run: it changes with any setting, and is one only where nothing else differs. */
export const CAMPAIGN_PROFILE = 'campaign_profile';

/**
 * What is measured of a run, by the name under which a campaign writes it: the metric it is (one of the registry, or `own`: this
 * name), its unit, and which direction is better. Seconds are of the wall clock unless the name says otherwise.
 */
export const CAMPAIGN_FIELDS = {
  wall_clock: { metric: 'execution_time', unit: 's', better: 'lower', title: 'wall clock' },
  output_token_throughput: {
    metric: 'output_token_throughput',
    unit: 'tok/s',
    better: 'higher',
    title: 'tokens per second of all calls together',
  },
  time_per_output_token: { metric: 'time_per_output_token', unit: 's', better: 'lower', title: 'time per output token' },
  time_to_first_token: { metric: 'time_to_first_token', unit: 's', better: 'lower', title: 'time to first token of the first call' },
  load_duration: { metric: 'load_duration', unit: 's', better: 'lower', title: 'load duration of all calls' },
  output_tokens: { metric: 'own', unit: 'tokens', better: 'none', title: 'output tokens' },
  prompt_tokens: { metric: 'own', unit: 'tokens', better: 'none', title: 'prompt tokens' },
  server_seconds: { metric: 'own', unit: 's', better: 'lower', title: 'server seconds' },
  energy: { metric: 'energy', unit: 'J', better: 'lower', title: 'energy' },
  sentences_survived: { metric: 'own', unit: 'ratio', better: 'higher', title: 'share of sentences that survived' },
  duties_fulfilled: { metric: 'own', unit: 'ratio', better: 'higher', title: 'share of duties fulfilled' },
  repairs: { metric: 'own', unit: 'calls', better: 'lower', title: 'repair calls' },
  look: { metric: 'own', unit: 'looks', better: 'none', title: 'looks at the results that were allowed beyond the first' },
} as const satisfies Record<string, { metric: string; unit: string; better: 'higher' | 'lower' | 'none'; title: string }>;

export type CampaignField = keyof typeof CAMPAIGN_FIELDS;
export const CAMPAIGN_FIELD_NAMES = Object.keys(CAMPAIGN_FIELDS) as readonly CampaignField[];

/** The metric's name of a field, as measurements have it. */
export function campaignMetric(field: CampaignField): string {
  const { metric } = CAMPAIGN_FIELDS[field];
  return metric === 'own' ? field : metric;
}

/** The unit of a metric that only campaigns have; null for any other. */
export function ownCampaignUnit(metric: string): string | null {
  if (!Object.hasOwn(CAMPAIGN_FIELDS, metric)) return null;
  const field = CAMPAIGN_FIELDS[metric as CampaignField];
  return field.metric === 'own' ? field.unit : null;
}

/**
 * One line of a campaign's `runs.jsonl`: one try at one run. An excluded one says why in a sentence; what it measured stands there
 * and counts nowhere. A field that could not be measured is absent.
 */
export const CampaignRun = z.strictObject({
  schema: z.literal(CAMPAIGN_RUN_SCHEMA),
  campaign: z.string().min(1),
  /** the run's number in the plan, from 1 */
  ordinal: z.int().positive(),
  /** which repeat of its profile and arrangement, from 1; which try at it, from 1 */
  repeat: z.int().positive(),
  attempt: z.int().positive(),
  run: Sha256,
  inventory: Sha256,
  profile: z.string().min(1),
  arrangement: Arrangement,
  start: Start,
  agents: z.array(AgentName).min(1),
  /** of all servers that were asked, without credentials */
  servers: z.array(z.string()),
  startedAt: Instant,
  outcome: z.enum(['measured', 'excluded']),
  reason: z.string().nullable(),
  /** the configuration: what evidence groups by */
  labels: z.record(z.string(), z.string()),
  measured: z.partialRecord(
    z.enum(CAMPAIGN_FIELD_NAMES as [CampaignField, ...CampaignField[]]),
    z.strictObject({ value: z.number(), unit: z.string() }),
  ),
  /** where what was found is not what was asked for, or a setting could have no effect: sentences */
  warnings: z.array(z.string()),
});
export type CampaignRun = z.infer<typeof CampaignRun>;
