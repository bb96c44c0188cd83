import { agentsOf, byCodeUnit, CAMPAIGN_RUN_SCHEMA, type CampaignCall, type CampaignRun } from '@chimera/shared/domain';
import { callRowsOf } from './call-rows.ts';
import type { CampaignFile } from './campaign-file.ts';
import { digestsOf, exclusionOf } from './exclusion.ts';
import { measuredOf } from './measured.ts';
import type { RunOutcome } from './outcome.ts';
import type { PlannedRun } from './plan.ts';
import { labelsOf } from './run-labels.ts';

/** What the journal keeps of one try. */
export type JournalEntry = {
  line: CampaignRun;
  calls: CampaignCall[];
  /** whether another try may succeed where this one is excluded */
  again: boolean;
  /** of each model, as `digestsOf` tells them */
  digests: Record<string, string>;
};

/** All that is known of one try at a run. */
export type Tried = {
  file: CampaignFile;
  run: PlannedRun;
  attempt: number;
  /** of the run: `runOf` with its ordinal */
  id: string;
  inventory: string;
  outcome: RunOutcome;
  /** of the entries so far: `knownDigests` */
  digests: ReadonlyMap<string, string>;
};

/** The entry of one try: judged, measured and labelled. */
export function entryOf({ file, run, attempt, id, inventory, outcome, digests }: Tried): JournalEntry {
  const exclusion = exclusionOf(run, outcome, { digests });
  const { name, profile, arrangement, start } = run.cell;
  const agents = agentsOf(profile);
  const line: CampaignRun = {
    schema: CAMPAIGN_RUN_SCHEMA,
    campaign: file.name,
    ordinal: run.ordinal,
    repeat: run.repeat,
    attempt,
    run: id,
    inventory,
    profile: name,
    arrangement,
    start,
    agents,
    servers: outcome.servers,
    startedAt: new Date(outcome.startedAt).toISOString(),
    outcome: exclusion === null ? 'measured' : 'excluded',
    reason: exclusion?.reason ?? null,
    labels: labelsOf(file, run, outcome),
    measured: measuredOf(run, outcome),
    warnings: [...new Set(agents.flatMap((agent) => outcome.analyses[agent]?.warnings ?? []))],
  };
  return { line, calls: callRowsOf(line, outcome), again: exclusion?.again ?? false, digests: Object.fromEntries(digestsOf(outcome)) };
}

/** The digest of each model as the first try that told it had it. */
export function knownDigests(entries: readonly JournalEntry[]): Map<string, string> {
  const inTime = entries.toSorted((a, b) => byCodeUnit(a.line.startedAt, b.line.startedAt) || byTry(a, b));
  return new Map(inTime.toReversed().flatMap(({ digests }) => Object.entries(digests)));
}

/** The name of a try among all of its campaign: `00007-1`. */
export function tryName({ ordinal, attempt }: Pick<CampaignRun, 'ordinal' | 'attempt'>): string {
  return `${String(ordinal).padStart(5, '0')}-${attempt}`;
}

/** Orders tries by ordinal, then attempt. */
export function byTry(a: JournalEntry, b: JournalEntry): number {
  return a.line.ordinal - b.line.ordinal || a.line.attempt - b.line.attempt;
}
