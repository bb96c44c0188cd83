import { type Measurement, printableJson } from '@chimera/shared/domain';
import type { Inspection } from './inspection.ts';

/**
 * One document over all files, in pieces, because that of a large file is longer than a string can be: each measurement on a line
 * of its own.
 */
export async function* inspectionJson(inspections: AsyncIterable<Inspection>): AsyncGenerator<string> {
  let first = true;
  yield '[';
  for await (const inspection of inspections) {
    yield first ? '\n ' : ',\n ';
    first = false;
    yield* artifactJson(inspection);
  }
  yield '\n]\n';
}

function* artifactJson(inspection: Inspection): Generator<string> {
  const { path, kind, format, status } = inspection;
  const head = { path, kind, format, status };
  const cut = inspection.cut === true ? { cut: true } : {};
  if (inspection.status === 'refused') {
    yield json({ ...head, reason: inspection.reason, ...cut, warnings: [], failed: [], measurements: [] });
    return;
  }
  const { warnings, records, failed, measurements } = inspection;
  yield json({ ...head, ...cut, warnings, records, failed }).replace(/\}$/, ',"measurements":[');
  for (const [index, measurement] of measurements.entries()) yield `${index === 0 ? '' : ','}\n  ${json(measurementJson(measurement))}`;
  yield ']}';
}

/** What is null or false says nothing, and a file may hold a million of them: only the unit says by null that it is unknown. */
function measurementJson({ metric, statistic, value, text, unit, n, over, labels, pointer, failed }: Measurement) {
  return {
    metric,
    statistic,
    value,
    ...(text === null ? {} : { text }),
    unit,
    ...(n === null ? {} : { n }),
    ...(over === undefined ? {} : { over }),
    labels,
    pointer,
    ...(failed ? { failed } : {}),
  };
}

function json(value: unknown): string {
  return printableJson(JSON.stringify(value));
}
