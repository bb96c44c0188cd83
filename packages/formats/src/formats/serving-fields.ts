import type { Over } from '@chimera/shared/domain';
import type { Extract } from '../extract.ts';
import { addNumber, type FieldMeaning, type FieldTable, type MetricName, numberOf, type RecordPlace } from '../fields.ts';
import { segment } from '../json-pointer.ts';
import { type JsonObject, LiteralNumber } from '../json-value.ts';
import { isSettingName } from '../labels.ts';
import { statisticFromName } from '../statistic-from-name.ts';
import { unitFromName } from '../unit-from-name.ts';

/** Latencies as benchmarks of servers abbreviate them, in the names of their fields → what is measured, over what. */
export type Families = Readonly<Record<string, { metric: MetricName; over: Over }>>;

/** How the names of such fields end, and the unit that this means: vLLM and SGLang write `_ms`, InferenceX nothing, for seconds. */
export type TimeSpelling = { suffix: string; unit: string };
export const MILLISECONDS: TimeSpelling = { suffix: '_ms', unit: 'ms' };

/** What the first word of such a field, or of a printed line, says: `mean`, `p99.9`; null where it is no statistic. */
export function servingStatistic(word: string): string | null {
  if (Object.hasOwn(STATISTICS, word)) return STATISTICS[word] ?? null;
  const [, digits] = /^p(\d{1,3}(?:\.\d{1,6})?)$/.exec(word) ?? [];
  if (digits === undefined || Number(digits) > 100) return null;
  const percentile = Number(digits);
  return percentile === 100 ? 'max' : percentile === 0 ? 'min' : percentile === 50 ? 'median' : `p${percentile}`;
}

/** numpy's `std` is over the population. */
const STATISTICS: Readonly<Record<string, string>> = { mean: 'mean', median: 'median', std: 'stddev', min: 'min', max: 'max' };

/** The statistics of latencies that a table lists; `--metric-percentiles` makes others, which are read alike. */
const LISTED = ['mean', 'median', 'std', 'p90', 'p95', 'p99', 'max'];

/** Fields of latencies as a table that people read: `mean_ttft_ms`, … */
export function latencyTable(families: Families, { suffix, unit }: TimeSpelling): FieldTable {
  const rows = Object.entries(families).flatMap(([short, meaning]) =>
    LISTED.map((word): [string, FieldMeaning] => [
      `${word}_${short}${suffix}`,
      { ...meaning, statistic: servingStatistic(word) ?? 'value', unit },
    ]),
  );
  return Object.fromEntries(rows);
}

/**
 * The fields of an object that are statistics of latencies, whichever percentiles were asked for: `p99.9_ttft_ms`. Where a `p50`
 * stands beside a median it is not a second median.
 */
export function latencyFieldsOf(object: JsonObject, families: Families, spelling: TimeSpelling): FieldTable {
  const table: Record<string, FieldMeaning> = {};
  for (const key of Object.keys(object)) {
    const field = latencyField(key, families, spelling);
    if (field === null) continue;
    const second = key.startsWith('p') && field.statistic === 'median' && Object.hasOwn(object, `median_${field.short}${spelling.suffix}`);
    table[key] = { metric: field.metric, over: field.over, statistic: second ? 'p50' : field.statistic, unit: spelling.unit };
  }
  return table;
}

/** What a field of a latency means, by its name; null where it is none. */
export function latencyField(
  key: string,
  families: Families,
  { suffix }: TimeSpelling,
): { short: string; metric: MetricName; over: Over; statistic: string } | null {
  if (key.length > 64 || !key.endsWith(suffix)) return null;
  const stem = key.slice(0, key.length - suffix.length);
  const end = stem.indexOf('_');
  const short = stem.slice(end + 1);
  const family = end > 0 && Object.hasOwn(families, short) ? families[short] : undefined;
  const statistic = servingStatistic(stem.slice(0, end));
  return family === undefined || statistic === null ? null : { short, statistic, metric: family.metric, over: family.over };
}

/** Numbers under keys that a format does not know and that name no setting: kept under their own name, with the unit that it states. */
export function addUnknownNumbers(extract: Extract, object: JsonObject, known: (key: string) => boolean, place: RecordPlace): void {
  for (const key of Object.keys(object)) {
    const value = object[key];
    if (known(key) || isSettingName(key) || (numberOf(value) === null && !(value instanceof LiteralNumber))) continue;
    const meaning: FieldMeaning = { metric: 'own', statistic: statisticFromName(key), unit: unitFromName(key) };
    addNumber(extract, object[key], meaning, { labels: place.labels, failed: place.failed ?? false, pointer: place.at + segment(key) });
  }
}
