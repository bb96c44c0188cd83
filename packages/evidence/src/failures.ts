import { type Artifact, counted, type Fact } from '@chimera/shared/domain';
import { countFact, fact } from './fact.ts';

/**
 * Records that say of themselves that they failed: in all, and per artifact. Their numbers are kept in the table
 * and are in no statistic, because a failed run stored as zero would be the fastest.
 */
export function failureFacts(artifacts: readonly Artifact[]): Fact[] {
  const failing = firstsOf(artifacts).filter((a) => a.failed.length > 0);
  if (failing.length === 0) return [];
  const failed = failing.reduce((sum, a) => sum + a.failed.length, 0);
  const facts = [
    countFact({
      kind: 'failure',
      metric: 'failed_records',
      value: failed,
      selector: 'artifacts[*].failed[*]',
      claim: `${counted(failed, 'record')} in all ${failed === 1 ? 'says' : 'say'} that they failed; their numbers are not results.`,
    }),
    countFact({
      kind: 'failure',
      metric: 'artifacts_with_failed_records',
      value: failing.length,
      selector: 'artifacts[failed]',
      claim: `${counted(failing.length, 'artifact')} ${failing.length === 1 ? 'holds' : 'hold'} failed records.`,
    }),
  ];
  for (const artifact of failing) {
    const { path, sha256, failed: list, records } = artifact;
    if (sha256 === null) continue;
    const draft = {
      kind: 'failure' as const,
      unit: null,
      n: records,
      scope: path,
      class: 'measured' as const,
      sources: list.map(({ pointer }) => ({ path, sha256, pointer })),
    };
    const succeeded = records - list.length;
    facts.push(
      fact({
        ...draft,
        claim: `${list.length} of ${counted(records, 'record')} in ${path} failed.`,
        metric: 'failed_records',
        statistic: 'count',
        value: list.length,
        formula: 'count of records with an error or without success',
      }),
      fact({
        ...draft,
        claim: `${succeeded} of ${counted(records, 'record')} in ${path} succeeded: averages in it rest on no more.`,
        metric: 'succeeded_records',
        statistic: 'count',
        value: succeeded,
        formula: 'records less the failed ones',
      }),
      fact({
        ...draft,
        claim: `${path} holds ${counted(records, 'record')}.`,
        metric: 'records',
        statistic: 'count',
        value: records,
        formula: 'count of records',
      }),
    );
  }
  return facts;
}

/**
 * Artifacts without the second and later of exact duplicates, which would be counted twice. Takes them sorted by path.
 * The same bytes may be read under one name and mean nothing under another: the first that says something counts.
 */
export function firstsOf(artifacts: readonly Artifact[]): Artifact[] {
  const seen = new Set<string>();
  return artifacts.filter((a) => {
    if (a.sha256 === null || seen.has(a.sha256)) return a.sha256 === null;
    if (a.measurements > 0 || a.failed.length > 0) seen.add(a.sha256);
    return true;
  });
}
