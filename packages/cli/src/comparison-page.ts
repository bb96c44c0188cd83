import type { Block, Inline } from '@chimera/shared/domain';
import { type Comparison, NONE, type Row } from './comparison.ts';
import { visible } from './visible.ts';

const text = (words: string): Inline => ({ type: 'text', text: visible(words) });
const strong = (words: string): Inline => ({ type: 'strong', text: words });
/** What artifacts say, never read as markup. */
const code = (words: string): Inline => ({ type: 'code', text: visible(words) });

/** A comparison as a page, whole. */
export function comparisonPage({ of, to, sum, common, rows, added, gone, lost, caveats, legend }: Comparison): Block[] {
  const page: Block[] = [
    { type: 'heading', level: 2, text: visible(`${of} against ${to}`) },
    { type: 'paragraph', line: [text(sum)] },
  ];
  if (rows.length > 0) {
    if (common !== '') page.push({ type: 'paragraph', line: [text('In all: '), code(common)] });
    page.push({
      type: 'table',
      head: ['Verdict', 'Metric', 'Configuration', 'Before', 'After', 'Change', '95 % interval', 'File'],
      rows: rows.map(cellsOf),
    });
  }
  for (const [names, what] of [
    [added, `New in ${of}:`],
    [gone, `Gone since ${to}:`],
    [lost, `No longer stated since ${to}:`],
  ] as const) {
    if (names.length === 0) continue;
    page.push({ type: 'paragraph', line: [text(what)] });
    page.push({ type: 'list', ordered: false, items: names.map((name) => [code(name)]) });
  }
  if (caveats.length > 0) {
    page.push({ type: 'paragraph', line: [text('Beware:')] });
    page.push({ type: 'list', ordered: false, items: caveats.map((caveat) => [text(caveat)]) });
  }
  if (rows.length > 0) page.push(...legend.map((line): Block => ({ type: 'paragraph', line: [text(line)] })));
  return page;
}

function cellsOf({ verdict, told, metric, configuration, before, after, change, interval, file }: Row): Inline[][] {
  const isTold = verdict === 'worse' || verdict === 'better';
  return [
    [isTold ? strong(told) : text(told)],
    [text(metric)],
    [configuration === NONE ? text(configuration) : code(configuration)],
    ...[before, after, change, interval].map((cell) => [text(cell)]),
    [code(file)],
  ];
}
