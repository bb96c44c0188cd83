import { historyChangeClaim, historySeriesClaim, historySeriesName } from '@chimera/evidence';
import { counted, instantText, numberText, shortId } from '@chimera/shared/domain';
import { visible } from '../visible.ts';
import { presenceOf, type ToldHistory, type ToldSeries } from './told-history.ts';

/** Inventories of a series that are shown unless all are asked for: the newest. */
const MOST_POINTS = 20;
const HEAD = ['INVENTORY', 'TAKEN', 'MEDIAN', 'N', 'VERSIONS'];

/** A dataset's history as a terminal shows it, in pieces; `all`: every inventory of each series. */
export async function* historyListing(
  { dataset, inventories, series, unread, current }: ToldHistory,
  all: boolean,
): AsyncGenerator<string> {
  const [first] = inventories;
  const changes = series.reduce((n, one) => n + one.series.changes.length, 0);
  const since = first === undefined ? '' : ` since ${instantText(first.takenAt)}`;
  yield `${visible(dataset)}: ${counted(inventories.length, 'inventory', 'inventories')}${since}, ${counted(series.length, 'series', 'series')}, ${counted(changes, 'change')} of level\n`;
  for (const { inventory, reason } of unread)
    yield `inventory ${shortId(inventory)} is left out: what is kept of it cannot be read (${visible(reason)})\n`;
  if ('reason' in current)
    yield `what the current inventory holds is not known: its evidence cannot be read (${visible(current.reason)})\n`;
  for (const one of series) yield `\n${seriesLines(one, all).join('\n')}\n`;
}

function seriesLines(told: ToldSeries, all: boolean): string[] {
  const { series } = told;
  const { points, changes, unit } = series;
  const marks = new Map(changes.map((change) => [change.broughtBy.inventory, change]));
  const shown = all ? points : points.slice(-MOST_POINTS);
  const rows = shown.map(({ inventory, takenAt, value, n, versions }) => {
    const change = marks.get(inventory);
    const mark =
      change === undefined
        ? ''
        : `<- ${change.after.mean > change.before.mean ? 'rose' : 'fell'}${change.verdict === null ? '' : `: ${change.verdict}`}`;
    const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
    return [shortId(inventory), instantText(takenAt), `${numberText(value)} ${unit}`, String(n), named.join(', '), mark];
  });
  const widths = HEAD.map((title, i) =>
    Math.max(rows.some((row) => row[i] !== '') ? title.length : 0, ...rows.map((row) => row[i]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `  ${cells
      .flatMap((cell, i) => (widths[i] === 0 ? [] : [cell.padEnd(widths[i] ?? 0)]))
      .join('  ')
      .trimEnd()}`;
  const left = points.length - shown.length;
  return [
    historySeriesName(series),
    ...(left > 0 ? [`  … ${counted(left, 'earlier inventory', 'earlier inventories')}; --all lists them, and --json gives them`] : []),
    line(HEAD),
    ...rows.map(line),
    ...changes.map((change) => `  ${historyChangeClaim(series, change, presenceOf(told))}`),
    `  ${historySeriesClaim(series, presenceOf(told))}`,
  ].map((text) => visible(text));
}
