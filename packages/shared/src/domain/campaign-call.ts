import type { Arrangement, CampaignRun, Start } from './campaign.ts';
import type { AgentName } from './profile.ts';

/**
 * The columns of a campaign's `calls.csv`, in their order: one row a call of a model, in order of ordinal, attempt and start. The
 * first five say which try of which run it belongs to; a name that ends in a unit states it.
 */
export const CAMPAIGN_CALL_COLUMNS = [
  ...(['ordinal', 'attempt', 'outcome', 'campaign_profile', 'arrangement', 'start', 'agent', 'section', 'repair'] as const),
  ...(['model', 'server', 'call_outcome', 'started_at', 'slot_wait_s', 'queue_s', 'load_s', 'time_to_first_token_s'] as const),
  ...(['prompt_eval_s', 'eval_s', 'wall_s', 'prompt_tokens', 'output_tokens', 'output_tok_per_s', 'energy_j', 'truncated'] as const),
] as const;
export type CampaignCallColumn = (typeof CAMPAIGN_CALL_COLUMNS)[number];

/** The columns that hold what was measured of a call, with their units. */
export const CAMPAIGN_CALL_UNITS = {
  slot_wait_s: 's',
  queue_s: 's',
  load_s: 's',
  time_to_first_token_s: 's',
  prompt_eval_s: 's',
  eval_s: 's',
  wall_s: 's',
  prompt_tokens: 'tokens',
  output_tokens: 'tokens',
  output_tok_per_s: 'tok/s',
  energy_j: 'J',
} as const satisfies Partial<Record<CampaignCallColumn, string>>;

type MeasuredColumn = keyof typeof CAMPAIGN_CALL_UNITS;

/**
 * One row of `calls.csv`; null where the server did not say, which is an empty cell. `outcome` is that of the run; `call_outcome`
 * the server's reason to end (`stop`, `length`, `done`), or the code of the call's failure.
 */
export type CampaignCall = Readonly<
  {
    ordinal: number;
    attempt: number;
    outcome: CampaignRun['outcome'];
    campaign_profile: string;
    arrangement: Arrangement;
    start: Start;
    agent: AgentName;
    section: string;
    repair: boolean;
    model: string;
    server: string;
    call_outcome: string;
    started_at: string;
    truncated: boolean | null;
  } & Record<MeasuredColumn, number | null>
>;

const CALL = 'call_';

/** The metric of a column of `calls.csv`: a name of its own, because calls within a run depend on each other and are never judged. */
export function campaignCallMetric(column: string): string {
  return `${CALL}${column}`;
}

/** Whether a metric is of a call within a campaign's run. */
export function isCampaignCallMetric(metric: string): boolean {
  return metric.startsWith(CALL) && Object.hasOwn(CAMPAIGN_CALL_UNITS, metric.slice(CALL.length));
}
