import type { Extract } from '../extract.ts';
import { addLabel, addNumber, type FieldMeaning, type FieldTable, numberOf } from '../fields.ts';

const over = 'repetitions';

/** What a benchmark measures, by the last part of its name. */
export const PREFIXES: FieldTable = {
  time_: { metric: 'execution_time', statistic: 'median', unit: 's', over },
  timeraw_: { metric: 'execution_time', statistic: 'median', unit: 's', over },
  peakmem_: { metric: 'peak_memory', statistic: 'value', unit: 'bytes' },
  mem_: { metric: 'own', statistic: 'value', unit: 'bytes' },
  track_: { metric: 'own', statistic: 'value', unit: null, note: 'its unit is in `benchmarks.json`' },
};

/** The result of one combination of parameters. */
export type AsvResult = {
  value: unknown;
  pointer: string;
  samples: readonly unknown[];
  samplesAt: string;
  /** how many samples there were, where the file says it beside the result */
  n: number | null;
  /** what the file says of them besides, with what it means */
  stats: { fields: FieldTable; read: (field: string) => { value: unknown; pointer: string } } | null;
  /** the file does not say of which kind the time is */
  plain?: boolean;
};

export type AsvBenchmark = {
  name: string;
  labels: Record<string, string>;
  at: string;
  results: readonly AsvResult[];
  /** the values of each parameter */
  params: readonly unknown[];
};

/** More parameters than anybody sets; each is on every number. */
const PARAMS = 64;

/** Keeps a benchmark as a failed record. */
export function failAsv(extract: Extract, pointer: string, name: string): void {
  extract.records += 1;
  extract.fail({ pointer, reason: `the benchmark failed ("${name.slice(0, 80)}")` });
}

/** Reads the results of a benchmark: one for each combination of its parameters. */
export function readAsvBenchmark(extract: Extract, { name, labels, at, results, params }: AsvBenchmark): void {
  if (params.length > PARAMS) {
    extract.warnings.add('others', `${at}: ${params.length} parameters, where ${PARAMS} are more than anybody sets: it was not read`);
    return;
  }
  const combinations = product(
    params.map((one) => (Array.isArray(one) ? one : [])),
    results.length,
  );
  if (combinations === null) {
    extract.warnings.add('others', `${at}: ${results.length} results for other combinations of parameters: it was not read`);
    return;
  }
  const meaning = meaningOf(name);
  const metric = meaning.metric === 'own' ? name.slice(0, 200) : undefined;
  for (const [index, result] of results.entries()) {
    const { value, pointer, samples, samplesAt, stats } = result;
    if (value === null) failAsv(extract, pointer, name);
    if (numberOf(value) === null) continue;
    const own: Record<string, string> = { ...labels };
    addLabel(own, 'test', name, extract);
    for (const [place, param] of (combinations[index] ?? []).entries()) addLabel(own, `param${place + 1}`, param, extract);
    extract.records += 1;
    const n = samples.length > 0 ? samples.length : result.n;
    const timed = meaning.statistic === 'median';
    const ofRun: FieldMeaning = timed && result.plain ? { ...meaning, statistic: 'value', over: 'runs' } : meaning;
    addNumber(extract, value, ofRun, { labels: own, n: ofRun.statistic === 'median' ? n : null, pointer }, metric);
    if (timed && stats !== null)
      for (const [field, what] of Object.entries(stats.fields)) {
        const stated = stats.read(field);
        addNumber(extract, stated.value, what, { labels: own, n, pointer: stated.pointer });
      }
    for (const [place, one] of samples.entries())
      addNumber(extract, one, { ...meaning, statistic: 'value' }, { labels: own, pointer: `${samplesAt}/${place}` }, metric);
  }
}

/** By the last part of a name: `package.Class.time_sort`. */
function meaningOf(name: string): FieldMeaning {
  const last = name.slice(name.lastIndexOf('.') + 1);
  const prefix = Object.keys(PREFIXES).find((one) => last.startsWith(one));
  return (prefix === undefined ? undefined : PREFIXES[prefix]) ?? { metric: 'own', statistic: 'value', unit: null };
}

/** All combinations of parameters, the last changing fastest; null where there are not as many as results. */
function product(lists: readonly (readonly unknown[])[], wanted: number): unknown[][] | null {
  let all: unknown[][] = [[]];
  for (const list of lists) {
    if (all.length * list.length > wanted) return null;
    all = all.flatMap((begin) => list.map((one) => [...begin, one]));
  }
  return all.length === wanted || wanted === 0 ? all : null;
}
