import type { World } from './worlds.ts';

/** What a fault is of; its class has the target. */
export const FAULTS = {
  'digit swap': 'value',
  '×10': 'value',
  '×1000': 'value',
  '÷1000': 'value',
  sign: 'value',
  'wrong rounding': 'value',
  'off-by-one count': 'value',
  'wrong N of M': 'value',
  'unit: ms ↔ s': 'unit',
  'unit: decimal ↔ binary': 'unit',
  'unit: tok/s ↔ req/s': 'unit',
  'unit: % ↔ points': 'unit',
  'unit: W ↔ J': 'unit',
  'date: day': 'date',
  'date: month': 'date',
  'date: year': 'date',
  'date: of another kind or file': 'date',
  'neighbouring column': 'binding',
  "another configuration's value": 'binding',
  'stale run': 'binding',
  'min for max': 'binding',
  'mean for median': 'binding',
  'another percentile': 'binding',
  'reversed comparison': 'comparison',
  'inverted ratio': 'comparison',
} as const;
export type FaultKind = keyof typeof FAULTS;
export type FaultClass = (typeof FAULTS)[FaultKind];

/** Text with the place marked that is at issue: what stands between the marks is what a fault changes. */
export type Marked = { page: string; targets: readonly { start: number; end: number }[] };

/** A true sentence, as a page of its own, with false ones made of it. */
export type Draft = { world: World; template: string; right: Marked; faults: readonly { kind: FaultKind; wrong: Marked }[] };

const [OPEN, CLOSE] = ['\ue000', '\ue001'];

/** Marks a piece of a template as what is at issue. */
export function target(text: string): string {
  return `${OPEN}${text}${CLOSE}`;
}

/** Takes the marks out of a text and remembers where they stood. */
export function marked(text: string): Marked {
  const targets: { start: number; end: number }[] = [];
  let page = '';
  let start = 0;
  for (const character of text) {
    if (character === OPEN) start = page.length;
    else if (character === CLOSE) targets.push({ start, end: page.length });
    else page += character;
  }
  return { page, targets };
}
