import { quotedName } from '@chimera/grounding';
import type { ArtifactKind } from '@chimera/shared/domain';
import type { TemplateSentence } from '../../definition.ts';
import { refer, referCount } from '../../refer.ts';
import type { View } from '../../view.ts';

const KINDS: Readonly<Record<ArtifactKind, string>> = {
  csv: 'CSV',
  json: 'JSON',
  jsonl: 'JSON lines',
  markdown: 'Markdown',
  text: 'text',
  unknown: 'unknown kind',
};

/** The template narrator's words for the collector; every number is a reference. */
export function collectorTemplate(view: View): Record<string, TemplateSentence[]> {
  return { coverage: coverage(view), modifications: modifications(view), gaps: gaps(view) };
}

const LISTED_FOLDERS = 4;

function coverage(view: View): TemplateSentence[] {
  const total = view.find('artifact_count');
  const bytes = view.find('artifact_size', {}, 'sum');
  const read = view.find('artifact_count', { status: 'read' });
  const refused = view.find('artifact_count', { status: 'refused' });
  const kinds = Object.entries(KINDS).flatMap(([kind, title]) => {
    const count = view.find('artifact_count', { kind });
    return count === null || count.value === 0 ? [] : [`**${title}** ${refer(count)}`];
  });
  const folders = view.facts
    .filter(
      (f) =>
        f.metric === 'artifact_count' && f.kind === 'count' && Object.keys(f.labels).join() === 'folder' && !f.labels.folder?.includes('/'),
    )
    .sort((a, b) => Number(b.value) - Number(a.value));
  return texts([
    total && bytes && `The dataset holds ${referCount(total, 'artifact')} of ${refer(bytes)} together.`,
    read && refused && `Read: ${refer(read)}; refused: ${refer(refused)}.`,
    `By kind: ${kinds.join(', ')}.`,
    ...folders
      .slice(0, LISTED_FOLDERS)
      .map((f) => `The directory ${quotedName(`${f.labels.folder}/`)} holds ${referCount(f, 'artifact')}.`),
    folders.length > LISTED_FOLDERS ? 'The other directories are listed with the files.' : null,
  ]);
}

function modifications(view: View): TemplateSentence[] {
  const overall = view.find('modified', {}, 'max');
  const kinds = Object.entries(KINDS).flatMap(([kind, title]) => {
    const latest = view.find('modified', { kind }, 'max');
    return latest ? [`**${title}**: last modified ${refer(latest)}.`] : [];
  });
  return texts([overall && `The latest modification of all is ${refer(overall)}.`, ...kinds]);
}

function gaps(view: View): TemplateSentence[] {
  const missing = view.facts.filter((f) => f.metric === 'expected_folder');
  const says: (string | null)[] = missing.map(
    (f) => `The expected directory ${quotedName(`${f.labels.folder}/`)} is missing (artifacts in it: ${refer(f)}).`,
  );
  if (missing.length === 0) says.push('No expected directory is missing.');
  for (const f of view.facts.filter((g) => g.metric === 'expected_kind'))
    says.push(`No artifact is of the expected kind ${quotedName(f.labels.kind ?? '')} (there: ${refer(f)}).`);
  const refused = view.artifacts.filter((a) => a.status === 'refused');
  says.push(
    refused.length === 0
      ? 'No artifact was refused.'
      : `Refused: ${refused
          .slice(0, 3)
          .map((a) => quotedName(a.path))
          .join(', ')}${refused.length > 3 ? ' and others' : ''}; the reasons are listed with the refused files.`,
  );
  const failed = view.find('failed_records');
  const failing = view.find('artifacts_with_failed_records');
  if (failed && failing)
    says.push(
      `Failed by their own words: ${referCount(failed, 'record')} in ${referCount(failing, 'artifact')}; their numbers count nowhere.`,
    );
  const duplicates = view.find('duplicate_groups');
  if (duplicates) says.push(`Exact duplicates: ${referCount(duplicates, 'group')}; each is counted once.`);
  const absent = view.ofKind('gap').filter((f) => f.metric === 'telemetry_series');
  says.push(
    absent.length === 0
      ? 'Some column or key names each of time to first token, throughput, GPU memory, power and quality.'
      : `Missing telemetry: no column or key names ${absent.map((f) => f.labels.telemetry).join(', ')}.`,
  );
  return texts(says);
}

function texts(says: readonly (string | null)[]): TemplateSentence[] {
  return says.flatMap((text) => (text === null ? [] : [{ text }]));
}
