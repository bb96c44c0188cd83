import { refer, type TemplateSentence, type View } from '@chimera/agent';
import { quotedName } from '@chimera/grounding';
import type { ArtifactKind, Fact } from '@chimera/shared/domain';

const KINDS: Readonly<Record<ArtifactKind, string>> = {
  csv: 'CSV',
  json: 'JSON',
  jsonl: 'JSON lines',
  markdown: 'Markdown',
  text: 'text',
  unknown: 'unknown kind',
};

/** Telemetry that makes a benchmark tellable, and the words by which a column or key names it. */
const TELEMETRY = [
  { name: 'time to first token', words: /ttft|time_to_first_token|first.token/i },
  { name: 'throughput', words: /tok(en)?s?[ _./]*(per[ _])?s(ec(ond)?)?\b|throughput|tokens_s/i },
  { name: 'GPU memory', words: /vram|gpu.*mem|memory_used|peak_memory/i },
  { name: 'power', words: /power|watt|energy|joule/i },
  { name: 'quality', words: /accuracy|quality|score|perplexity|bleu|rouge|pass_rate/i },
] as const;

/** The template narrator's words for the collector; every number is a reference. */
export function collectorTemplate(view: View): Record<string, TemplateSentence[]> {
  return { coverage: coverage(view), modifications: modifications(view), gaps: gaps(view) };
}

function coverage(view: View): TemplateSentence[] {
  const says: (string | null)[] = [
    say(
      view,
      'artifact_count',
      {},
      (n) => `The dataset holds ${n} artifacts${part(view, 'artifact_size', {}, 'sum', (bytes) => ` of ${bytes} together`)}.`,
    ),
    say(
      view,
      'artifact_count',
      { status: 'read' },
      (n) => `${n} of them were read${part(view, 'artifact_count', { status: 'refused' }, 'count', (r) => `, ${r} refused`)}.`,
    ),
  ];
  for (const [kind, title] of Object.entries(KINDS)) {
    const count = view.find('artifact_count', { kind });
    if (count !== null && count.value !== 0) says.push(`**${title}**: ${refer(count)}.`);
  }
  const folders = view.facts.filter(
    (f) =>
      f.metric === 'artifact_count' && f.kind === 'count' && Object.keys(f.labels).join() === 'folder' && !f.labels.folder?.includes('/'),
  );
  for (const fact of folders) says.push(`The directory ${quotedName(`${fact.labels.folder}/`)} holds ${refer(fact)} artifacts.`);
  return texts(says);
}

function modifications(view: View): TemplateSentence[] {
  const overall = view.find('modified', {}, 'max');
  const says: (string | null)[] = [overall && `The latest modification of all is ${refer(overall)}.`];
  for (const [kind, title] of Object.entries(KINDS)) {
    const latest = view.find('modified', { kind }, 'max');
    if (latest) says.push(`**${title}**: last modified ${refer(latest)}.`);
  }
  return texts(says);
}

function gaps(view: View): TemplateSentence[] {
  const missing = view.facts.filter((f) => f.metric === 'expected_folder');
  const says: (string | null)[] = missing.map(
    (f) => `The expected directory ${quotedName(`${f.labels.folder}/`)} is missing: ${refer(f)} artifacts lie in it.`,
  );
  if (missing.length === 0) says.push('No expected directory is missing.');
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
    says.push(`${refer(failed)} records in ${refer(failing)} artifacts say that they failed; their numbers count nowhere.`);
  const duplicates = view.find('duplicate_groups');
  if (duplicates) says.push(`${refer(duplicates)} groups of artifacts have the same bytes and are counted once.`);
  const series = view.ofKind('series');
  const absent = TELEMETRY.filter(({ words }) => !series.some((f) => words.test(f.metric)));
  says.push(
    absent.length === 0
      ? 'Columns or keys for time to first token, throughput, GPU memory, power and quality are all present somewhere.'
      : `Missing telemetry: no column or key names ${absent.map((a) => a.name).join(', ')}.`,
  );
  return texts(says);
}

function say(view: View, metric: string, labels: Record<string, string>, words: (value: string) => string): string | null {
  const fact = view.find(metric, labels);
  return fact && words(refer(fact));
}

function part(view: View, metric: string, labels: Record<string, string>, statistic: string, words: (value: string) => string): string {
  const fact: Fact | null = view.find(metric, labels, statistic);
  return fact === null ? '' : words(refer(fact));
}

function texts(says: readonly (string | null)[]): TemplateSentence[] {
  return says.flatMap((text) => (text === null ? [] : [{ text }]));
}
