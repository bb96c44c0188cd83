import type { Measurement, Reading } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import type { Limits } from './limits.ts';
import { readArtifact } from './read-artifact.ts';

function read(path: string, text: string, limits?: Partial<Limits>): Reading {
  return readArtifact({ path, bytes: Buffer.from(text), ...(limits === undefined ? {} : { limits }) });
}

function good(path: string, text: string): Extract<Reading, { status: 'read' }> {
  const reading = read(path, text);
  if (reading.status !== 'read') throw new Error(reading.reason);
  return reading;
}

const brief = ({ pointer, value, unit, statistic, failed }: Measurement) => [pointer, value, unit, statistic, failed];

describe('readArtifact: JSON', () => {
  it('makes a measurement of every number, with its place, unit, statistic and labels', () => {
    const reading = good('a.json', '{"results": [{"model": "m", "mean_ttft_ms": 1.5, "n": "7", "ok": true}, {"a/b~c": [2, [3]]}]}');
    expect(reading.measurements).toEqual([
      {
        metric: 'time_to_first_token',
        statistic: 'mean',
        value: 1.5,
        text: null,
        unit: 'ms',
        n: null,
        labels: { model: 'm' },
        pointer: '/results/0/mean_ttft_ms',
        failed: false,
      },
      expect.objectContaining({ metric: '/results/*/a~1b~0c/*', pointer: '/results/1/a~1b~0c/0', value: 2, labels: {} }),
      expect.objectContaining({ metric: '/results/*/a~1b~0c/*/*', pointer: '/results/1/a~1b~0c/1/0', value: 3 }),
    ]);
    expect(reading).toMatchObject({ kind: 'json', format: 'generic', warnings: [] });
  });

  it('keeps digits beyond 2^53 and does not read what no double holds', () => {
    const reading = good('a.json', '{"start_ns": 9007199254740993, "ratio": 1e999, "__proto__": {"x": 1}, "y": NaN}');
    expect(reading.measurements.map(({ pointer, value, text }) => [pointer, value, text])).toEqual([
      ['/start_ns', 9007199254740992, '9007199254740993'],
      ['/__proto__/x', 1, null],
    ]);
    expect(reading.warnings).toEqual([
      '1 value is NaN or Infinity, which JSON does not know: read as absent',
      '/ratio: a double cannot hold 1e999; it was not read',
    ]);
  });

  it('marks what failed, at its outermost object, and counts records', () => {
    const backend = (success: boolean, ms: number) => ({
      compilation: { success, error: success ? null : 'no TRT' },
      benchmark: { mean_ms: ms },
    });
    const eager = { compilation: null, benchmark: { mean_ms: 3 } };
    const reading = good('a.json', JSON.stringify({ runs: 5, backends: { eager, jit: backend(true, 2), tensorrt: backend(false, 0) } }));
    expect(reading.measurements.map(brief)).toEqual([
      ['/runs', 5, null, 'value', false],
      ['/backends/eager/benchmark/mean_ms', 3, 'ms', 'mean', false],
      ['/backends/jit/benchmark/mean_ms', 2, 'ms', 'mean', false],
      ['/backends/tensorrt/benchmark/mean_ms', 0, 'ms', 'mean', true],
    ]);
    expect(reading).toMatchObject({ records: 3, failed: [{ pointer: '/backends/tensorrt', reason: 'no TRT' }] });
  });

  it('counts each object of a list where one bears a mark, below an envelope too', () => {
    expect(good('a.json', '[{"x": 1}, {"error": "e"}, {"x": 2}]')).toMatchObject({ records: 3, failed: [{ pointer: '/1', reason: 'e' }] });
    expect(good('a.json', '{"status": "ok", "runs": [{"success": false}, {"success": true}]}')).toMatchObject({ records: 2 });
    expect(good('a.json', '{"success": false, "runs": [{"ms": 1, "error": "e"}]}')).toMatchObject({
      records: 1,
      failed: [{ pointer: '', reason: 'success is false' }],
      measurements: [{ failed: true }],
    });
    expect(good('a.json', '{"x": 1}').records).toBe(0);
  });

  it('reads one object a line under .json, and one object over lines under .jsonl', () => {
    expect(good('a.json', '{"x": 1}\n{"x": 2}\n')).toMatchObject({
      kind: 'json',
      warnings: ['the file is no single JSON document but one on each line; it was read line by line'],
      measurements: [
        { metric: '/x', pointer: 'line 1 /x' },
        { metric: '/x', pointer: 'line 2 /x' },
      ],
    });
    expect(good('a.jsonl', '{\n"x": 1\n}')).toMatchObject({ kind: 'jsonl', measurements: [{ pointer: '/x' }] });
  });

  it('names the line of a failed document', () => {
    expect(good('a.jsonl', '{"ms": 1}\n{"ms": 0, "error": "e"}\n[[{"ok": false}]]\n')).toMatchObject({
      records: 3,
      failed: [
        { pointer: 'line 2', reason: 'e' },
        { pointer: 'line 3 /0/0', reason: 'ok is false' },
      ],
    });
  });

  it.each([
    [
      '{"a": {\n  "b": 12',
      'not valid JSON: the text ends where "," or the end of the list or object is expected at line 2, column 10; it may be cut off',
    ],
    ['{"a": 1,}', 'not valid JSON: a key in quotes is expected at line 1, column 9'],
    ['17', 'not a result: a bare value, not an object or a list; nothing names it, and a cut one looks the same'],
    ['Error: no GPU', 'not JSON: an error message ("Error: no GPU") (line 1)'],
    ['['.repeat(100_000), 'nested too deep at line 1, column 201: the limit CHIMERA_MAX_JSON_DEPTH is 200'],
  ])('refuses %#', (text, reason) =>
    expect(read('a.json', text)).toMatchObject({ status: 'refused', kind: 'json', format: 'unknown', reason }),
  );
});

describe('readArtifact: tables', () => {
  it('makes a measurement of every cell of a column of numbers', () => {
    const reading = good('a.csv', 'model,Mean TTFT (s),note,gpu,error\nm,0.5,x,87%,\nm,0,x,,timed out\n');
    expect(reading.measurements).toEqual([
      {
        metric: 'time_to_first_token',
        statistic: 'mean',
        value: 0.5,
        text: null,
        unit: 's',
        n: null,
        labels: { model: 'm' },
        pointer: 'line 2 column Mean TTFT (s)',
        failed: false,
      },
      expect.objectContaining({ metric: 'gpu', value: 87, unit: '%' }),
      expect.objectContaining({ pointer: 'line 3 column Mean TTFT (s)', value: 0, failed: true }),
    ]);
    expect(reading).toMatchObject({ kind: 'csv', records: 2, failed: [{ pointer: 'line 3', reason: 'timed out' }], warnings: [] });
  });

  it('leaves out columns that mix, unless the rest is known to be absent', () => {
    const reading = good('a.csv', 'a,b,c,d,e\n1,1,1,"1,234",1 ms\nx,-,1e999,5,2 s\n3,n/a,3,6,3 ms\n');
    expect(reading.measurements.map(({ pointer }) => pointer)).toEqual(['line 2 column b', 'line 2 column c', 'line 4 column c']);
    expect(reading.warnings).toEqual([
      'column "a" was left out: line 3 has "x" among numbers',
      'line 3, column "c": a double cannot hold 1e999; it was not read',
      'column "d" (line 2: "1,234") was left out: a comma in a number may group thousands or begin the fraction',
      'column "e" (line 3: "2 s") was left out: its cells have different units, or some have none, and the header states none',
    ]);
  });

  it('judges columns by the rows that succeeded', () => {
    expect(good('a.csv', 'ms,success\n1,TRUE\nabc,FALSE\n7,FALSE\n').measurements.map(brief)).toEqual([
      ['line 2 column ms', 1, 'ms', 'value', false],
      ['line 4 column ms', 7, 'ms', 'value', true],
    ]);
    expect(good('a.csv', 'ms,success\n0,FALSE\n0,FALSE\n').measurements.map(({ failed }) => failed)).toEqual([true, true]);
  });

  it('takes units from a row below the header', () => {
    expect(good('a.csv', 'kernel,time,size\n,us,Kbyte\nk,9.4,32\n').measurements.map(brief)).toEqual([
      ['line 3 column time', 9.4, 'us', 'value', false],
      ['line 3 column size', 32, 'Kbyte', 'value', false],
    ]);
  });

  it('reads tables of Markdown, and nothing of its prose', () => {
    const text = 'TTFT was 5 ms.\n\n| Backend | Success | Mean (ms) |\n| --- | --- | --- |\n| jit | yes | **0.3** |\n| trt | no | 0 |\n';
    const reading = good('a.md', text);
    expect(reading.measurements.map(brief)).toEqual([
      ['line 5 column Mean (ms)', 0.3, 'ms', 'mean', false],
      ['line 6 column Mean (ms)', 0, 'ms', 'mean', true],
    ]);
    expect(reading).toMatchObject({
      kind: 'markdown',
      format: 'generic',
      records: 2,
      failed: [{ pointer: 'line 6', reason: 'success is no' }],
    });
    expect(good('b.md', 'only prose, 5 ms')).toMatchObject({ measurements: [], records: 0 });
  });

  it('reads the result of a known tool that was saved under the name of a page', () => {
    const run = { model_id: 'm', num_prompts: 2, completed: 2, request_throughput: 1.5, mean_ttft_ms: 80.5 };
    const whole = good('a.md', `${JSON.stringify(run, null, 2)}\n`);
    expect(whole).toMatchObject({ kind: 'markdown', format: 'vllm-serve', records: 1 });
    expect(whole.measurements.map(({ pointer, value }) => [pointer, value])).toContainEqual(['/mean_ttft_ms', 80.5]);
    const rows = good('a.md', 'timestamp, index, power.draw [W]\n2026/01/02 00:27:52.195, 0, 63.25 W\n');
    expect(rows).toMatchObject({ format: 'nvidia-smi', records: 1 });
    expect(good('a.md', `# Page\n\n${JSON.stringify(run)}\n\n| a | ms |\n|---|---|\n| x | 5 |\n`)).toMatchObject({ format: 'generic' });
  });

  it('takes 0 and 1 under success as answers, unless the column counts', () => {
    expect(good('a.csv', 'ms,success,note\n1,1,x\n2,0,y\n')).toMatchObject({ failed: [{ pointer: 'line 3', reason: 'success is 0' }] });
    expect(good('a.csv', 'ms,success,note\n1,7,x\n2,0,y\n')).toMatchObject({ failed: [] });
  });

  it("reads JSON under a table's name, and refuses what began as JSON", () => {
    expect(good('a.csv', '{"ms": 1}')).toMatchObject({
      kind: 'csv',
      warnings: [expect.stringContaining('holds JSON')],
      measurements: [{ pointer: '/ms' }],
    });
    expect(read('a.csv', '{"a": 1, "b": 2,')).toMatchObject({ status: 'refused', reason: expect.stringContaining('not valid JSON') });
  });

  it('keeps text as text', () => {
    expect(good('a.log', 'TTFT 5 ms')).toMatchObject({ kind: 'text', format: 'unknown', measurements: [] });
    expect(good('README', 'TTFT 5 ms')).toMatchObject({ kind: 'text' });
    expect(good('result', '{"ms": 5}')).toMatchObject({ kind: 'json', measurements: [{ value: 5 }] });
  });
});

describe('readArtifact: numbers that cannot be computed with', () => {
  it('leaves them out and names the first place', () => {
    const reading = good('a.csv', 'a_ms,b\n1e160,1e149\n1,-1e150\n2,1e-151\n0,1e-150\n');
    expect(reading.measurements.map(({ pointer, value }) => [pointer, value])).toEqual([
      ['line 2 column b', 1e149],
      ['line 3 column a_ms', 1],
      ['line 4 column a_ms', 2],
      ['line 5 column a_ms', 0],
      ['line 5 column b', 1e-150],
    ]);
    expect(reading.warnings).toEqual([
      'line 2 column a_ms: 1e+160 is too large to be computed with; it was not read',
      '… and 2 more (numbers out of range)',
    ]);
    expect(good('a.json', '{"x": -1e-160, "y": -0.0}')).toMatchObject({
      measurements: [{ pointer: '/y' }],
      warnings: ['/x: -1e-160 is too small to be computed with; it was not read'],
    });
  });
});

describe('readArtifact: limits', () => {
  it.each<[string, string, Partial<Limits>, string]>([
    ['a.csv', 'a,b\n1,2\n', { maxBytes: 7 }, 'too large: 8 bytes: the limit CHIMERA_MAX_ARTIFACT_BYTES is 7'],
    ['a.csv', 'a,b\n1,2\n3,4\n', { maxLines: 2 }, 'has 3 lines: the limit CHIMERA_MAX_LINES is 2'],
    ['a.json', '{"a":1}\n{"a":1}', { maxLines: 1 }, 'has 2 lines: the limit CHIMERA_MAX_LINES is 1'],
    ['a.csv', 'a,b,c\n1,2,3\n', { maxColumns: 2 }, 'has a row of 3 cells (line 1): the limit CHIMERA_MAX_COLUMNS is 2'],
    ['a.csv', 'a,b\n1,22222\n', { maxCellChars: 4 }, 'has a cell of 5 characters (line 2): the limit CHIMERA_MAX_CELL_CHARS is 4'],
    ['a.json', '[[[1]]]', { maxDepth: 2 }, 'nested too deep at line 1, column 3: the limit CHIMERA_MAX_JSON_DEPTH is 2'],
    ['a.json', '[1,2,3]', { maxMeasurements: 2 }, 'has more than 2 numbers (at /2): the limit CHIMERA_MAX_MEASUREMENTS is 2'],
    [
      'a.md',
      '|a|b|\n|-|-|\n|1|22222|\n',
      { maxCellChars: 4 },
      'has a cell of 5 characters (line 3): the limit CHIMERA_MAX_CELL_CHARS is 4',
    ],
  ])('refuses what is beyond a limit: %#', (path, text, limits, reason) =>
    expect(read(path, text, limits)).toMatchObject({ status: 'refused', reason }),
  );

  it('refuses by default 10,001 columns and a cell of 1,000,001 characters, and reads 10,000', () => {
    const wide = (columns: number) => `${Array.from({ length: columns }, (_, i) => `c${i}`).join()}\n${Array(columns).fill('1').join()}\n`;
    expect(good('a.csv', wide(10_000)).measurements).toHaveLength(10_000);
    expect(read('a.csv', wide(10_001))).toMatchObject({
      reason: 'has a row of 10001 cells (line 1): the limit CHIMERA_MAX_COLUMNS is 10000',
    });
    expect(read('a.csv', `a,b\n1,${'x'.repeat(1_000_001)}\n`)).toMatchObject({
      reason: expect.stringContaining('CHIMERA_MAX_CELL_CHARS is 1000000'),
    });
  });

  it('turns a fault of its own into a refusal', () => {
    const bytes = new Proxy(new Uint8Array(3), {
      get: () => {
        throw new Error('torn\0page');
      },
    });
    expect(readArtifact({ path: 'a.csv', bytes })).toMatchObject({
      status: 'refused',
      reason: 'the reader failed, which is a fault of its own: Error: tornpage',
    });
  });
});
