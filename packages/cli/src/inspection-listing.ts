import { counted, type Measurement } from '@chimera/shared/domain';
import type { Inspection } from './inspection.ts';
import { cut, visible } from './visible.ts';

/** What is shown of one file unless all is asked for; of raw values that follow each other only the first few. */
const MOST = { rows: 40, alike: 3, failed: 5 } as const;
const HEAD = ['METRIC', 'STATISTIC', 'VALUE', 'N, OVER', 'LABELS', 'POINTER'];
/** Characters of a cell, by column. A value is never cut: half a number is another one. */
const WIDEST = [48, 12, Number.POSITIVE_INFINITY, 24, 48, 64] as const;

/** One file as a terminal shows it, line by line, without line ends; `all`: nothing is left out or shortened. */
export function* inspectionListing(inspection: Inspection, all: boolean): Generator<string> {
  yield `${visible(inspection.path)}  ${inspection.kind}  ${inspection.format}`;
  if (inspection.status === 'refused') {
    yield `  refused: ${visible(inspection.reason)}`;
    return;
  }
  const { warnings, failed, measurements, records } = inspection;
  yield `  ${measurements.length === 0 ? 'no measurements' : counted(measurements.length, 'measurement')}, ${counted(records, 'record')}${failed.length === 0 ? '' : `, ${failed.length} failed`}`;
  for (const warning of warnings) yield `  warning: ${visible(warning)}`;
  for (const { pointer, reason } of failed.slice(0, all ? failed.length : MOST.failed))
    yield `  failed: ${visible(pointer || 'the whole file')}: ${visible(reason)}`;
  if (!all && failed.length > MOST.failed) yield `  … and ${failed.length - MOST.failed} more failed; --all lists them`;
  if (measurements.length > 0) yield* table(measurements, all);
}

function* table(measurements: readonly Measurement[], all: boolean): Generator<string> {
  const common = commonLabels(measurements);
  if (Object.keys(common).length > 0) yield `  labels of all: ${visible(labelsText(common))}`;
  const shown = all ? measurements : shortened(measurements);
  const widths = HEAD.map(() => 0);
  for (const one of shown)
    for (const [column, cell] of rowOf(one, common, all).entries())
      widths[column] = Math.max(widths[column] ?? 0, Math.min(cell.length, MOST_PADDED));
  yield line(HEAD, widths);
  for (const one of shown) yield line(rowOf(one, common, all), widths);
  if (shown.length < measurements.length)
    yield `  … and ${measurements.length - shown.length} more; --all lists them, and --json gives them`;
}

/** A longer cell moves what is behind it, in its own line alone. */
const MOST_PADDED = 64;

/** A line of the table; a column without a cell is left out. */
function line(cells: readonly string[], widths: readonly number[]): string {
  const shown = cells.flatMap((cell, column) =>
    widths[column] === 0 ? [] : [cell.padEnd(Math.max(widths[column] ?? 0, HEAD[column]?.length ?? 0))],
  );
  return `  ${shown.join('  ').trimEnd()}`;
}

function rowOf(
  { metric, statistic, value, text, unit, n, over, labels, pointer, failed }: Measurement,
  common: Labels,
  all: boolean,
): string[] {
  const own = Object.fromEntries(Object.entries(labels).filter(([name]) => !Object.hasOwn(common, name)));
  return [
    failed ? `${metric} (failed)` : metric,
    statistic,
    `${text ?? value}${unit === null ? '' : ` ${unit}`}`,
    [n, over].filter((part) => part !== null && part !== undefined).join(' '),
    labelsText(own),
    pointer,
  ].map((cell, column) => (all ? visible(cell) : cut(cell, WIDEST[column] ?? 0)));
}

/** The first measurements, and of each row of the same kind the first few: a thousand raw values tell no more than three. */
function shortened(measurements: readonly Measurement[]): Measurement[] {
  const rows: Measurement[] = [];
  let alike = 0;
  for (const [index, one] of measurements.entries()) {
    const before = measurements[index - 1];
    const same =
      before?.metric === one.metric && before.statistic === one.statistic && before.labels === one.labels && before.failed === one.failed;
    alike = same ? alike + 1 : 1;
    if (alike <= MOST.alike) rows.push(one);
    if (rows.length === MOST.rows) break;
  }
  return rows;
}

type Labels = Readonly<Record<string, string>>;

/** The labels that every measurement has with the same value. */
function commonLabels(measurements: readonly Measurement[]): Labels {
  let common: Labels = measurements[0]?.labels ?? {};
  let last = common;
  for (const { labels } of measurements) {
    // Measurements of one record share the object.
    if (labels === last) continue;
    last = labels;
    common = Object.fromEntries(Object.entries(common).filter(([name, value]) => Object.hasOwn(labels, name) && labels[name] === value));
  }
  return common;
}

function labelsText(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ');
}
