import { CAMPAIGN_CALL_COLUMNS, CampaignRun } from '@chimera/shared/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseCampaign } from './campaign-file.ts';
import { entryOf, type JournalEntry } from './entry.ts';
import { callsCsv, resultFiles } from './results.ts';
import { CAMPAIGN, outcomeOf, runOf } from './testing.ts';

const file = parseCampaign(CAMPAIGN, '/campaigns/a.yaml');

function entry(ordinal: number, attempt: number): JournalEntry {
  const run = { ...runOf(), ordinal };
  return entryOf({ file, run, attempt, id: 'a'.repeat(64), inventory: 'b'.repeat(64), outcome: outcomeOf(), digests: new Map() });
}

/** Reads CSV after RFC 4180, character by character. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const at = text[i];
    if (quoted && at === '"' && text[i + 1] === '"') cell += text[++i];
    else if (at === '"') quoted = !quoted;
    else if (!quoted && (at === ',' || at === '\r')) {
      row.push(cell);
      cell = '';
      if (at === '\r') {
        expect(text[++i]).toBe('\n');
        rows.push(row);
        row = [];
      }
    } else cell += at;
  }
  expect([quoted, cell, row]).toEqual([false, '', []]);
  return rows;
}

describe('resultFiles', () => {
  it('has a line for each try in order of ordinal and attempt, the same bytes in whatever order they come', () => {
    const entries = [entry(10, 1), entry(2, 2), entry(2, 1), entry(1, 1)];
    const files = resultFiles(file, entries);
    expect(resultFiles(file, entries.toReversed())).toEqual(files);
    const lines = files['runs.jsonl'].split('\n');
    expect(lines.pop()).toBe('');
    const runs = lines.map((line) => CampaignRun.parse(JSON.parse(line)));
    expect(runs.map(({ ordinal, attempt }) => [ordinal, attempt])).toEqual([
      [1, 1],
      [2, 1],
      [2, 2],
      [10, 1],
    ]);
    expect(runs).toEqual([entries[3], entries[2], entries[1], entries[0]].map((one) => one?.line));
  });

  it('has the same bytes for a line whose fields come in another order', () => {
    const made = entry(1, 1);
    const { line } = made;
    const turned = { ...made, line: Object.fromEntries(Object.entries(line).toReversed()) as typeof line };
    expect(resultFiles(file, [turned])).toEqual(resultFiles(file, [made]));
    expect(resultFiles(file, [turned])['runs.jsonl']).toMatch(/^{"schema":"chimera.campaign-run\/v1","campaign":"settings","ordinal":1,/);
  });

  it('has a row for each call under the columns that its reader knows', () => {
    const [header, ...rows] = readCsv(resultFiles(file, [entry(2, 1), entry(1, 1)])['calls.csv']);
    expect(header).toEqual([...CAMPAIGN_CALL_COLUMNS]);
    expect(rows).toHaveLength(4);
    const row = Object.fromEntries(CAMPAIGN_CALL_COLUMNS.map((column, i) => [column, rows[0]?.[i]]));
    expect(row).toEqual({
      ordinal: '1',
      attempt: '1',
      outcome: 'measured',
      campaign_profile: 'baseline',
      arrangement: 'serial',
      start: 'warm',
      agent: 'collector',
      section: 'summary',
      repair: 'false',
      model: 'tiny:1b',
      server: 'http://127.0.0.1:11434',
      call_outcome: 'stop',
      started_at: '2026-01-02T03:04:05.000Z',
      slot_wait_s: '0',
      queue_s: '0',
      load_s: '0.03',
      time_to_first_token_s: '0.25',
      prompt_eval_s: '0.2',
      eval_s: '1.5',
      wall_s: '2',
      prompt_tokens: '500',
      output_tokens: '100',
      output_tok_per_s: String(100 / 1.5),
      energy_j: '',
      truncated: 'false',
    });
  });

  it('titles the dataset', () => {
    expect(parse(resultFiles(file, [])['chimera.yaml'])).toEqual({ title: 'Campaign settings' });
    expect(parse(resultFiles({ ...file, title: 'a: "b" # c' }, [])['chimera.yaml'])).toEqual({ title: 'a: "b" # c' });
  });

  it('keeps any name whole', () => {
    const [call] = entry(1, 1).calls;
    if (call === undefined) throw new Error('no call');
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('', ',', '"', '\n', '\r\n', '""'), (some, special) => {
        const campaign_profile = `${some}${special}${some}`;
        const [, row] = readCsv(callsCsv([{ ...call, campaign_profile }]));
        expect(row?.[CAMPAIGN_CALL_COLUMNS.indexOf('campaign_profile')]).toBe(campaign_profile);
        expect(row).toHaveLength(CAMPAIGN_CALL_COLUMNS.length);
      }),
    );
  });
});
