import { describe, expect, it } from 'vitest';
import { readArtifact } from './read-artifact.ts';
import { readStreamed, readWhole } from './stream/stream-for-test.ts';

function read(text: string, path = 'a.json') {
  const reading = readArtifact({ path, bytes: Buffer.from(text) });
  if (reading.status === 'refused') throw new Error(reading.reason);
  return reading;
}
const said = (places: string) => [`numbers in quotes are texts, and were not read: ${places}`];

describe('numbers that JSON puts in quotes', () => {
  it.each<[unknown, string]>([
    [{ latency_ms: '12.5' }, '/latency_ms ("12.5")'],
    [{ latency_ms: '12.5 ms' }, '/latency_ms ("12.5 ms")'],
    [{ latency_ms: ' 1,234.5 ' }, '/latency_ms ("1,234.5")'],
    [{ ttft: '12.5 ms' }, '/ttft ("12.5 ms")'],
    [{ results: [{ ttft_ms: 7 }, { ttft_ms: '8' }, { ttft_ms: '9' }] }, '/results/1/ttft_ms ("8")'],
    [{ ttft_ms: { p50: '12.5', p99: '20' } }, '/ttft_ms/p50 ("12.5"), /ttft_ms/p99 ("20")'],
    [{ metric: 'ttft', value: '12.5', unit: 'ms' }, '/value ("12.5")'],
    [{ ttft_ms: ['1.5', '2.5'] }, '/ttft_ms/0 ("1.5")'],
    [{ a_ms: '1', b_ms: '2', c_ms: '3', d_ms: '4', e_ms: '5' }, '/a_ms ("1"), /b_ms ("2"), /c_ms ("3") and others'],
  ])('are not read, and that is said once: %j', (value, places) => {
    const { measurements, warnings } = read(JSON.stringify({ n: 1, ...Object(value) }));
    expect(measurements.filter(({ pointer }) => places.includes(`${pointer} (`))).toEqual([]);
    expect(warnings).toEqual(said(places));
  });

  it.each<[unknown]>([
    [{ batch_size: '8', version: '1.2', id: '17', seed: '42', port: '8080' }],
    [{ model: '7', gpu: '80 GB', timeout_ms: '500', file_size_mb: '12', power_limit_w: '300' }],
    [{ config: { warmup_s: '3' }, targets: { ttft_ms: '200' } }],
    [{ latency_ms: 'n/a', ttft_ms: '', load_s: 'fast', eval_s: '1.2.3' }],
    [{ ttft: '12.5', p99: '12', duration: '30s', when: '2026' }],
  ])('are texts where they name, set or count something else: %j', (value) => {
    expect(read(JSON.stringify({ n: 1, ...Object(value) })).warnings).toEqual([]);
  });

  const lines = (count: number, of: (line: number) => unknown) =>
    Array.from({ length: count }, (_, line) => `${JSON.stringify({ line, tok_s: line + 0.5, ...Object(of(line)) })}\n`).join('');

  it.each<[string, (line: number) => unknown, (line: number) => unknown, string]>([
    ['in all lines', (line) => ({ ttft_ms: `${line}.5` }), (line) => ({ ttft_ms: `${line}.5` }), 'line 1 /ttft_ms ("0.5")'],
    ['late', () => ({ ttft_ms: 7 }), (line) => ({ ttft_ms: line === 250 ? '8' : 7 }), 'line 271 /ttft_ms ("8")'],
    ['late, among texts', () => ({ ttft_ms: 'n/a' }), (line) => ({ ttft_ms: line > 250 ? `${line}` : 'n/a' }), 'line 272 /ttft_ms ("251")'],
    ['late, with units', () => ({ ttft: '1.2.3' }), (line) => ({ ttft: line > 250 ? '5 ms' : '5 GB' }), 'line 272 /ttft ("5 ms")'],
    ['late, in a list', () => ({ itl_ms: ['x'] }), (line) => ({ itl_ms: [line > 250 ? '5' : 'x'] }), 'line 272 /itl_ms/0 ("5")'],
    [
      'late, in an object',
      () => ({ ttft_ms: { p50: 'x' } }),
      (line) => ({ ttft_ms: { p50: line > 9 ? '5' : 'x' } }),
      'line 31 /ttft_ms/p50 ("5")',
    ],
    ['late, escaped', () => ({ ttft_ms: 'x' }), (line) => ({ ttft_ms: line > 9 ? '\u00a05' : 'x' }), 'line 31 /ttft_ms ("5")'],
  ])('are told in a stream as whole: %s', (_, first, then, places) => {
    const head = lines(20, first);
    const input = { path: 'a.jsonl', bytes: Buffer.from(head + lines(300, then)) };
    const whole = readWhole(input);
    expect(whole.warnings).toEqual(said(places));
    for (const chunk of [7, 65_536]) expect(readStreamed(input, { chunk, head: head.length })).toEqual(whole);
  });
});
