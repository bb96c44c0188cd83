import { describe, expect, it } from 'vitest';
import { parseCampaign } from './campaign-file.ts';
import { entryOf, type JournalEntry } from './entry.ts';
import { foreignTry } from './foreign-try.ts';
import { planOf } from './plan.ts';
import { CAMPAIGN, outcomeOf } from './testing.ts';

const file = parseCampaign(CAMPAIGN, '/campaigns/a.yaml');
const INVENTORY = 'b'.repeat(64);

function entry(ordinal: number, line: Partial<JournalEntry['line']> = {}): JournalEntry {
  const run = planOf(file)[ordinal - 1];
  if (run === undefined) throw new Error(`There is no run ${ordinal}.`);
  const made = entryOf({ file, run, attempt: 1, id: 'a'.repeat(64), inventory: INVENTORY, outcome: outcomeOf(), digests: new Map() });
  return { ...made, line: { ...made.line, ...line } };
}

describe('foreignTry', () => {
  it('finds none among the tries of a plan, of runs that were added, and of tries again', () => {
    const first = entry(1, { outcome: 'excluded' });
    expect(foreignTry(file, [first, entry(1, { attempt: 2 }), entry(2), entry(6, { ordinal: 7, repeat: 4 })], INVENTORY)).toBeNull();
  });

  it.each([
    ['another campaign', entry(2, { campaign: 'other' }), '00002-1: it is of the campaign other.'],
    ['other artifacts', entry(2, { inventory: 'c'.repeat(64) }), '00002-1: it is of a run over other artifacts.'],
    ['another place in the plan', entry(2, { repeat: 3 }), 'as run 2.'],
    ['a profile that the file does not have', entry(3, { ordinal: 9, profile: 'tuned' }), 'tuned, '],
    ['a run that was measured before', entry(1, { attempt: 2 }), '00001-2: run 1 was measured in an earlier try already.'],
  ])('names a try of %s, and says what to do', (_, foreign, why) => {
    const sentence = foreignTry(file, [entry(1), foreign], INVENTORY);
    expect(sentence).toContain(why);
    expect(sentence).toContain('Move it out of the journal');
  });
});
