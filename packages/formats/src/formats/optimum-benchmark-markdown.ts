import type { Extract } from '../extract.ts';
import { addLabel, addNumber, type FieldMeaning, type Labels } from '../fields.ts';
import { LiteralNumber } from '../json-value.ts';
import { readCell } from '../number-cell.ts';
import type { Table } from '../table.ts';
import { unitOfSymbol } from '../unit-from-name.ts';
import { apart } from './console-places.ts';
import { warnNotMeasured } from './not-measured.ts';
import { latencyOf, latencyStatistic, PARTS, throughputOf } from './optimum-benchmark-metrics.ts';

/** Whether a table is a part of a phase, as `benchmark_report.md` has it: `# decode:`, `## latency:`, `metric | value | unit`. */
export function isOptimumTable(table: Table): boolean {
  return phaseOf(table) !== null;
}

type Phase = { name: string; part: string; path: readonly string[] };

function phaseOf({ columns, above }: Table): Phase | null {
  if (columns.join(' ') !== 'metric value unit') return null;
  const [name, part] = (above ?? []).slice(-2).map((heading) => /^([a-z][a-z_]{0,40}):$/.exec(heading)?.[1]);
  if (name === undefined || part === undefined || !PARTS.includes(part)) return null;
  return { name, part, path: (above ?? []).slice(0, -2) };
}

type Part = { table: Table; phase: Phase };

/** Reads tables that are parts of phases. */
export function readOptimumTables(extract: Extract, tables: readonly Table[]): void {
  const parts = tables.flatMap((table): Part[] => {
    const phase = phaseOf(table);
    return phase === null ? [] : [{ table, phase }];
  });
  const names = new Set(parts.map(({ phase }) => `${phase.name} ${phase.part}`));
  // Each part once: the page is of one run.
  const places = names.size === parts.length ? new Map<Part, string>() : apart(parts.map((one) => ({ one, path: one.phase.path })));
  const phases = new Set<string>();
  for (const one of parts) {
    const labels: Record<string, string> = { tool: 'optimum-benchmark', test: one.phase.name };
    addLabel(labels, 'place', places.get(one) ?? null, extract);
    readPart(extract, one, labels);
    phases.add(JSON.stringify(labels));
  }
  extract.records += phases.size;
}

function readPart(extract: Extract, { table, phase }: Part, labels: Labels): void {
  const rows = table.rows.map(({ line, cells: [key = '', value = '', unit = ''] }) => ({ key, cell: readCell(value), unit, line }));
  const count = rows.find(({ key }) => key === 'count')?.cell;
  const n = count?.is === 'number' ? count.value : null;
  const first = rows.find(({ key }) => key === (phase.part === 'latency' ? 'mean' : 'throughput'))?.cell;
  if (['latency', 'throughput'].includes(phase.part) && first?.is === 'number' && first.value === 0) {
    warnNotMeasured(extract, phase.part, `table at line ${table.line}`);
    return;
  }
  for (const { key, cell, unit, line } of rows) {
    const meaning = meaningOf(phase, key, unit);
    if (cell.is !== 'number' || meaning === null || (phase.part === 'memory' && cell.value === 0)) continue;
    const place = {
      labels: meaning.metric === 'peak_memory' ? { ...labels, memory: key } : labels,
      n: phase.part === 'latency' ? n : null,
      pointer: `line ${line} column value`,
    };
    // As the JSON of the same run has it.
    const own = `/${phase.name}/${phase.part}${phase.part === 'latency' ? '' : phase.part === 'energy' ? `/${key}` : '/value'}`;
    addNumber(extract, cell.text === null ? cell.value : new LiteralNumber(cell.text), meaning, place, own);
  }
}

function meaningOf({ name, part }: Phase, key: string, written: string): FieldMeaning | null {
  const unit = unitOfSymbol(written) ?? (written === '' || written === '-' ? null : written);
  if (part === 'latency') {
    const statistic = latencyStatistic(key);
    const { metric, over } = latencyOf(name);
    return statistic === null ? null : { metric, statistic, unit, ...(over === undefined ? {} : { over }) };
  }
  if (part === 'memory') return key.startsWith('max_') && key.length < 40 ? { metric: 'peak_memory', statistic: 'max', unit } : null;
  if (part === 'throughput') return { metric: throughputOf(name, written), statistic: 'value', unit, over: 'runs' };
  return { metric: part === 'energy' && key === 'total' ? 'energy' : 'own', statistic: 'value', unit };
}
