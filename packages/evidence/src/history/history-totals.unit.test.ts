import { expect, it } from 'vitest';
import { totalFacts } from './history-totals.ts';

const moment = (sequence: number) => ({ inventory: `${sequence}`.repeat(64), sequence, takenAt: '2026-11-01T06:00:00.000Z' });
const totals = { series: 40, told: 40, changed: 0, changes: 0, needed: 0 };

it.each([
  ['nightly', 'nightly'],
  ['(root)', "'(root)'"],
  ['two words', "'two words'"],
  ["it's", "'it'\\''s'"],
  ['-x', '-- -x'],
])('totalFacts name the command for dataset %s as a shell takes it', (dataset, argument) => {
  const facts = totalFacts(dataset, [moment(1), moment(2)], 12, totals, { changes: 0, steady: 20 });
  expect(facts.at(-1)?.claim).toBe(`20 further series without a change are listed by "chimera history ${argument}" alone.`);
});
