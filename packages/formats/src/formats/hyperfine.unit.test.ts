import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Measurement, Reading } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { readArtifact } from '../read-artifact.ts';

type Read = Extract<Reading, { status: 'read' }>;

function read(path: string, text: string): Read {
  const reading = readArtifact({ path, bytes: Buffer.from(text) });
  if (reading.status !== 'read') throw new Error(reading.reason);
  return reading;
}

const json = (...results: object[]): Read => read('h.json', JSON.stringify({ results }));
const brief = ({ metric, statistic, value, unit, n, pointer }: Measurement) => [metric, statistic, value, unit, n, pointer];

/** A command as version 1.20 writes it. */
const RESULT = {
  command: 'python3 load.py --threads 4',
  mean: 0.512,
  stddev: 0.008,
  median: 0.511,
  user: 0.9,
  system: 0.1,
  min: 0.504,
  max: 0.521,
  times: [0.504, 0.511, 0.521],
  memory_usage_byte: [52428800, 52432896, 52428800],
  exit_codes: [0, 0, 0],
  parameters: { threads: '4', backend: 'mmap' },
};

describe('hyperfine, JSON', () => {
  it('reads statistics, raw times and memory, in seconds and bytes', () => {
    const reading = json(RESULT);
    expect(reading).toMatchObject({ format: 'hyperfine', records: 1, failed: [], warnings: [] });
    expect(reading.measurements.map(brief)).toEqual([
      ['execution_time', 'mean', 0.512, 's', 3, '/results/0/mean'],
      ['execution_time', 'stddev', 0.008, 's', 3, '/results/0/stddev'],
      ['execution_time', 'median', 0.511, 's', 3, '/results/0/median'],
      ['execution_time', 'min', 0.504, 's', 3, '/results/0/min'],
      ['execution_time', 'max', 0.521, 's', 3, '/results/0/max'],
      ['/results/*/user', 'mean', 0.9, 's', 3, '/results/0/user'],
      ['/results/*/system', 'mean', 0.1, 's', 3, '/results/0/system'],
      ['execution_time', 'value', 0.504, 's', null, '/results/0/times/0'],
      ['execution_time', 'value', 0.511, 's', null, '/results/0/times/1'],
      ['execution_time', 'value', 0.521, 's', null, '/results/0/times/2'],
      ['peak_memory', 'value', 52428800, 'bytes', null, '/results/0/memory_usage_byte/0'],
      ['peak_memory', 'value', 52432896, 'bytes', null, '/results/0/memory_usage_byte/1'],
      ['peak_memory', 'value', 52428800, 'bytes', null, '/results/0/memory_usage_byte/2'],
    ]);
    expect(reading.measurements.every(({ over }) => over === 'repetitions')).toBe(true);
    expect(reading.measurements[0]?.labels).toEqual({ tool: 'hyperfine', command: RESULT.command, threads: '4', backend: 'mmap' });
  });

  it.each([
    ['exit code 1 in 1 of 3 runs', [0, 1, 0]],
    ['no exit code (a signal ended it) in 1 of 3 runs', [0, 0, null]],
    ['exit code 127 in 3 of 3 runs', [127, 127, 127]],
    ['exit code 0 in 1 of 3 runs', [0, '0', 0]],
  ])('counts a command as failed: %s', (reason, exit_codes) => {
    const reading = json({ ...RESULT, exit_codes }, RESULT);
    expect(reading.failed).toEqual([{ pointer: '/results/0', reason: `${reason} ("python3 load.py --threads 4")` }]);
    for (const { pointer, failed } of reading.measurements) expect(failed, pointer).toBe(pointer.startsWith('/results/0/'));
  });

  it('counts a command as failed that is marked, without exit codes', () => {
    const { exit_codes: _, ...old } = RESULT;
    const reading = json({ ...old, command: 'missing-tool [ERROR]', mean: 0.000003 });
    expect(reading.failed).toEqual([{ pointer: '/results/0', reason: 'the command is marked [ERROR] ("missing-tool [ERROR]")' }]);
    expect(reading.measurements.every(({ failed }) => failed)).toBe(true);
  });

  it('reads a single run, which has no deviation', () => {
    const reading = json({ ...RESULT, stddev: null, times: [0.512], exit_codes: [0], memory_usage_byte: [0] });
    expect(reading.measurements.map(({ statistic }) => statistic)).toEqual(['mean', 'median', 'min', 'max', 'mean', 'mean', 'value']);
    expect(reading.measurements[0]?.n).toBe(1);
  });

  it('reads versions without median, exit codes and memory', () => {
    const reading = json({ command: 'a', mean: 2, stddev: 0.1, user: 1, system: 0, min: 1.9, max: 2.1, parameter: '7' });
    expect(reading.measurements).toHaveLength(6);
    expect(reading.measurements[0]).toMatchObject({ n: null, labels: { command: 'a', parameter: '7' } });
  });

  it('says where exit codes and times do not match, and what is no result', () => {
    const reading = json({ ...RESULT, exit_codes: [0] }, { name: 'x' });
    expect(reading.warnings).toEqual([
      '/results/0: 3 times and 1 exit codes: it is not said how every run ended',
      '/results/1: no result of a command that is known: it was not read',
    ]);
    expect(reading.records).toBe(1);
  });

  it('never makes one of two long commands, or of commands of several lines', () => {
    const long = `run ${'x'.repeat(300)}`;
    const commands = [`${long} a`, `${long} b`, 'a\nb', 'a\nc', 'a b'];
    const labels = json(...commands.map((command) => ({ ...RESULT, command }))).measurements.map((one) => one.labels.command);
    expect(new Set(labels).size).toBe(5);
    expect(labels).not.toContain(undefined);
  });

  it('survives mistyped fields and keys of prototypes', () => {
    const text = JSON.stringify({ results: [{ ...RESULT, mean: '0.5', times: [null, '1', 0.5], parameters: [1], exit_codes: {} }] });
    const reading = read('h.json', text.replace('"command"', '"__proto__": {"mean": 1}, "command"'));
    expect(reading.measurements.filter(({ metric, statistic }) => metric === 'execution_time' && statistic === 'value').map(brief)).toEqual(
      [['execution_time', 'value', 0.5, 's', null, '/results/0/times/2']],
    );
    expect(reading.measurements.some(({ pointer }) => pointer === '/results/0/mean')).toBe(false);
  });

  it.each([
    ['other results', { results: [{ command: 'a', mean: 1 }] }],
    ['results without commands', { results: [{ mean: 1, times: [1], user: 1, system: 1, min: 1, max: 1 }] }],
    ['no results', { results: [] }],
    ['a list', [RESULT]],
  ])('does not claim %s', (_, value) => {
    expect(read('hyperfine.json', JSON.stringify(value)).format).toBe('generic');
  });
});

/** A run as version 2 writes it. */
const run = (seconds: number, exit_code: number | null = 0) => ({
  time_wall_clock: { value: seconds, unit: 'second' },
  time_cpu: { value: 0.25, unit: 'second' },
  memory_peak_resident: { value: 4096, unit: 'byte' },
  instructions: 123456,
  exit_code,
});
const summary = (mean: number, unit: string) => ({ unit, count: 2, mean, stddev: 0.1, median: mean, min: mean - 0.1, max: mean + 0.1 });
const SECOND = {
  schema_version: 2,
  metadata: { hyperfine_version: '2.0.0', start_time: '2026-11-01T10:00:00Z', platform: { os: 'Linux', architecture: 'x86_64' } },
  primary_metric: 'time_wall_clock',
  results: [
    {
      command: 'serve --once',
      name: 'serve',
      parameters: { size: '8' },
      measurements: [run(1.4), run(1.6)],
      summary: { time_wall_clock: summary(1.5, 'second'), memory_peak_resident: summary(4096, 'byte') },
    },
  ],
};

describe('hyperfine, JSON of version 2', () => {
  it('reads each run and the summary by their units', () => {
    const reading = read('h.json', JSON.stringify(SECOND));
    expect(reading).toMatchObject({ format: 'hyperfine', records: 1, failed: [], warnings: [] });
    expect(reading.measurements.filter(({ metric }) => metric === 'execution_time').map(brief)).toEqual([
      ['execution_time', 'value', 1.4, 's', null, '/results/0/measurements/0/time_wall_clock/value'],
      ['execution_time', 'value', 1.6, 's', null, '/results/0/measurements/1/time_wall_clock/value'],
      ['execution_time', 'mean', 1.5, 's', 2, '/results/0/summary/time_wall_clock/mean'],
      ['execution_time', 'stddev', 0.1, 's', 2, '/results/0/summary/time_wall_clock/stddev'],
      ['execution_time', 'median', 1.5, 's', 2, '/results/0/summary/time_wall_clock/median'],
      ['execution_time', 'min', 1.4, 's', 2, '/results/0/summary/time_wall_clock/min'],
      ['execution_time', 'max', 1.6, 's', 2, '/results/0/summary/time_wall_clock/max'],
    ]);
    expect(reading.measurements.filter(({ metric, unit }) => metric === 'peak_memory' && unit === 'bytes')).toHaveLength(7);
    expect(reading.measurements.find(({ pointer }) => pointer === '/results/0/measurements/0/instructions')).toMatchObject({
      value: 123456,
      unit: null,
    });
    expect(reading.measurements[0]?.labels).toEqual({
      tool: 'hyperfine',
      tool_version: '2.0.0',
      timestamp: '2026-11-01T10:00:00Z',
      os: 'Linux',
      architecture: 'x86_64',
      command: 'serve --once',
      name: 'serve',
      size: '8',
    });
  });

  it('takes the unit that stands beside a number, and none for a word that is none', () => {
    const [first] = SECOND.results;
    const text = JSON.stringify({ ...SECOND, results: [{ ...first, measurements: [run(1)], summary: {} }] });
    const units = (unit: string) => read('h.json', text.replace('"second"', `"${unit}"`)).measurements[0]?.unit;
    expect([units('millisecond'), units('fortnight')]).toEqual(['ms', null]);
  });

  it.each([3, null])('counts a command as failed where a run ended with %j', (code) => {
    const [first] = SECOND.results;
    const reading = read('h.json', JSON.stringify({ ...SECOND, results: [{ ...first, measurements: [run(1.4), run(0.001, code)] }] }));
    expect(reading.failed).toHaveLength(1);
    expect(reading.measurements.every(({ failed }) => failed)).toBe(true);
  });
});

describe('hyperfine, CSV', () => {
  it('reads seconds, parameters and commands with commas', () => {
    const reading = read(
      'h.csv',
      'command,mean,stddev,median,user,system,min,max,parameter_threads\n"echo ""a, b""",1.5,,1.5,1,0.5,1.5,1.5,8\n',
    );
    expect(reading).toMatchObject({ format: 'hyperfine', records: 1, warnings: [] });
    expect(reading.measurements.map(brief)).toEqual([
      ['execution_time', 'mean', 1.5, 's', null, 'line 2 column mean'],
      ['execution_time', 'median', 1.5, 's', null, 'line 2 column median'],
      ['user', 'mean', 1, 's', null, 'line 2 column user'],
      ['system', 'mean', 0.5, 's', null, 'line 2 column system'],
      ['execution_time', 'min', 1.5, 's', null, 'line 2 column min'],
      ['execution_time', 'max', 1.5, 's', null, 'line 2 column max'],
    ]);
    expect(reading.measurements[0]?.labels).toEqual({ tool: 'hyperfine', command: 'echo "a, b"', threads: '8' });
  });

  it('reads a file without medians, marks a failed command and names what is no number', () => {
    const reading = read('h.csv', 'command,mean,stddev,user,system,min,max\na [ERROR],0.000003,0,0,0,0,0\nb,1 s,0.1,1,1,0.9,1.1\n');
    expect(reading.failed.map(({ pointer }) => pointer)).toEqual(['line 2']);
    expect(reading.measurements.filter(({ pointer }) => pointer.startsWith('line 2 ')).every(({ failed }) => failed)).toBe(true);
    expect(reading.warnings).toEqual(['line 3 column mean: "1 s" is no number: it was not read']);
  });

  it('reads the columns of version 2 with the units of the row', () => {
    const metrics = ['time_wall_clock', 'memory_peak_resident', 'instructions'];
    const header = metrics.flatMap((metric) => ['unit', 'mean', 'stddev', 'median', 'min', 'max'].map((name) => `${metric}_${name}`));
    const reading = read('h.csv', `command,${header.join(',')},parameter_n\na,ms,12,1,11,10,14,KiB,8,,8,8,8,B,2,0,2,2,2,5\n`);
    expect(reading.measurements.filter(({ statistic }) => statistic === 'mean').map(brief)).toEqual([
      ['execution_time', 'mean', 12, 'ms', null, 'line 2 column time_wall_clock_mean'],
      ['peak_memory', 'mean', 8, 'KiB', null, 'line 2 column memory_peak_resident_mean'],
      ['instructions_mean', 'mean', 2, 'billions', null, 'line 2 column instructions_mean'],
    ]);
    expect(reading.measurements[0]?.labels).toMatchObject({ n: '5' });
  });
});

describe('hyperfine, Markdown', () => {
  it.each([
    ['ms', 'ms'],
    ['s', 's'],
    ['µs', 'us'],
  ])('takes the unit of the header: %s', (symbol, unit) => {
    const text = `| Command | Mean [${symbol}] | Min [${symbol}] | Max [${symbol}] | Relative |\n|:---|---:|---:|---:|---:|\n| \`grep -c a\\|b x\` | 105.3 ± 1.2 | 103.1 | 107.4 | 1.02 ± 0.01 |\n| \`once\` | 99.0 | 99.0 | 99.0 | 1.00 |\n`;
    for (const path of ['h.md', 'h.txt']) {
      const reading = read(path, text);
      expect(reading).toMatchObject({ format: 'hyperfine', records: 2, warnings: [] });
      expect(reading.measurements.map(brief)).toEqual([
        ['execution_time', 'mean', 105.3, unit, null, `line 3 column Mean [${symbol}]`],
        ['execution_time', 'stddev', 1.2, unit, null, `line 3 column Mean [${symbol}]`],
        ['execution_time', 'min', 103.1, unit, null, `line 3 column Min [${symbol}]`],
        ['execution_time', 'max', 107.4, unit, null, `line 3 column Max [${symbol}]`],
        ['execution_time', 'mean', 99, unit, null, `line 4 column Mean [${symbol}]`],
        ['execution_time', 'min', 99, unit, null, `line 4 column Min [${symbol}]`],
        ['execution_time', 'max', 99, unit, null, `line 4 column Max [${symbol}]`],
      ]);
      expect(reading.measurements[0]?.labels.command).toBe('grep -c a|b x');
    }
  });

  it('reads the range of old versions and the columns of version 2', () => {
    const old = read('h.md', '| Command | Mean [ms] | Min…Max [ms] |\n|:---|---:|---:|\n| `a` | 204.7 ± 0.9 | 203.7…206.6 |\n');
    expect(old.measurements.map(({ statistic, value }) => [statistic, value])).toEqual([
      ['mean', 204.7],
      ['stddev', 0.9],
      ['min', 203.7],
      ['max', 206.6],
    ]);
    const two = read(
      'h.md',
      '| Command | Mean Wall Time [s] | Change | Factor | Mean Memory [MiB] | Change |\n|:---|---:|---:|:---|---:|---:|\n| `a` | 2.2 ± 0.1 | +3.0% | (1.3x slower) | 12.5 ± 0.5 | |\n',
    );
    expect(two.measurements.map(({ metric, value, unit }) => [metric, value, unit])).toEqual([
      ['execution_time', 2.2, 's'],
      ['execution_time', 0.1, 's'],
      ['peak_memory', 12.5, 'MiB'],
      ['peak_memory', 0.5, 'MiB'],
    ]);
  });

  it('marks a failed command and names a cell that is no result', () => {
    const reading = read(
      'h.md',
      '| Command | Mean [s] | Min [s] | Max [s] |\n|---|---|---|---|\n| `a` [ERROR] | 0.000 ± 0.000 | 0.000 | 0.000 |\n| `b` | about 3 | 2.9 | 3.1 |\n',
    );
    expect(reading.failed.map(({ pointer }) => pointer)).toEqual(['line 3']);
    expect(reading.warnings).toEqual(['line 4 column Mean [s]: "about 3" is no result that is known: it was not read']);
  });

  it.each([
    '| Client | Mean wall time [ms] |\n|---|---|\n| a | 218.2 ± 2.1 |\n',
    '| Command | Mean |\n|---|---|\n| a | 3 |\n',
    '| Command | Mean [apples] |\n|---|---|\n| a | 3 |\n',
  ])('does not claim a table of somebody', (text) => {
    expect(read('h.md', text).format).toBe('generic');
  });
});

const SAMPLE = fileURLToPath(new URL('../../../../../shared/data/formats/hyperfine/1-1brc-hyperfine.json', import.meta.url));

// Expected values were taken from the raw file by eye.
describe.skipIf(!existsSync(SAMPLE))('hyperfine, a real sample', () => {
  it('reads both commands', () => {
    const reading = readArtifact({ path: 'hyperfine.json', bytes: readFileSync(SAMPLE) });
    if (reading.status !== 'read') throw new Error(reading.reason);
    expect(reading).toMatchObject({ format: 'hyperfine', records: 2, failed: [], warnings: [] });
    const at = (pointer: string) => reading.measurements.find((one) => one.pointer === pointer);
    expect(at('/results/0/mean')).toMatchObject({ metric: 'execution_time', value: 11.61481411152, unit: 's', n: 3 });
    expect(at('/results/1/times/2')).toMatchObject({ metric: 'execution_time', value: 10.25172425152, statistic: 'value' });
    expect(at('/results/1/median')?.labels.command).toBe('cargo run --release --bin lucretiel_1brc measurements_1000000000.txt');
  });
});
