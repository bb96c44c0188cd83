import type { Subject } from '@chimera/evidence';
import type { Artifact, Block, Fact, Inline } from '@chimera/shared/domain';
import type { Cites } from './draft.ts';
import { code, heading, paragraph, quotation, text } from './inline.ts';

/** The format of a campaign's results. */
const CAMPAIGN_FORMAT = 'chimera-campaign';

/** Whether an artifact holds the tries at a campaign's runs; their calls stand in a table beside it. */
export function holdsRuns({ format, kind }: Pick<Artifact, 'format' | 'kind'>): boolean {
  return format === CAMPAIGN_FORMAT && kind !== 'csv';
}

export function holdsCalls({ format, kind }: Pick<Artifact, 'format' | 'kind'>): boolean {
  return format === CAMPAIGN_FORMAT && kind === 'csv';
}

/** Whether a fact is of a campaign's results: what is alike in all runs there is as it was meant to be, and no doubt. */
export function isOfResults({ scope }: Pick<Fact, 'scope'>, artifacts: readonly Artifact[]): boolean {
  return artifacts.some(({ path, format }) => path === scope && format === CAMPAIGN_FORMAT);
}

/** How many records of a file count nowhere, and of how many. */
type Counts = { path: string; failed: Fact; records: Fact | null };

/** The artifacts of which some tries count nowhere, with the facts that count these. */
export function excludedCounts(facts: Subject): Counts[] {
  return countsOf(withExcluded(facts.artifacts), facts);
}

/** The artifacts of which some calls got no answer, in runs that count. */
export function unansweredCounts(facts: Subject): Counts[] {
  return countsOf(
    facts.artifacts.filter((artifact) => holdsCalls(artifact) && artifact.failed.length > 0),
    facts,
  );
}

function countsOf(artifacts: readonly Artifact[], facts: Subject): Counts[] {
  return artifacts.flatMap(({ path }) => {
    const failed = facts.find('failed_records', {}, 'count', path);
    return failed === null ? [] : [{ path, failed, records: facts.find('records', {}, 'count', path) }];
  });
}

function withExcluded(artifacts: readonly Artifact[]): Artifact[] {
  return artifacts.filter((artifact) => holdsRuns(artifact) && artifact.failed.length > 0);
}

/** Every excluded run with its reason; those that share one stand together, each named by its number. */
export function excludedRuns(facts: Subject, { cite }: Cites): Block[] {
  const counts = new Map(excludedCounts(facts).map((one) => [one.path, one]));
  return withExcluded(facts.artifacts).flatMap(({ path, failed }): Block[] => {
    const count = counts.get(path);
    const head: Inline[] = [text('In '), code(path)];
    if (count) head.push(text(': '), cite(count.failed), ...(count.records ? [text(' of '), cite(count.records)] : []), text(' tries'));
    const reasons = Map.groupBy(failed.map(namedRun), ({ reason }) => reason);
    const items = [...reasons].map(([reason, runs]): Inline[] => [...runsOf(runs), text(': '), quotation(reason)]);
    return [
      heading(3, 'Excluded runs'),
      paragraph(...head, text('. What an excluded run measured stands in the file and counts nowhere.')),
      { type: 'list', ordered: false, items },
    ];
  });
}

/** `run 3, run 9 try 2` of `profile a, serial, warm`, and of each other place. */
function runsOf(runs: readonly NamedRun[]): Inline[] {
  const places = [...Map.groupBy(runs, ({ place }) => place)];
  return places.flatMap(([place, own], i): Inline[] => [
    text(i === 0 ? '' : '; '),
    // A name for each: one that holds all would be cut where there are many.
    ...own.flatMap(({ name }, k) => [text(k === 0 ? '' : ', '), code(name)]),
    ...(place === '' ? [] : [text(' ('), code(place), text(')')]),
  ]);
}

/** `place` is empty where nothing tells it. */
type NamedRun = { name: string; place: string; reason: string };

/** Takes `run 3 (profile a, serial, warm, repeat 1, try 1): the reason` apart; where it is spelt otherwise the place names it. */
function namedRun({ pointer, reason }: Artifact['failed'][number]): NamedRun {
  const [, name, why] = /^(run .*?\)|a run without a number \(.*?\)\)?): (.+)$/s.exec(reason) ?? [];
  if (name === undefined || why === undefined) return { name: pointer, place: '', reason };
  const [, run, place, attempt] = /^(run \S+) \((.+), repeat \d+, try (\d+)\)$/s.exec(name) ?? [];
  if (run === undefined || place === undefined) return { name, place: '', reason: why };
  return { name: attempt === '1' ? run : `${run} try ${attempt}`, place, reason: why };
}
