import { CAMPAIGN_CALL_COLUMNS, CAMPAIGN_CALL_UNITS, isCampaignCallMetric, isCanonical } from '@chimera/shared/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readArtifact } from '../read-artifact.ts';
import { readText } from './reading-for-test.ts';

const HEADER =
  'ordinal,attempt,outcome,campaign_profile,arrangement,start,agent,section,repair,model,server,call_outcome,started_at,slot_wait_s,queue_s,load_s,time_to_first_token_s,prompt_eval_s,eval_s,wall_s,prompt_tokens,output_tokens,output_tok_per_s,energy_j,truncated';
const TEXT = `${HEADER}
16,1,measured,a,serial,warm,collector,coverage,false,gemma3:4b,http://127.0.0.1:11434,stop,2026-01-02T03:04:05.678Z,0,0.25,0.125,0.5,0.375,4.25,5.125,1029,412,96.5,640.25,false
16,1,measured,a,serial,warm,insight,risks,true,gemma3:4b,http://127.0.0.1:11434,length,2026-01-02T03:04:11.000Z,0.5,,0.125,0.5,0.375,8.5,9.25,2058,824,97,,true
17,1,excluded,a,parallel,warm,collector,coverage,false,gemma3:4b,http://127.0.0.1:11434,connection_lost,2026-01-02T03:05:00.000Z,0.25,,,,,,1.5,,,,,
17,2,measured,a,parallel,warm,collector,coverage,false,"gemma3:4b, tuned",http://127.0.0.1:11434,timeout,2026-01-02T03:06:00.000Z,0.25,,,,,,60.5,,,,,
`;

describe("a campaign's calls.csv", () => {
  it('has the columns that a campaign writes', () => {
    expect(CAMPAIGN_CALL_COLUMNS.join()).toBe(HEADER);
  });

  it('is read under names of its own, with units and labels', () => {
    const reading = readText('calls.csv', TEXT);
    expect(reading).toMatchObject({ kind: 'csv', format: 'chimera-campaign' });
    expect(reading.at('line 2 column wall_s')).toEqual({
      metric: 'call_wall_s',
      statistic: 'value',
      value: 5.125,
      text: null,
      unit: 's',
      n: null,
      over: 'requests',
      labels: { arrangement: 'serial', start: 'warm', campaign_profile: 'a', agent: 'collector', model: 'gemma3:4b' },
      pointer: 'line 2 column wall_s',
      failed: false,
    });
    const first = reading.measurements.filter(({ pointer }) => pointer.startsWith('line 2 '));
    expect(first.map(({ metric, value, unit }) => `${metric} ${value} ${unit}`)).toEqual([
      'call_slot_wait_s 0 s',
      'call_queue_s 0.25 s',
      'call_load_s 0.125 s',
      'call_time_to_first_token_s 0.5 s',
      'call_prompt_eval_s 0.375 s',
      'call_eval_s 4.25 s',
      'call_wall_s 5.125 s',
      'call_prompt_tokens 1029 tokens',
      'call_output_tokens 412 tokens',
      'call_output_tok_per_s 96.5 tok/s',
      'call_energy_j 640.25 J',
    ]);
    expect(first).toHaveLength(Object.keys(CAMPAIGN_CALL_UNITS).length);
    for (const { metric } of reading.measurements)
      expect([metric, isCanonical(metric), isCampaignCallMetric(metric)]).toEqual([metric, false, true]);
    expect(isCampaignCallMetric('call_section')).toBe(false);
  });

  it('marks the calls of excluded runs without making records of them, and fails calls without an answer', () => {
    const reading = readText('calls.csv', TEXT);
    expect(reading.records).toBe(3);
    expect(reading.failed).toEqual([
      { pointer: 'line 5', reason: 'a call of run 17, try 2 (collector, section coverage) got no answer: it ended with "timeout"' },
    ]);
    const failed = reading.measurements.filter(({ failed }) => failed).map(({ pointer }) => pointer);
    expect(failed).toEqual(['line 4 column slot_wait_s', 'line 4 column wall_s', 'line 5 column slot_wait_s', 'line 5 column wall_s']);
    expect(reading.warnings).toEqual([
      '1 call of runs that do not count (run 17, try 1) is marked failed; runs.jsonl says why',
      'the server cut the prompt of 1 call of 3',
    ]);
    expect(reading.at('line 5 column wall_s')?.labels.model).toBe('gemma3:4b, tuned');
  });

  it('reads what a newer version adds, and says which cells are no numbers', () => {
    const [header, row] = TEXT.split('\n');
    const reading = readText('calls.csv', `${header},gap_ms,note\n${row?.replace(',0.25,0.125,', ',soon,0.125,')},12.5,fine\n`);
    expect(reading.at('line 2 column gap_ms')).toMatchObject({ metric: 'call_gap_ms', value: 12.5, unit: 'ms' });
    expect(reading.at('line 2 column note')).toBeUndefined();
    expect(reading.warnings).toEqual(['line 2 column queue_s: "soon" is no number: it was not read']);
  });

  it('is none where columns are missing', () => {
    expect(readText('other.csv', 'ordinal,attempt,outcome,wall_s\n1,1,measured,2.5\n').format).toBe('generic');
  });

  it('yields no other number where it is cut off', () => {
    const bytes = Buffer.from(TEXT);
    const shown = (one: object) => JSON.stringify(one);
    const whole = new Set(readText('calls.csv', TEXT).measurements.map(shown));
    for (let end = HEADER.length; end < bytes.length; end += 1) {
      const reading = readArtifact({ path: 'calls.csv', bytes: bytes.subarray(0, end) });
      if (reading.status === 'refused') expect(reading.reason).not.toContain('fault of its own');
      else for (const one of reading.measurements) expect(whole).toContain(shown(one));
    }
  });

  it('never throws on any cells, and makes of none a number of a metric that is judged', () => {
    const cell = fc.oneof(fc.constantFrom('measured', 'excluded', 'stop', 'true', '', '1', '-2.5', '1e999', '1,5', '3 ms'), fc.string());
    const row = fc.array(cell, { minLength: CAMPAIGN_CALL_COLUMNS.length, maxLength: CAMPAIGN_CALL_COLUMNS.length });
    const line = (cells: readonly string[]) => cells.map((text) => `"${text.replaceAll('"', '""')}"`).join();
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 4 }), (rows) => {
        const reading = readArtifact({ path: 'calls.csv', bytes: Buffer.from(`${[HEADER, ...rows.map(line)].join('\n')}\n`) });
        if (reading.status === 'refused') return expect(reading.reason).not.toContain('fault of its own');
        expect(reading.format).toBe('chimera-campaign');
        expect(reading.records).toBeGreaterThanOrEqual(reading.failed.length);
        for (const { metric } of reading.measurements) expect(isCampaignCallMetric(metric)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
