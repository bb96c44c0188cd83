import { CAMPAIGN_FIELDS, CAMPAIGN_RUN_SCHEMA, CampaignRun } from '@chimera/shared/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readArtifact } from '../read-artifact.ts';
import { readText } from './reading-for-test.ts';

const HASH = 'a1'.repeat(32);

/** A line as the schema wants it, of run 17; the tests change what they are about. */
const LINE = {
  schema: CAMPAIGN_RUN_SCHEMA,
  campaign: 'layers',
  ordinal: 17,
  repeat: 3,
  attempt: 1,
  run: HASH,
  inventory: HASH,
  profile: 'a',
  arrangement: 'parallel',
  start: 'warm',
  agents: ['collector', 'insight'],
  servers: ['http://127.0.0.1:11434'],
  startedAt: '2026-01-02T03:04:05.678Z',
  outcome: 'measured',
  reason: null,
  labels: {
    campaign_profile: 'a',
    arrangement: 'parallel',
    start: 'warm',
    agents: 'collector, insight',
    engine: 'ollama',
    engine_version: '0.13.1',
    model: 'gemma3:4b',
    quantization: 'Q4_K_M',
    num_gpu: 'collector 60, insight 120',
    context_in_force: '4096',
    layers_on_gpu: '35',
    server: 'http://127.0.0.1:11434',
  },
  measured: {
    wall_clock: { value: 27.125, unit: 's' },
    output_token_throughput: { value: 78.5, unit: 'tok/s' },
    output_tokens: { value: 2129, unit: 'tokens' },
    repairs: { value: 0, unit: 'calls' },
  },
  warnings: [],
};

const jsonl = (...lines: object[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join('');
const numbersOf = (text: string, path = 'runs.jsonl') =>
  readText(path, text).measurements.map(({ pointer, value, failed }) => [pointer, value, failed]);

describe("a campaign's runs.jsonl", () => {
  it('is read number by number, with metric, unit, labels and pointer', () => {
    expect(CampaignRun.safeParse(LINE).error).toBeUndefined();
    const reading = readText('runs.jsonl', jsonl({ ...LINE, ordinal: 16 }, LINE));
    expect(reading).toMatchObject({ kind: 'jsonl', format: 'chimera-campaign', records: 2, failed: [], warnings: [] });
    expect(reading.measurements).toHaveLength(8);
    expect(reading.at('line 2 /measured/wall_clock/value')).toEqual({
      metric: 'execution_time',
      statistic: 'value',
      value: 27.125,
      text: null,
      unit: 's',
      n: null,
      over: 'runs',
      labels: { ...LINE.labels, campaign: 'layers', inventory: 'a1a1a1a1a1a1' },
      pointer: 'line 2 /measured/wall_clock/value',
      failed: false,
    });
    expect(reading.at('line 2 /measured/output_tokens/value')).toMatchObject({ metric: 'output_tokens', value: 2129, unit: 'tokens' });
    expect(reading.at('line 1 /measured/repairs/value')).toMatchObject({ metric: 'repairs', value: 0, unit: 'calls' });
  });

  it('knows every field of a campaign, each under its metric and in its unit', () => {
    const measured = Object.fromEntries(
      Object.entries(CAMPAIGN_FIELDS).map(([field, { unit }], index) => [field, { value: index + 1, unit }]),
    );
    const { measurements, warnings } = readText('runs.jsonl', jsonl({ ...LINE, measured }));
    expect(warnings).toEqual([]);
    expect(measurements.map(({ metric, unit }) => `${metric} ${unit}`)).toEqual([
      'execution_time s',
      'output_token_throughput tok/s',
      'time_per_output_token s',
      'time_to_first_token s',
      'load_duration s',
      'output_tokens tokens',
      'prompt_tokens tokens',
      'server_seconds s',
      'energy J',
      'sentences_survived ratio',
      'duties_fulfilled ratio',
      'repairs calls',
      'look looks',
    ]);
  });

  it.each([
    ['one.json', JSON.stringify(LINE), '/measured/wall_clock/value'],
    ['one.json', JSON.stringify(LINE, null, 2), '/measured/wall_clock/value'],
    ['all.json', JSON.stringify([LINE, { ...LINE, ordinal: 18 }]), '/1/measured/wall_clock/value'],
    ['runs.json', jsonl(LINE, { ...LINE, ordinal: 18 }), 'line 2 /measured/wall_clock/value'],
    ['runs', jsonl(LINE, { ...LINE, ordinal: 18 }), 'line 2 /measured/wall_clock/value'],
  ])('is recognised as %s, whatever its shape', (path, text, pointer) => {
    const reading = readText(path, text);
    expect(reading).toMatchObject({ format: 'chimera-campaign', failed: [] });
    expect(reading.at(pointer)).toMatchObject({ metric: 'execution_time', value: 27.125, failed: false });
  });

  it('is recognised where another line stands before it, and says what was not read', () => {
    const reading = readText('runs.jsonl', `{"ms": 1}\n${jsonl(LINE)}`);
    expect(reading).toMatchObject({ format: 'chimera-campaign', records: 1 });
    expect(reading.warnings).toEqual(['line 1 is no run of a campaign ("schema" is not chimera.campaign-run/v1): it was not read']);
    expect(readText('all.json', JSON.stringify([LINE, 5, 'x'])).warnings).toEqual([
      'the document: items of the list that are no objects were not read, 2 of them',
    ]);
    expect(readText('other.jsonl', '{"schema": "chimera.campaign-run/v2", "ms": 1}\n').format).toBe('generic');
  });

  it('marks the numbers of an excluded try, and names the run and the reason', () => {
    const reason = 'the server http://127.0.0.1:11434 was lost in the middle of it';
    const reading = readText('runs.jsonl', jsonl({ ...LINE, outcome: 'excluded', reason }, { ...LINE, attempt: 2 }));
    expect(reading.records).toBe(2);
    expect(reading.failed).toEqual([{ pointer: 'line 1', reason: `run 17 (profile a, parallel, warm, repeat 3, try 1): ${reason}` }]);
    expect(reading.measurements.map(({ pointer, failed }) => [pointer.slice(0, 6), failed])).toEqual([
      ...Array(4).fill(['line 1', true]),
      ...Array(4).fill(['line 2', false]),
    ]);
  });

  it('counts of a run that was measured twice the last line only', () => {
    const again = { ...LINE, attempt: 2, measured: { wall_clock: { value: 26.5, unit: 's' } } };
    const reading = readText(
      'runs.jsonl',
      jsonl({ ...LINE, measured: again.measured }, { ...LINE, ordinal: 18 }, again, {
        ...LINE,
        attempt: 3,
        outcome: 'excluded',
        reason: 'x',
      }),
    );
    expect(reading.failed.map(({ pointer, reason }) => `${pointer}: ${reason}`)).toEqual([
      'line 1: run 17 (profile a, parallel, warm, repeat 3, try 1): it was measured again later (line 3), and that counts',
      'line 4: run 17 (profile a, parallel, warm, repeat 3, try 3): x',
    ]);
    expect(reading.at('line 1 /measured/wall_clock/value')).toMatchObject({ failed: true });
    expect(reading.at('line 3 /measured/wall_clock/value')).toMatchObject({ failed: false });
  });

  it('tells two campaigns of one file apart', () => {
    const reading = readText('runs.jsonl', jsonl(LINE, { ...LINE, campaign: 'context' }));
    expect(reading.failed).toEqual([]);
    expect(reading.warnings).toEqual(['the file holds runs of 2 campaigns: the label "campaign" tells them apart']);
    expect(reading.measurements.map(({ labels }) => labels.campaign)).toEqual([...Array(4).fill('layers'), ...Array(4).fill('context')]);
  });

  it('takes profile, arrangement and start from the line where its labels lack them, and tells where they differ', () => {
    const labels = { model: 'm', n_gpu_layers: '60', start: 'cold' };
    const reading = readText('runs.jsonl', jsonl({ ...LINE, labels }));
    expect(reading.measurements[0]?.labels).toEqual({
      model: 'm',
      num_gpu: '60',
      start: 'cold',
      campaign_profile: 'a',
      arrangement: 'parallel',
      campaign: 'layers',
      inventory: 'a1a1a1a1a1a1',
    });
    expect(reading.warnings).toEqual(['line 1 /start: it is "warm", but the label start "cold", which holds']);
  });

  it('counts nothing of which nobody can tell what it is of', () => {
    const { labels: _, ...bare } = LINE;
    const reading = readText(
      'runs.jsonl',
      jsonl(
        { ...bare, profile: 5, start: null },
        { ...LINE, ordinal: 18, outcome: 'fine' },
        { ...LINE, ordinal: 19, outcome: undefined },
        { ...LINE, ordinal: 20, outcome: 'excluded', reason: 7 },
      ),
    );
    expect(reading.measurements.every(({ failed }) => failed)).toBe(true);
    expect(reading.failed.map(({ reason }) => reason)).toEqual([
      'run 17 (parallel, repeat 3, try 1): it does not say its profile and start: nobody can tell what its numbers are of',
      'run 18 (profile a, parallel, warm, repeat 3, try 1): its outcome is "fine", which is not known: its numbers count nowhere',
      'run 19 (profile a, parallel, warm, repeat 3, try 1): it does not say how it ended: its numbers count nowhere',
      'run 20 (profile a, parallel, warm, repeat 3, try 1): it was excluded, and no reason is given',
    ]);
  });

  it('reads a unit as the line states it, and says where it is another', () => {
    const measured = { wall_clock: { value: 27125, unit: 'ms' }, energy: { value: 5 }, repairs: { value: 1, unit: 7 } };
    const reading = readText('runs.jsonl', jsonl({ ...LINE, measured }));
    expect(reading.measurements.map(({ metric, value, unit }) => [metric, value, unit])).toEqual([
      ['execution_time', 27125, 'ms'],
      ['energy', 5, null],
      ['repairs', 1, null],
    ]);
    expect(reading.warnings).toEqual([
      'line 1 /measured/wall_clock/unit: it is ms where a campaign writes s: the number was read as the line states it',
      'line 1 /measured/energy/unit: no unit stands there: the number is shown and never judged',
      'line 1 /measured/repairs/unit: no unit stands there: the number is shown and never judged',
    ]);
  });

  it('keeps fields of a newer version under names that no metric has', () => {
    const measured = { gpu_seconds: { value: 1.5, unit: 's' }, power: { value: 250, unit: 'W' }, eval_count: { value: 9, unit: 'tokens' } };
    expect(
      readText('runs.jsonl', jsonl({ ...LINE, measured })).measurements.map(({ metric, value, unit }) => [metric, value, unit]),
    ).toEqual([
      ['/measured/gpu_seconds/value', 1.5, 's'],
      ['/measured/power/value', 250, 'W'],
      ['/measured/eval_count/value', 9, 'tokens'],
    ]);
  });

  it('tells a warning of the runs once, with how many runs it stands for', () => {
    const [one, two] = ['num_gpu 120 has no effect: 35 layers lie on the GPU', 'the context in force is 4096, not 8192'];
    const reading = readText(
      'runs.jsonl',
      jsonl(
        { ...LINE, ordinal: 1, warnings: [one] },
        { ...LINE, ordinal: 2, warnings: [one, two], outcome: 'excluded', reason: 'x' },
        { ...LINE, ordinal: 2, warnings: [one] },
        { ...LINE, ordinal: 3, warnings: [one, 5] },
      ),
    );
    expect(reading.warnings).toEqual([
      'line 4 /warnings: no list of sentences stands there; what is none was not read',
      `of 3 runs: ${one}`,
      `of run 2: ${two}`,
    ]);
  });

  it('reads of a hostile line what can be read, and says what was not', () => {
    const labels = { ...LINE.labels, num_gpu: 60, model: { name: 'x' }, quantization: ' ', n_ctx: '1', ctx: '2' };
    const text = `${JSON.stringify({ ...LINE, ordinal: '17', labels, warnings: 'all' })
      .replace('27.125', '"27.125"')
      .replace('78.5', '1e999')
      .replace('"output_tokens":{"value":2129,"unit":"tokens"}', '"output_tokens":2129')}\n`;
    const reading = readText('runs.jsonl', text);
    expect(reading.failed).toEqual([
      {
        pointer: 'line 1',
        reason:
          'a run without a number (line 1) (profile a, parallel, warm, repeat 3, try 1): it says that it was measured, and holds no wall clock above zero: nobody can tell how long it took',
      },
    ]);
    expect(numbersOf(text)).toEqual([['line 1 /measured/repairs/value', 0, true]]);
    expect(reading.measurements[0]?.labels).toMatchObject({ campaign_profile: 'a', num_ctx: '1' });
    expect(Object.keys(reading.measurements[0]?.labels ?? {})).not.toContain('num_gpu');
    expect(reading.warnings).toEqual([
      'line 1: "ordinal" is no whole number from 1 on, so nobody can tell whether another line is of the same run',
      'line 1 /labels/model: no text stands there; it was not read',
      'line 1 /labels/quantization: its name or its text is empty or too long; it was not read',
      'line 1 /labels/num_gpu: no text stands there; it was not read',
      'line 1 /labels/ctx: the label num_ctx stands there twice, under two names; the first one holds',
      'line 1 /measured/wall_clock/value: the text "27.125" stands where a number should; it was not read',
      'line 1 /measured/output_token_throughput/value: a double cannot hold 1e999; it was not read',
      'line 1 /measured/output_tokens: no object with value and unit stands there; it was not read',
      'line 1 /warnings: no list of sentences stands there; what is none was not read',
      'of profile a in parallel, warm nothing was measured: 1 try at 1 run, and none counts',
    ]);
    for (const measured of [null, 5, [], 'x'])
      expect(readText('runs.jsonl', jsonl({ ...LINE, measured })).warnings).toEqual([
        'line 1 /measured: no object with numbers stands there: nothing of it was read',
        'of profile a in parallel, warm nothing was measured: 1 try at 1 run, and none counts',
      ]);
  });

  it('counts no run that took no time, less than none, or does not say how long', () => {
    const clocks = [
      {},
      { wall_clock: { value: 0, unit: 's' } },
      { wall_clock: { value: -3, unit: 's' } },
      { repairs: LINE.measured.repairs },
    ];
    for (const measured of clocks) {
      const { failed, measurements } = readText('runs.jsonl', jsonl({ ...LINE, measured }, { ...LINE, ordinal: 18 }));
      expect(failed.map(({ pointer }) => pointer)).toEqual(['line 1']);
      expect(measurements.filter((one) => !one.failed)).toHaveLength(4);
    }
  });

  it('names a profile, arrangement and start of which nothing was measured', () => {
    const lost = { outcome: 'excluded', reason: 'The server was gone.' };
    const cold = { start: 'cold', labels: { ...LINE.labels, start: 'cold' } };
    const { warnings } = readText(
      'runs.jsonl',
      jsonl(
        { ...LINE, ...lost },
        { ...LINE, attempt: 2 },
        { ...LINE, ...cold, ...lost, ordinal: 18 },
        { ...LINE, ...cold, ...lost, ordinal: 18, attempt: 2 },
        { ...LINE, ...cold, ...lost, ordinal: 19 },
      ),
    );
    expect(warnings).toEqual(['of profile a in parallel, cold nothing was measured: 3 tries at 2 runs, and none counts']);
  });

  it('tells runs over other artifacts apart', () => {
    const reading = readText('runs.jsonl', jsonl(LINE, { ...LINE, ordinal: 18, inventory: 'b2'.repeat(32) }));
    expect([...new Set(reading.measurements.map(({ labels }) => labels.inventory))]).toEqual(['a1a1a1a1a1a1', 'b2b2b2b2b2b2']);
    expect(reading.warnings).toEqual([
      'the file holds runs over artifacts of 2 inventories, whose prompts differ: the label "inventory" tells them apart',
    ]);
  });

  it('says so where an arrangement or a start is none that is known', () => {
    const labels = { ...LINE.labels, arrangement: 'sideways' };
    const reading = readText('runs.jsonl', jsonl({ ...LINE, arrangement: 'sideways', labels }));
    expect(reading.failed).toEqual([]);
    expect(reading.warnings).toEqual([
      'line 1 /labels: arrangement "sideways" is none that is known: its numbers are shown, and take part in no verdict',
    ]);
  });

  it('yields no other number where it is cut off', () => {
    const text = jsonl({ ...LINE, outcome: 'excluded', reason: 'lost' }, { ...LINE, attempt: 2 }, { ...LINE, ordinal: 18 });
    const whole = new Set(numbersOf(text).map((one) => JSON.stringify(one)));
    expect(whole.size).toBe(12);
    const bytes = Buffer.from(text);
    for (let end = 0; end < bytes.length; end += 1) {
      const reading = readArtifact({ path: 'runs.jsonl', bytes: bytes.subarray(0, end) });
      if (reading.status === 'refused') continue;
      expect(reading.format).toBe('chimera-campaign');
      for (const { pointer, value, failed } of reading.measurements) expect(whole).toContain(JSON.stringify([pointer, value, failed]));
      // A line that ends is whole, and so is one that lacks its line end alone.
      expect(reading.cut === true).toBe(bytes[end - 1] !== 0x0a && bytes[end] !== 0x0a);
    }
  });

  it('never throws on any object of that schema, and counts only what says what it is of', () => {
    const any = fc.jsonValue({ maxDepth: 3 });
    const field = fc.oneof(fc.constantFrom(...Object.keys(CAMPAIGN_FIELDS), '__proto__', 'power', 'constructor'), fc.string());
    const number = fc.oneof(fc.double(), fc.constantFrom(1e300, -1, 1e-200, 0), any);
    const line = fc.record(
      {
        schema: fc.constant(CAMPAIGN_RUN_SCHEMA),
        campaign: fc.oneof(fc.constantFrom('a', 'b'), any),
        ordinal: fc.oneof(fc.integer({ min: 1, max: 3 }), any),
        attempt: fc.oneof(fc.integer({ min: 1, max: 3 }), any),
        profile: fc.oneof(fc.string(), any),
        arrangement: fc.oneof(fc.constantFrom('serial', 'parallel'), any),
        start: fc.oneof(fc.constantFrom('warm', 'cold'), any),
        outcome: fc.oneof(fc.constantFrom('measured', 'excluded'), any),
        reason: fc.oneof(fc.string(), any),
        labels: fc.oneof(
          fc.dictionary(fc.oneof(fc.constantFrom('campaign_profile', 'start', '__proto__'), fc.string()), fc.oneof(fc.string(), any)),
          any,
        ),
        measured: fc.oneof(
          fc.dictionary(field, fc.oneof(fc.record({ value: number, unit: fc.oneof(fc.constantFrom('s', 'ms'), any) }), any)),
          any,
        ),
        warnings: fc.oneof(fc.array(fc.oneof(fc.string(), any)), any),
      },
      { requiredKeys: ['schema'] },
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(line, fc.dictionary(fc.string(), any)), { minLength: 1, maxLength: 4 }),
        fc.constantFrom('jsonl', 'json'),
        (lines, as) => {
          const text = as === 'json' ? JSON.stringify(lines) : jsonl(...lines);
          const reading = readArtifact({ path: `runs.${as}`, bytes: Buffer.from(text) });
          if (reading.status === 'refused') return expect(reading.reason).not.toContain('fault of its own');
          const known: object[] = JSON.parse(JSON.stringify(lines));
          if (!known.some((one) => 'schema' in one && one.schema === CAMPAIGN_RUN_SCHEMA)) return;
          expect(reading.format).toBe('chimera-campaign');
          expect(reading.records - reading.failed.length).toBeGreaterThanOrEqual(0);
          for (const { failed, labels, value, over } of reading.measurements) {
            expect(over).toBe('runs');
            expect(Number.isFinite(value)).toBe(true);
            if (failed) continue;
            for (const name of ['campaign_profile', 'arrangement', 'start']) expect(typeof labels[name]).toBe('string');
          }
        },
      ),
      { numRuns: 1500 },
    );
  });
});
