import { describe, expect, it } from 'vitest';
import { readArtifact } from './read-artifact.ts';
import { readStreamed, readWhole } from './stream/stream-for-test.ts';

function read(text: string, path = 'a.csv') {
  const reading = readArtifact({ path, bytes: Buffer.from(text) });
  if (reading.status === 'refused') throw new Error(reading.reason);
  return reading;
}
const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
/** Metric, value and unit of what a column of these cells gives, and whether its texts label the rows. */
function column(name: string, cells: readonly string[]) {
  const reading = read(`run_id,steps,${name}\n${cells.map((cell, row) => `r${row},${row},${quoted(cell)}\n`).join('')}`);
  const own = reading.measurements.filter(({ pointer }) => pointer.endsWith(`column ${name}`));
  const labels = reading.measurements.some((one) => Object.keys(one.labels).length > 0);
  return { numbers: own.map(({ metric, value, unit }) => [metric, value, unit]), labels, warnings: reading.warnings };
}

describe('cells with their unit', () => {
  it.each<[string, string[], unknown[][]]>([
    [
      'Board power',
      ['150.20 W', '149 W', '-', '151.5W'],
      [
        ['Board power', 150.2, 'W'],
        ['Board power', 149, 'W'],
        ['Board power', 151.5, 'W'],
      ],
    ],
    [
      'TTFT',
      ['12.5 ms', 'N/A', '13ms'],
      [
        ['time_to_first_token', 12.5, 'ms'],
        ['time_to_first_token', 13, 'ms'],
      ],
    ],
    [
      'Throughput',
      ['1,234.5 tok/s', '987 tok/s'],
      [
        ['output_token_throughput', 1234.5, 'tok/s'],
        ['output_token_throughput', 987, 'tok/s'],
      ],
    ],
    [
      'GPU util',
      ['45 %', '50%'],
      [
        ['gpu_utilization', 45, '%'],
        ['gpu_utilization', 50, '%'],
      ],
    ],
    [
      'rss',
      ['1.2GiB', '1.4 GiB'],
      [
        ['rss', 1.2, 'GiB'],
        ['rss', 1.4, 'GiB'],
      ],
    ],
    ['vram', ['80 GB', '80 GB', '80 GB', '80 GB'], Array.from({ length: 4 }, () => ['vram', 80, 'GB'])],
    // Of one metric of the registry, whose numbers are compared in its own unit.
    [
      'TTFT',
      ['850 ms', '1.2 s'],
      [
        ['time_to_first_token', 850, 'ms'],
        ['time_to_first_token', 1.2, 's'],
      ],
    ],
  ])('are numbers in it: %s %j', (name, cells, numbers) => {
    expect(column(name, cells)).toEqual({ numbers, labels: false, warnings: [] });
  });

  it.each<[string, string[], string | null]>([
    ['latency', ['12 ms', '1.2 s'], '"1.2 s"'],
    ['latency', ['12 ms', '13'], '"13"'],
    ['Throughput', ['12 tok/s', '5 req/s'], '"5 req/s"'],
    ['load time', ['12 s', '900 ms'], '"900 ms"'],
    ['size', ['8 B', '7B', '8 B', '7B'], '"8 B"'],
    ['model', ['7 GB', '8 GB', '7 GB', '8 GB'], '"7 GB"'],
    ['gpu', ['80 GB', '80 GB', '24 GB', '24 GB'], '"80 GB"'],
    ['model_size', ['4.58 GiB', '4.58 GiB', '8 GiB', '8 GiB'], '"4.58 GiB"'],
    ['power_limit', ['300 W', '300 W', '250 W', '250 W'], '"300 W"'],
    ['timeout', ['30 s', '30 s', '60 s', '60 s'], '"30 s"'],
    ['batch_size', ['32 MB', '64 MB'], '"32 MB"'],
    ['note', ['9999 tok/s', '9999 tok/s'], '"9999 tok/s"'],
    ['quant', ['4 bit', '8 bit'], null],
    ['speedup', ['1x', '1.5x'], null],
    ['version', ['v1.2 s', 'v1.3 s'], null],
    ['params', ['8.03 B', '8.03 B'], '"8.03 B"'],
    ['ctx', ['32K', '128K'], null],
    ['rate', ['5 Mb', '6 Mb'], null],
  ])('are none where that is not certain: %s %j', (name, cells, named) => {
    const { numbers, warnings } = column(name, cells);
    expect(numbers).toEqual([]);
    if (named === null) expect(warnings).toEqual([]);
    else expect(warnings.join()).toContain(`column "${name}"`);
    if (named !== null) expect(warnings.join()).toContain(named);
  });

  it('label rows where they say what was set', () => {
    const of = (name: string, cells: string[]) =>
      read(`${name},ttft_ms\n${cells.map((cell, row) => `${cell},${row}\n`).join('')}`).measurements[0]?.labels;
    expect(of('gpu', ['80 GB', '24 GB'])).toEqual({ gpu: '80 GB' });
    expect(of('power_limit', ['300 W', '300 W', '250 W', '250 W'])).toEqual({ power_limit: '300 W' });
  });

  it('are left out with the word among them named', () => {
    expect(column('TTFT', ['12 ms', 'slow', '13 ms'])).toEqual({
      numbers: [],
      labels: false,
      warnings: ['column "TTFT" was left out: line 3 has "slow" among numbers'],
    });
  });

  it('belong to the metric that their row names, each with its own', () => {
    const page = `| Metric | Value |\n|---|---|\n| TTFT | 80.5 ms |\n| Throughput | **45 tok/s** ✅ |\n| Model | llama3 |\n| Parameters | 8B |\n| GPU util | 100% (idle) |\n| Steps | 7 |\n`;
    const reading = read(page, 'a.md');
    expect(reading.measurements.map(({ metric, value, unit, pointer }) => [metric, value, unit, pointer])).toEqual([
      ['time_to_first_token', 80.5, 'ms', 'line 3 column Value'],
      ['output_token_throughput', 45, 'tok/s', 'line 4 column Value'],
      ['Steps', 7, null, 'line 8 column Value'],
    ]);
    expect(reading.warnings).toEqual([
      'line 6, column "Value": "8B" was left out: it is no number for certain',
      'line 7, column "Value": "100% (idle)" was left out: it is no number for certain',
    ]);
  });
});

describe('cells with their unit, in a stream', () => {
  const rows = (n: number, of: (row: number) => string) =>
    Array.from({ length: n }, (_, row) => `m${row % 2},${row}.5,${quoted(of(row))}\n`).join('');
  const both = (name: string, head: string, rest: string) => {
    const first = `model,latency_ms,${name}\n${head}`;
    const input = { path: 'a.csv', bytes: Buffer.from(first + rest) };
    const [streamed, other] = [1 << 16, 7].map((chunk) => readStreamed(input, { chunk, head: first.length }));
    expect(other).toEqual(streamed);
    return { streamed, whole: readWhole(input) };
  };

  it.each<[string, string, string, string, string]>([
    ['one unit', 'board', rows(20, (row) => `${row} W`), rows(700, (row) => (row % 9 === 0 ? 'N/A' : `${row}.25 W`)), ''],
    ['one that comes late', 'board', rows(20, () => 'N/A'), rows(700, (row) => `${row}.25 W`), ''],
    [
      'another one',
      'board',
      rows(20, (row) => `${row} W`),
      rows(700, (row) => (row === 300 ? '12 ms' : `${row}.25 W`)),
      'line 322: "12 ms"',
    ],
    ['none', 'board', rows(20, (row) => `${row} W`), rows(700, (row) => (row === 300 ? '12' : `${row}.25 W`)), 'line 322: "12"'],
    [
      'one behind none',
      'board',
      rows(20, (row) => `${row}`),
      rows(700, (row) => (row === 300 ? '12 ms' : `${row}.25`)),
      'line 322: "12 ms"',
    ],
    [
      'another one of a metric',
      'TTFT',
      rows(20, (row) => `${row} ms`),
      rows(700, (row) => (row % 9 === 0 ? `${row}.5 s` : `${row}.25 ms`)),
      '',
    ],
    ['a word', 'board', rows(20, (row) => `${row} W`), rows(700, (row) => (row === 300 ? 'high' : `${row}.25 W`)), 'line 322 has "high"'],
    ['loads', 'load time', rows(20, (row) => `0.${row + 10} s`), rows(700, (row) => (row === 300 ? '12 s' : `0.${row + 10} s`)), ''],
    ['decimal commas', 'x', rows(20, (row) => `${row},5`), rows(700, (row) => `${row % 99},125`), ''],
    [
      'decimal commas in few rows of many',
      'x',
      rows(4_000, (row) => (row === 7 ? '1,5' : '2,125')),
      rows(700, (row) => `${row % 99},125`),
      '',
    ],
    [
      'decimal commas and a point',
      'x',
      rows(20, (row) => `${row},5`),
      rows(700, (row) => (row === 300 ? '1.5' : `${row},125`)),
      'line 322: "1.5"',
    ],
    ['thousands', 'x', rows(20, (row) => `${row}.5`), rows(700, (row) => (row % 9 === 0 ? '1,234.5' : `${row}.75`)), ''],
    [
      'commas that tell nothing',
      'x',
      rows(20, (row) => `${row}`),
      rows(700, (row) => (row === 300 ? '1,234' : `${row}`)),
      'line 322: "1,234"',
    ],
  ])('are read as whole reading does: %s', (_, name, head, rest, said) => {
    const { streamed, whole } = both(name, head, rest);
    if (name !== 'load time') expect(streamed).toEqual(whole);
    expect(streamed?.numbers.length).toBe(whole.numbers.length);
    expect(streamed?.warnings.join()).toContain(said);
    if (said === '') expect(streamed?.warnings).toEqual([]);
  });

  it('are read of rows that name their metric', () => {
    const named = (n: number) =>
      Array.from(
        { length: n },
        (_, row) => [`TTFT,${row}.5 ms`, `Throughput,${row} tok/s`, 'Model,llama3', 'Parameters,8B'][row % 4] ?? '',
      ).join('\n');
    const first = `Metric,Value\n${named(20)}\n`;
    const input = { path: 'a.csv', bytes: Buffer.from(`${first}${named(400)}\n`) };
    expect(readStreamed(input, { head: first.length })).toEqual(readWhole(input));
  });

  it('are read of rows that name their metric, one column for each configuration', () => {
    const named = (n: number) =>
      Array.from(
        { length: n },
        (_, row) =>
          [`TTFT (ms),${row}.5,${row + 1}.5,2.1x`, `Throughput,${row} tok/s,~9 tok/s,1.1x`, 'Model,llama3,-,', 'Parameters,8B,7,'][
            row % 4
          ] ?? '',
      ).join('\n');
    const first = `Metric,engine-a,engine-b,Speedup\n${named(20)}\n`;
    const input = { path: 'a.csv', bytes: Buffer.from(`${first}${named(400)}\n`) };
    const whole = readWhole(input);
    expect(readStreamed(input, { head: first.length })?.numbers).toEqual(whole.numbers);
    // Of each four rows of 420: a time of each engine, a rate of one, a count of parameters of one.
    expect(whole.numbers.length).toBe(420);
  });

  it('are counted where they are no numbers, in whichever way they are read', () => {
    const rows = Array.from({ length: 90 }, (_, row) => ['TTFT (ms),80,90', 'Parameters,8B,7B', 'Build,1.2.3,2026-01-02'][row % 3]);
    const input = { path: 'a.csv', bytes: Buffer.from(`Metric,engine-a,engine-b\n${rows.join('\n')}\n`) };
    const first = Buffer.byteLength(`Metric,engine-a,engine-b\n${rows.slice(0, 30).join('\n')}\n`);
    const whole = readWhole(input);
    expect(readStreamed(input, { head: first })).toEqual(whole);
    // Two cells in each of sixty rows, of which five are named.
    expect(whole.warnings).toContain('… and 115 more (cells that are no numbers)');
  });

  it('have the statistic that the row states, where rows name their metric', () => {
    const rows = Array.from({ length: 80 }, (_, row) => `TTFT (ms),${['p50', 'p99', 'max', ''][row % 4]},${row},${row + 1}`);
    const text = `Metric,Percentile,engine-a,engine-b\n${rows.join('\n')}\n`;
    const input = { path: 'a.csv', bytes: Buffer.from(text) };
    const whole = readWhole(input);
    expect(readStreamed(input, { head: text.indexOf('\nTTFT (ms),p50,40') + 1 })).toEqual(whole);
    const count = (statistic: string) => whole.numbers.filter((one) => one.includes(`"time_to_first_token","${statistic}"`)).length;
    expect(['median', 'p99', 'max', 'value'].map(count)).toEqual([40, 40, 40, 40]);
  });
});

describe('columns without a value in the head of a stream', () => {
  const rows = (n: number, of: (row: number) => string) =>
    Array.from({ length: n }, (_, row) => `m${row % 2},${row}.5,${of(row)}\n`).join('');
  const both = (name: string, head: string, rest: string) => {
    const first = `model,ttft_ms,${name}\n${head}`;
    const input = { path: 'a.csv', bytes: Buffer.from(first + rest) };
    const [streamed, other] = [1 << 16, 7].map((chunk) => readStreamed(input, { chunk, head: first.length }));
    expect(other).toEqual(streamed);
    return { streamed, whole: readWhole(input) };
  };

  it.each(['N/A', '-', 'nan', 'null', 'none', '', '#N/A', '<NA>'])('label nothing, and give the numbers that come later: %j', (mark) => {
    for (const name of ['board', 'power_w', 'note', 'num_gpu']) {
      const { streamed, whole } = both(
        name,
        rows(20, () => mark),
        rows(700, (row) => (row % 3 === 0 ? mark : `${row % 40}`)),
      );
      expect(streamed).toEqual(whole);
      expect(streamed?.numbers.filter((one) => one.includes(`column ${name}`)).length).toBe(466);
    }
  });

  it.each(['N/A', 'null', '-'])('label nothing where no number comes either: %j', (mark) => {
    const { streamed, whole } = both(
      'kernel',
      rows(20, () => mark),
      rows(50, () => mark),
    );
    expect(streamed).toEqual(whole);
    expect(whole.numbers.some((one) => one.includes('kernel'))).toBe(false);
  });

  it('have words later: that is said', () => {
    const { streamed } = both(
      'kernel',
      rows(20, () => 'N/A'),
      rows(50, () => 'flash'),
    );
    expect(streamed?.warnings).toEqual([
      'column "kernel" is empty in the first rows and has words further down: they label nothing, because the file was read as a stream',
    ]);
  });

  it.each(['kernel', 'note', 'request_id', 'gpu', 'variant', 'status', 'state', 'num_gpu'])(
    'have words, and numbers later: that is said as by whole reading: %s',
    (name) => {
      const { streamed, whole } = both(
        name,
        rows(20, (row) => `word${row % 2}`),
        rows(700, (row) => (row >= 300 && row % 5 === 0 ? '12.5' : `word${row % 2}`)),
      );
      expect(whole.warnings).toEqual([`column "${name}" was left out: line 2 has "word0" among numbers`]);
      expect(streamed).toEqual(whole);
    },
  );

  it('say so of a number under a name of labels, where the head has none there', () => {
    const { streamed } = both(
      'gpu',
      rows(20, () => 'none'),
      rows(50, () => '80'),
    );
    expect(streamed?.warnings).toEqual([
      'column "gpu" has no numbers in the first rows and has some further down: these were not read, because the file was read as a stream',
    ]);
  });
});
