import { describe, expect, it } from 'vitest';
import { parseCampaign } from './campaign-file.ts';
import { dueRuns } from './due.ts';
import { entryOf, type JournalEntry } from './entry.ts';
import { planOf } from './plan.ts';
import { CAMPAIGN, outcomeOf } from './testing.ts';

const file = parseCampaign(CAMPAIGN, '/campaigns/a.yaml');
const [run] = planOf(file);
if (run === undefined) throw new Error('The campaign has no run.');

function failed(attempt: number): JournalEntry {
  const outcome = outcomeOf({ fault: 'It failed.' });
  return entryOf({
    file,
    run: run as NonNullable<typeof run>,
    attempt,
    id: 'a'.repeat(64),
    inventory: 'b'.repeat(64),
    outcome,
    digests: new Map(),
  });
}

describe('dueRuns', () => {
  it('counts the tries of a run, up to as many as there may be', () => {
    expect(dueRuns([run], [], 3)).toEqual([{ run, attempt: 1 }]);
    expect(dueRuns([run], [failed(1)], 3)).toEqual([{ run, attempt: 2 }]);
    expect(dueRuns([run], [failed(1), failed(2), failed(3)], 3)).toEqual([]);
  });

  it('goes on behind the last try where an earlier one was taken out of the journal', () => {
    expect(dueRuns([run], [failed(2)], 3)).toEqual([{ run, attempt: 3 }]);
  });
});
