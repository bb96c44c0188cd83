import type { Over } from '@chimera/shared/domain';
import type { FieldMeaning, FieldTable, MetricName } from '../fields.ts';
import { unitOfSymbol } from '../unit-from-name.ts';
import { servingStatistic } from './serving-fields.ts';

/** What the lines of a printed result mean. Units stand in the lines themselves; those here are of lines that state none. */
export const LINES: FieldTable = {
  'Successful requests': { metric: 'own', statistic: 'value', unit: null },
  'Failed requests': { metric: 'own', statistic: 'value', unit: null },
  'Good requests': { metric: 'own', statistic: 'value', unit: null },
  'Benchmark duration (s)': { metric: 'duration', statistic: 'value', unit: 's', over: 'runs' },
  'Total input tokens': { metric: 'own', statistic: 'value', unit: 'tokens' },
  'Total input text tokens': { metric: 'own', statistic: 'value', unit: 'tokens' },
  'Total input vision tokens': { metric: 'own', statistic: 'value', unit: 'tokens' },
  'Total generated tokens': { metric: 'own', statistic: 'value', unit: 'tokens' },
  'Total generated tokens (retokenized)': { metric: 'own', statistic: 'value', unit: 'tokens' },
  'Request throughput (req/s)': { metric: 'request_throughput', statistic: 'value', unit: 'req/s', over: 'runs' },
  'Request goodput (req/s)': { metric: 'own', statistic: 'value', unit: 'req/s', over: 'runs' },
  'Input token throughput (tok/s)': { metric: 'prompt_token_throughput', statistic: 'value', unit: 'tok/s', over: 'runs' },
  'Output token throughput (tok/s)': { metric: 'output_token_throughput', statistic: 'value', unit: 'tok/s', over: 'runs' },
  'Total token throughput (tok/s)': { metric: 'total_token_throughput', statistic: 'value', unit: 'tok/s', over: 'runs' },
  'Total throughput (tok/s)': {
    metric: 'total_token_throughput',
    statistic: 'value',
    unit: 'tok/s',
    over: 'runs',
    note: 'so named by tools made after SGLang’s',
  },
  'Peak output token throughput (tok/s)': { metric: 'own', statistic: 'max', unit: 'tok/s' },
  'Peak concurrent requests': { metric: 'own', statistic: 'max', unit: null, note: 'measured, no setting' },
  Concurrency: { metric: 'own', statistic: 'mean', unit: null, note: 'measured, no setting' },
  'Accept length': { metric: 'own', statistic: 'mean', unit: 'tokens' },
  'Acceptance rate (%)': { metric: 'own', statistic: 'value', unit: '%' },
  'Acceptance length': { metric: 'own', statistic: 'mean', unit: 'tokens' },
};

/** Latencies by the name that the lines give them: `Mean TTFT (ms)`. */
export const PRINTED_FAMILIES: Readonly<Record<string, { metric: MetricName; over: Over }>> = {
  TTFT: { metric: 'time_to_first_token', over: 'requests' },
  TPOT: { metric: 'time_per_output_token', over: 'requests' },
  ITL: { metric: 'inter_token_latency', over: 'gaps' },
  E2EL: { metric: 'request_latency', over: 'requests' },
  'E2E Latency': { metric: 'request_latency', over: 'requests' },
  'Client Queue Time': { metric: 'own', over: 'requests' },
  'E2EL incl. Client Queue': { metric: 'own', over: 'requests' },
};

/** The same as a table that people read. */
export const PRINTED_LATENCIES: FieldTable = Object.fromEntries(
  Object.entries(PRINTED_FAMILIES).flatMap(([name, family]) =>
    ['Mean', 'Median', 'P99'].map((word): [string, FieldMeaning] => [
      `${word} ${name} (ms)`,
      { ...family, statistic: servingStatistic(word.toLowerCase()) ?? 'value', unit: 'ms' },
    ]),
  ),
);

/** These lines say what was set, not what was measured → the label. */
export const SETTING_LINES: Readonly<Record<string, string>> = {
  'request rate configured (rps)': 'request_rate',
  'traffic request rate': 'request_rate',
  'maximum request concurrency': 'concurrency',
  'max request concurrency': 'concurrency',
  backend: 'backend',
};

/** Units that no name of a metric ends with. */
const UNITS: ReadonlyMap<string, string> = new Map([['inputs/s', 'inputs/s']]);

const byName = <T>(table: Readonly<Record<string, T>>): ReadonlyMap<string, T> =>
  new Map(Object.entries(table).map(([name, value]) => [name.toLowerCase(), value]));
const MEANINGS = byName(Object.fromEntries(Object.entries(LINES).map(([label, meaning]) => [splitUnit(label).name, meaning])));
const FAMILIES = byName(PRINTED_FAMILIES);

/**
 * What a line means: its metric, and the unit that its brackets state. Without a unit it is no canonical metric. A line that is
 * not known keeps its own name.
 */
export function meaningOfLine(label: string): { meaning: FieldMeaning; own: string } {
  const { name, symbol } = splitUnit(label);
  const known = MEANINGS.get(name.toLowerCase()) ?? latencyOf(name);
  const unit = symbol === null ? (known?.metric === 'own' ? known.unit : null) : (unitOfSymbol(symbol) ?? UNITS.get(symbol) ?? null);
  if (known === null || (unit === null && known.metric !== 'own'))
    return { meaning: { metric: 'own', statistic: 'value', unit }, own: name };
  return { meaning: { ...known, unit }, own: name };
}

function latencyOf(name: string): FieldMeaning | null {
  const space = name.indexOf(' ');
  const statistic = servingStatistic(name.slice(0, space).toLowerCase());
  const family = FAMILIES.get(name.slice(space + 1).toLowerCase());
  return statistic === null || family === undefined ? null : { ...family, statistic, unit: null };
}

/** `Mean TTFT (ms)` as name and unit. `(retokenized)`, `(L1)` and the like are no unit, and stay with the name. */
function splitUnit(label: string): { name: string; symbol: string | null } {
  const [, name, symbol] = /^([^()]+?) ?\(([^()\s]{1,12})\)$/.exec(label) ?? [];
  const isUnit = symbol !== undefined && (unitOfSymbol(symbol) !== null || UNITS.has(symbol) || /[/%]/.test(symbol));
  return name === undefined || !isUnit ? { name: label, symbol: null } : { name, symbol };
}
