import type { Reading } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { looksCut, readArtifact } from '../read-artifact.ts';

type Read = Extract<Reading, { status: 'read' }>;

function read(text: string, path = 'run.txt'): Read {
  const reading = readArtifact({ path, bytes: Buffer.from(text) });
  if (reading.status !== 'read') throw new Error(reading.reason);
  return reading;
}

/** A run as it is printed, with the given lines changed; null leaves one out. */
function run(changes: Readonly<Record<string, string | null>> = {}): string {
  const lines: Record<string, string | null> = {
    'total duration': '4.6s',
    'load duration': '50.25ms',
    'prompt eval count': '10 token(s)',
    'prompt eval duration': '500ms',
    'prompt eval rate': '20.00 tokens/s',
    'eval count': '200 token(s)',
    'eval duration': '4s',
    'eval rate': '50.00 tokens/s',
    ...changes,
  };
  return Object.entries(lines)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${`${name}:`.padEnd(22)}${value}\n`)
    .join('');
}

const brief = (reading: Read) => reading.measurements.map(({ metric, value, unit, pointer }) => [metric, value, unit, pointer]);
const valuesOf = (reading: Read, metric: string) => reading.measurements.filter((one) => one.metric === metric).map(({ value }) => value);

describe('ollama run --verbose', () => {
  it('gives what stands on each line', () => {
    const reading = read(run());
    expect(reading).toMatchObject({ format: 'ollama-run-verbose', records: 1, warnings: [], failed: [] });
    expect(brief(reading)).toEqual([
      ['request_latency', 4.6, 's', 'line 1'],
      ['load_duration', 50.25, 'ms', 'line 2'],
      ['prompt_eval_duration', 500, 'ms', 'line 4'],
      ['eval_duration', 4, 's', 'line 7'],
      ['prompt_eval_count', 10, 'tokens', 'line 3'],
      ['eval_count', 200, 'tokens', 'line 6'],
      ['output_token_throughput', 50, 'tok/s', 'line 8'],
      ['prompt_token_throughput', 20, 'tok/s', 'line 5'],
    ]);
    expect(reading.measurements[0]).toMatchObject({
      statistic: 'value',
      over: 'repetitions',
      labels: { engine: 'ollama', tool: 'ollama run --verbose' },
    });
  });

  it('sums durations of minutes in seconds, and knows microseconds', () => {
    const reading = read(
      run({ 'total duration': '1m2.3s', 'load duration': '877µs', 'eval duration': '1h0m4s', 'eval rate': '0.06 tokens/s' }),
    );
    expect(brief(reading).slice(0, 4)).toEqual([
      ['request_latency', 62.3, 's', 'line 1'],
      ['load_duration', 877, 'us', 'line 2'],
      ['prompt_eval_duration', 500, 'ms', 'line 4'],
      ['eval_duration', 3604, 's', 'line 7'],
    ]);
  });

  it('reads several runs of a log, each with the model and the parameters it was run with', () => {
    const log = [
      '$ ollama run --verbose --keepalive 5m "llama3.2:1b" "Why?"',
      'Because eval rate: is a word.',
      '',
      run(),
      '$ ollama run hf.co/org/Model-GGUF:Q4_K_M --verbose',
      ">>> /set parameter num_ctx 4096\nSet parameter 'num_ctx' to '4096'",
      '>>> Why?',
      run({ 'eval rate': '40.00 tokens/s', 'eval duration': '5s' }),
      '>>> And?',
      run({ 'eval rate': '25.00 tokens/s', 'eval duration': '8s' }),
    ].join('\n');
    const reading = read(log, 'session.log');
    expect(reading.records).toBe(3);
    const rates = reading.measurements.filter(({ metric }) => metric === 'output_token_throughput');
    expect(rates.map(({ value, labels, pointer }) => [value, labels.model, labels.num_ctx, pointer])).toEqual([
      [50, 'llama3.2:1b', undefined, 'line 11'],
      [40, 'hf.co/org/Model-GGUF:Q4_K_M', '4096', 'line 24'],
      [25, 'hf.co/org/Model-GGUF:Q4_K_M', '4096', 'line 34'],
    ]);
  });

  it('reads what a terminal recorded, and a quotation', () => {
    const mark = String.fromCharCode(27);
    expect(valuesOf(read(run().replace(/^/, `${mark}[?25l${mark}[2K`)), 'output_token_throughput')).toEqual([50]);
    expect(valuesOf(read(run().replace(/^/gm, '> '), 'issue.md'), 'output_token_throughput')).toEqual([50]);
    expect(read(run().replaceAll('\n', '\r\n')).measurements).toHaveLength(8);
  });

  it('knows no rate of a prompt that came from the cache', () => {
    const reading = read(run({ 'prompt eval count': null, 'prompt eval rate': '0.00 tokens/s' }));
    expect(valuesOf(reading, 'prompt_token_throughput')).toEqual([]);
    expect(reading.warnings).toEqual([expect.stringContaining('line 4: the rate of the prompt is unknown')]);
  });

  it('knows of what part of a prompt came from the cache', () => {
    const text = run({ 'prompt eval count': '45 token(s)\nprompt eval cached:   35 token(s)' });
    const reading = read(text);
    expect(reading.warnings).toEqual([]);
    expect(valuesOf(reading, 'prompt_token_throughput')).toEqual([20]);
    expect(valuesOf(reading, 'prompt_eval_cached_count')).toEqual([35]);
  });

  it('keeps an absurd rate of a prompt apart', () => {
    const reading = read(
      run({ 'prompt eval count': '32768 token(s)', 'prompt eval duration': '235.1ms', 'prompt eval rate': '139379.00 tokens/s' }),
    );
    const [rate] = reading.measurements.filter(({ metric }) => metric === 'prompt_token_throughput');
    expect(rate).toMatchObject({ value: 139379, labels: { prompt_cache: 'suspected' } });
    expect(reading.warnings).toEqual([expect.stringContaining('line 5: 139379 tok/s for the prompt is not to be believed')]);
  });

  it.each([
    ['one token', { 'eval count': '1 token(s)', 'eval duration': '1µs', 'eval rate': '1000000.00 tokens/s' }],
    ['no tokens', { 'eval count': null, 'eval rate': '0.00 tokens/s' }],
    ['what is no number', { 'eval rate': '+Inf tokens/s' }],
  ])('makes no rate of %s', (_what, changes) => {
    const reading = read(run(changes));
    expect(valuesOf(reading, 'output_token_throughput')).toEqual([]);
    expect(reading.warnings).toEqual([expect.stringContaining('line ')]);
  });

  it('says where a rate is not what its count and duration give', () => {
    const reading = read(run({ 'eval rate': '500.00 tokens/s' }));
    expect(reading.warnings).toEqual(['line 8: 500 tok/s is not what its count and duration give, 50 tok/s']);
  });

  it('labels cold and warm what includes the loading', () => {
    const cold = run({ 'total duration': '10.6s', 'load duration': '6.05s' });
    const starts = (text: string, metric: string) =>
      read(text)
        .measurements.filter((one) => one.metric === metric)
        .map(({ labels }) => labels.start);
    expect(starts(`${cold}\n${run()}\n${run()}`, 'request_latency')).toEqual(['cold', 'warm', 'warm']);
    expect(starts(`${cold}\n${run()}`, 'output_token_throughput')).toEqual([undefined, undefined]);
    expect(starts(cold, 'load_duration')).toEqual(['cold']);
    expect(starts(run(), 'load_duration')).toEqual([undefined]);
  });

  it('passes over a single line that a model may have said, and a run that only loaded', () => {
    const reading = read(
      `${run()}\nHe said:\neval rate:            9999.00 tokens/s\nand left.\ntotal duration:       5s\nload duration:        4.9s\n`,
    );
    expect(reading.records).toBe(1);
    expect(valuesOf(reading, 'output_token_throughput')).toEqual([50]);
    expect(reading.warnings).toEqual([
      expect.stringContaining('line 11 looks like a line of --verbose'),
      expect.stringContaining('line 13 looks like'),
    ]);
  });

  it('is no other run when it is cut at any byte', () => {
    const text = run({ 'total duration': '1m2.3s', 'prompt eval duration': '235.137ms', 'prompt eval rate': '42.53 tokens/s' });
    const whole = new Map(read(text).measurements.map(({ pointer, value, unit }) => [pointer, `${value} ${unit}`]));
    expect(whole.size).toBe(8);
    for (let end = 0; end < text.length; end += 1) {
      const reading = readArtifact({ path: 'run.txt', bytes: Buffer.from(text.slice(0, end)) });
      for (const { pointer, value, unit } of reading.status === 'read' ? reading.measurements : [])
        expect(`${value} ${unit}`, `${pointer}, cut at ${end}`).toBe(whole.get(pointer));
    }
    expect(looksCut(read(`${run()}${run().slice(0, 52)}`))).toBe(true);
  });

  it.each([
    ['llama.cpp’s own timings', 'prompt eval time =  100.00 ms / 10 tokens\n       eval time = 4000.00 ms / 200 runs\n'],
    ['prose', 'The eval rate: 50 tokens/s was good, the prompt eval rate: 20.\n'],
    ['a rate alone', 'eval rate: 50.00 tokens/s\n'],
  ])('is not %s', (_what, text) => expect(read(text).format).toBe('unknown'));

  it('leaves a page with tables to those who read tables', () => {
    expect(read(`${run()}\n\n| tok/s |\n| --- |\n| 5 |\n`, 'a.md').format).toBe('generic');
  });

  it('is linear in blanks and in long lines', () => {
    expect(read(`${run()}${' '.repeat(200_000)}\n${'\n'.repeat(100_000)}${'eval rate: '.repeat(20_000)}\n`).records).toBe(1);
  });
});
