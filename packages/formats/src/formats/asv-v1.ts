import { hasKeys } from '../documents.ts';
import type { Extract } from '../extract.ts';
import { type FieldTable, listAt, numberOf, plainNumber } from '../fields.ts';
import { segment } from '../json-pointer.ts';
import { isObject, type JsonObject } from '../json-value.ts';
import { failAsv, readAsvBenchmark } from './asv-benchmark.ts';
import { executionTimes } from './execution-time.ts';
import { countOf } from './tool-reports.ts';

const time = executionTimes('s');

/** What stands beside a time, where it does. */
export const STATS = { min: time('min'), max: time('max'), mean: time('mean'), std: time('stddev') } as const satisfies FieldTable;

/** Whether an object is a file of results of version 1, which had no columns. */
export function isAsvV1(value: JsonObject): boolean {
  if (!hasKeys(value, 'version', 'commit_hash', 'python', 'params', 'results') || Object.hasOwn(value, 'result_columns')) return false;
  return plainNumber(value.version) === 1 && isObject(value.results) && isObject(value.params);
}

/** Reads one of its results: a number, or an object of `result`, `params`, `stats` and `samples`; null where the benchmark failed. */
export function readAsvV1Result(
  extract: Extract,
  result: unknown,
  { name, labels, at }: { name: string; labels: Record<string, string>; at: string },
): void {
  if (result === null || (isObject(result) && result.result === null)) failAsv(extract, result === null ? at : `${at}/result`, name);
  else if (numberOf(result) !== null) {
    const plain = { value: result, pointer: at, samples: [], samplesAt: at, n: null, stats: null, plain: true };
    readAsvBenchmark(extract, { name, labels, at, results: [plain], params: [] });
  } else if (isObject(result))
    readAsvBenchmark(extract, { name, labels, at, results: resultsOf(result, at), params: listAt(result, 'params') });
  // NaN, which is read as an empty text: it was skipped.
  else if (result !== '') extract.warnings.add('others', `${at}: no result that is known: it was not read`);
}

function resultsOf(object: JsonObject, at: string): Parameters<typeof readAsvBenchmark>[1]['results'] {
  const several = Array.isArray(object.result);
  const values = several ? listAt(object, 'result') : [object.result];
  return values.map((value, index) => {
    const place = (key: string): string => `${at}/${key}${Array.isArray(object[key]) ? `/${index}` : ''}`;
    const stats = Array.isArray(object.stats) ? object.stats[index] : index === 0 ? object.stats : null;
    const nested = listAt(object, 'samples')[index];
    const flat = !several && listAt(object, 'samples').some((one) => numberOf(one) !== null);
    return {
      value,
      pointer: several ? `${at}/result/${index}` : `${at}/result`,
      samples: flat ? listAt(object, 'samples') : Array.isArray(nested) ? nested : [],
      samplesAt: flat ? `${at}/samples` : `${at}/samples/${index}`,
      n: isObject(stats) ? countOf(stats.repeat) : null,
      stats: isObject(stats)
        ? { fields: STATS, read: (field) => ({ value: stats[field], pointer: place('stats') + segment(field) }) }
        : null,
      plain: !isObject(stats),
    };
  });
}
