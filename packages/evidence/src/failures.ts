import { type Artifact, counted, type Fact } from '@chimera/shared/domain';
import { countFact, fact } from './fact.ts';

/**
 * Records that say of themselves that they failed, in all. Their numbers are kept in the table and are in no
 * statistic, because a failed run stored as zero would be the fastest. Takes the artifacts that count and have such records.
 */
export function failureCounts(failing: readonly Artifact[]): Fact[] {
  if (failing.length === 0) return [];
  const failed = failing.reduce((sum, a) => sum + a.failed.length, 0);
  return [
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
}

/** How many of an artifact's records failed, how many succeeded, and how many there are; nothing where none failed. */
export function failureFacts({ path, sha256, failed, records }: Artifact): Fact[] {
  if (sha256 === null || failed.length === 0) return [];
  const draft = {
    kind: 'failure' as const,
    statistic: 'count',
    unit: null,
    n: records,
    scope: path,
    class: 'measured' as const,
    sources: failed.map(({ pointer }) => ({ path, pointer, sha256 })),
  };
  const succeeded = records - failed.length;
  return [
    fact({
      ...draft,
      claim: `${failed.length} of ${counted(records, 'record')} in ${path} failed.`,
      metric: 'failed_records',
      value: failed.length,
      formula: 'count of records with an error or without success',
    }),
    fact({
      ...draft,
      claim: `${succeeded} of ${counted(records, 'record')} in ${path} succeeded: averages in it rest on no more.`,
      metric: 'succeeded_records',
      value: succeeded,
      formula: 'records less the failed ones',
    }),
    fact({
      ...draft,
      claim: `${path} holds ${counted(records, 'record')}.`,
      metric: 'records',
      value: records,
      formula: 'count of records',
    }),
  ];
}
