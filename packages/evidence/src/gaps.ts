import { counted, type Fact } from '@chimera/shared/domain';
import { type Census, perFolder } from './census.ts';
import { countFact } from './fact.ts';

/** The folders of a benchmark workspace as the predecessor laid it out; expected only where at least one of them is there. */
export const CONVENTIONAL_FOLDERS = ['reports', 'csv_data', 'artifacts'] as const;

/**
 * Expected folders without an artifact, where `present` are those with one. `expected` comes from `chimera.yaml`; null means the
 * conventional layout.
 */
export function missingFolders(present: { has(folder: string): boolean }, expected: readonly string[] | null): string[] {
  if (expected !== null) return expected.filter((folder) => !present.has(folder));
  if (!CONVENTIONAL_FOLDERS.some((folder) => present.has(folder))) return [];
  return CONVENTIONAL_FOLDERS.filter((folder) => !present.has(folder));
}

/** A fact for each expected folder that is missing, each expected kind that is missing, and their number. */
export function gapFacts(census: Census, expected: { folders: readonly string[] | null; kinds: readonly string[] }): Fact[] {
  const folders = missingFolders(perFolder(census), expected.folders);
  const present: ReadonlySet<string> = new Set(census.kinds.keys());
  const kinds = expected.kinds.filter((kind) => !present.has(kind));
  const origin = expected.folders === null ? 'the conventional layout' : 'chimera.yaml';
  const facts = folders.map((folder) =>
    countFact({
      kind: 'gap',
      metric: 'expected_folder',
      value: 0,
      labels: { folder },
      selector: `artifacts[path^=${folder}/]`,
      claim: `The folder ${folder}/, expected by ${origin}, is missing or holds no artifact.`,
    }),
  );
  for (const kind of kinds) {
    facts.push(
      countFact({
        kind: 'gap',
        metric: 'expected_kind',
        value: 0,
        labels: { kind },
        selector: `artifacts[kind=${kind}]`,
        claim: `No artifact is of kind ${kind}, which chimera.yaml expects.`,
      }),
    );
  }
  if (folders.length > 0) {
    facts.unshift(
      countFact({
        kind: 'gap',
        metric: 'missing_folders',
        value: folders.length,
        selector: 'expected folders without an artifact',
        claim: `${counted(folders.length, 'expected folder')} ${folders.length === 1 ? 'is' : 'are'} missing: ${folders.map((f) => `${f}/`).join(', ')}.`,
      }),
    );
  }
  return facts;
}
