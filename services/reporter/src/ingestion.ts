import { LEAST_FOR_P95, LISTED_PATHS } from '@chimera/evidence';
import { ARTIFACT_KINDS, type Artifact, type ArtifactKind, type Block, type FactIndex, type Inline } from '@chimera/shared/domain';
import type { Cites } from './draft.ts';
import { code, heading, paragraph, strong, text } from './inline.ts';

const TITLES: Readonly<Record<ArtifactKind, string>> = {
  csv: 'CSV',
  json: 'JSON',
  jsonl: 'JSON lines',
  markdown: 'Markdown',
  text: 'Text',
  unknown: 'Unknown kind',
};

/** Data Ingestion Summary: per kind the count, the first paths and the latest modification; then per folder. */
export function ingestionSummary(facts: FactIndex, artifacts: readonly Artifact[], { cite }: Cites): Block[] {
  const blocks: Block[] = [];
  for (const kind of ARTIFACT_KINDS) {
    const some = artifacts.filter((a) => a.kind === kind);
    const count = facts.find('artifact_count', { kind });
    if (some.length === 0 || !count) continue;
    const size = facts.find('artifact_size', { kind }, 'sum');
    const latest = facts.find('modified', { kind }, 'max');
    const line: Inline[] = [strong(TITLES[kind]), text(': '), cite(count), text(some.length === 1 ? ' file' : ' files')];
    if (size) line.push(text(', '), cite(size));
    if (latest) line.push(text(', latest modification '), cite(latest));
    blocks.push(paragraph(...line));
    const items: Inline[][] = some.slice(0, LISTED_PATHS).map((a) => [code(a.path)]);
    const more = facts.find('artifacts_not_listed', { kind });
    if (more) items.push([text('… and '), cite(more), text(' more')]);
    blocks.push({ type: 'list', ordered: false, items });
  }
  blocks.push(...sizes(facts, cite), ...folders(facts, cite), ...duplicates(facts, artifacts, cite));
  return blocks;
}

function sizes(facts: FactIndex, cite: Cites['cite']): Block[] {
  const cells = ['sum', 'min', 'median', 'p95', 'max'].flatMap((statistic) => {
    const fact = facts.find('artifact_size', {}, statistic);
    return fact && (statistic !== 'p95' || (fact.n ?? 0) >= LEAST_FOR_P95) ? [{ statistic, cell: [cite(fact)] }] : [];
  });
  return [
    { type: 'table', head: ['Sizes', ...cells.map((c) => c.statistic)], rows: [[[text('all artifacts')], ...cells.map((c) => c.cell)]] },
  ];
}

function folders(facts: FactIndex, cite: Cites['cite']): Block[] {
  const rows = facts
    .ofKind('count')
    .filter((f) => f.metric === 'artifact_count' && Object.keys(f.labels).join() === 'folder')
    .map((f) => [[code(`${f.labels.folder}/`)], [cite(f)]]);
  return rows.length === 0 ? [] : [{ type: 'table', head: ['Folder (with all below it)', 'Artifacts'], rows }];
}

function duplicates(facts: FactIndex, artifacts: readonly Artifact[], cite: Cites['cite']): Block[] {
  const groups = facts.ofKind('duplicate').filter((f) => f.metric === 'duplicate_paths');
  if (groups.length === 0) return [];
  const hashOf = new Map(artifacts.map((a) => [a.path, a.sha256]));
  const items = groups.map((group) => {
    const paths = artifacts.filter((a) => a.sha256 !== null && a.sha256 === hashOf.get(group.scope)).map((a) => a.path);
    return [cite(group), text(' paths: '), ...paths.flatMap((path, i) => [text(i === 0 ? '' : ' = '), code(path)])];
  });
  return [heading(3, 'Exact duplicates'), { type: 'list', ordered: false, items }];
}
