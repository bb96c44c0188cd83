import type { Reading } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { readArtifact } from '../read-artifact.ts';
import { parseTestName, testName } from './llama-bench-name.ts';

type Read = Extract<Reading, { status: 'read' }>;

function read(path: string, text: string): Read {
  const one = readArtifact({ path, bytes: Buffer.from(text) });
  if (one.status !== 'read') throw new Error(one.reason);
  return one;
}

const TABLE = `| model                          |       size |     params | backend    | ngl | type_k | fa |            test |                  t/s |
| ------------------------------ | ---------: | ---------: | ---------- | --: | -----: | -: | --------------: | -------------------: |
| gemma3 4B Q4_K - Medium        |   2.31 GiB |     3.88 B | Vulkan     |  99 |   q8_0 |  1 |           pp512 |       2345.67 ± 8.90 |
| gemma3 4B Q4_K - Medium        |   2.31 GiB |     3.88 B | Vulkan     |  99 |   q8_0 |  1 |   tg128 @ d4096 |         71.20 ± 0.35 |
| gemma3 4B Q4_K - Medium        |   2.31 GiB |     3.88 B | Vulkan     |  99 |   q8_0 |  1 |     pp512+tg128 |        301.11 ± 1.01 |
`;
const BUILD = '\nbuild: 0a1b2c3d (6789)\n';

const rates = ({ measurements }: Read) =>
  measurements
    .filter(({ unit }) => unit === 'tok/s')
    .map(({ metric, statistic, value, n, pointer }) => [metric, statistic, value, n, pointer]);

describe('llama-bench, Markdown', () => {
  it('reads mean and deviation of each row by its test', () => {
    const one = read('r.md', TABLE + BUILD);
    expect(one).toMatchObject({ format: 'llama-bench', kind: 'markdown', records: 3, warnings: [] });
    expect(rates(one)).toEqual([
      ['prompt_token_throughput', 'mean', 2345.67, null, 'line 3 column t/s'],
      ['prompt_token_throughput', 'stddev', 8.9, null, 'line 3 column t/s'],
      ['output_token_throughput', 'mean', 71.2, null, 'line 4 column t/s'],
      ['output_token_throughput', 'stddev', 0.35, null, 'line 4 column t/s'],
      ['t/s', 'mean', 301.11, null, 'line 5 column t/s'],
      ['t/s', 'stddev', 1.01, null, 'line 5 column t/s'],
    ]);
    expect(one.measurements.find(({ metric }) => metric === 'size')).toMatchObject({
      value: 2.31,
      unit: 'GiB',
      pointer: 'line 3 column size',
    });
  });

  it('makes labels of the columns, whatever they are called', () => {
    const [, second] = [3, 4].map((line) =>
      read('r.md', TABLE + BUILD).measurements.find(({ pointer }) => pointer === `line ${line} column t/s`),
    );
    expect(second?.labels).toEqual({
      engine: 'llama.cpp',
      tool: 'llama-bench',
      engine_commit: '0a1b2c3d',
      engine_version: '6789',
      model: 'gemma3 4B Q4_K - Medium',
      quantization: 'Q4_K - Medium',
      parameters: '3.88 B',
      backend: 'Vulkan',
      num_gpu: '99',
      type_k: 'q8_0',
      flash_attention: 'true',
      test: 'tg128 @ d4096',
      prompt_length: '0',
      output_length: '128',
      depth: '4096',
    });
  });

  it('reads it from a log, a text or a file without a name', () => {
    for (const path of ['r.txt', 'r.log', 'r.out', 'r', 'r.csv', 'r.json'])
      expect(read(path, TABLE + BUILD), path).toMatchObject({ format: 'llama-bench', records: 3 });
  });

  it('reads the older way of writing a test, and columns that differ', () => {
    const old =
      '| model | backend | ngl | threads | test | t/s |\n| --- | --- | ---: | ---: | --- | ---: |\n| llama 7B mostly Q4_0 | CPU | 0 | 8 | pp 512 | 30.50 ± 0.10 |\n| llama 7B mostly Q4_0 | CPU | 0 | 8 | tg 128 | 9.75 |\n';
    const one = read('r.md', old);
    expect(rates(one)).toEqual([
      ['prompt_token_throughput', 'mean', 30.5, null, 'line 3 column t/s'],
      ['prompt_token_throughput', 'stddev', 0.1, null, 'line 3 column t/s'],
      ['output_token_throughput', 'mean', 9.75, null, 'line 4 column t/s'],
    ]);
    expect(one.measurements[0]?.labels).toMatchObject({ test: 'pp512', threads: '8', quantization: 'Q4_0' });
    expect(one.measurements[0]?.labels).not.toHaveProperty('engine_commit');
  });

  it('reads the sign as consoles without UTF-8 write it', () => {
    for (const sign of ['Â±', '┬▒', '+/-']) expect(rates(read('r.md', TABLE.replaceAll('±', sign))), sign).toHaveLength(6);
  });

  it('reads rows that other lines have parted from the table, down to the build', () => {
    const [header, dashes, first, ...others] = TABLE.trimEnd().split('\n');
    const log = [
      'ggml_vulkan: Found 1 Vulkan devices:',
      header,
      dashes,
      'ggml_vulkan: 0 = AMD Radeon 8060S (radv) | uma: 1 | fp16: 1 | warp size: 64',
      'llama-bench: benchmark 1/3: prompt run 1/5',
      first,
      'llama-bench: benchmark 2/3: starting',
      ...others,
      '',
      'build: 0a1b2c3d (6789)',
      '| not | a | row |',
    ].join('\n');
    const one = read('r.log', log);
    expect(
      rates(one)
        .filter(([, statistic]) => statistic === 'mean')
        .map(([, , , , pointer]) => pointer),
    ).toEqual(['line 6 column t/s', 'line 8 column t/s', 'line 9 column t/s']);
    expect(one.measurements[0]?.labels.engine_version).toBe('6789');
    expect(one.warnings).toEqual(['line 4 has 4 cells where the header has 9']);
  });

  it('gives a build to the table right above it, and to no other', () => {
    const one = read('r.md', `${TABLE}\nSome words.\n\n${TABLE}${BUILD}`);
    const commits = one.measurements.filter(({ statistic }) => statistic === 'mean').map(({ labels }) => labels.engine_commit);
    expect(commits).toEqual([undefined, undefined, undefined, '0a1b2c3d', '0a1b2c3d', '0a1b2c3d']);
  });

  it('passes over a stack trace below, and says that the run broke off', () => {
    const one = read(
      'r.txt',
      `${TABLE}terminate called after throwing an instance of 'vk::DeviceLostError'\n  what():  vk::Queue::submit: ErrorDeviceLost\n#0 0x7f3a in abort\nAborted (core dumped)\n`,
    );
    expect(rates(one)).toHaveLength(6);
    expect(one.warnings[0]).toBe('line 6: the run broke off below its table: what it would have measured next is missing');
  });

  it.each(["llama_bench: error: failed to load model 'm.gguf'", '^C'])('says that a run broke off before its first row: %s', (line) => {
    const [header = '', dashes = ''] = TABLE.split('\n');
    const one = read('r.log', `$ ./llama-bench\n${header}\n${dashes}\n${line}\n$ ./llama-bench\n${TABLE}${BUILD}`);
    expect(one.records).toBe(3);
    expect(one.warnings).toEqual(['line 4: the run broke off below its table: what it would have measured next is missing']);
  });

  it.each([
    [
      'ggml_vulkan: 0 = Acme R9 (NAVI) (radv) | uma: 0 | fp16: 1 |\nggml_vulkan: 1 = Acme R7 (Vendor driver) | uma: 0 |',
      'Vulkan',
      'Acme R9 (NAVI), Acme R7',
    ],
    ['  Device 0: Acme GTX 9, compute capability 8.9, VMM: yes', 'CUDA', 'Acme GTX 9'],
    ['  Device 0: Acme R9, gfx1100 (0x1100), VMM: no, Wave Size: 32', 'ROCm', 'Acme R9'],
    ['  Device 0: Acme GTX 9, compute capability 8.9, VMM: yes', 'CPU', undefined],
  ])('labels a table with the GPUs that the log names above it: %s', (devices, backend, gpu) => {
    const one = read(
      'r.log',
      `ggml: found devices\n${devices}\n${TABLE.replaceAll('Vulkan', backend)}${BUILD}\n${TABLE.replaceAll('Vulkan', backend)}`,
    );
    const of = (from: number) =>
      new Set(one.measurements.filter(({ pointer }) => Number(pointer.split(' ')[1]) >= from).map(({ labels }) => labels.gpu));
    expect(one.measurements[0]?.labels.gpu).toBe(gpu);
    expect(of(10 + devices.split('\n').length)).toEqual(new Set([undefined]));
  });

  it('takes no GPU of another program, machine or table', () => {
    const device = (index: number, name: string) => `  Device ${index}: ${name}, compute capability 8.9, VMM: yes\n`;
    const cuda = TABLE.replaceAll('Vulkan', 'CUDA');
    const gpus = (text: string) => [...new Set(read('r.md', text).measurements.map(({ labels }) => labels.gpu))];
    const both = `${device(0, 'Acme A')}${device(1, 'Acme B')}`;
    expect(gpus(`${both}error: no model\n${both}${cuda}`)).toEqual(['Acme A, Acme B']);
    expect(gpus(`# One\n\n${device(0, 'Acme A')}\n# Two\n\n${cuda}`)).toEqual([undefined]);
    expect(gpus(`${device(0, 'Acme A')}$ ./llama-bench -m x 2>/dev/null\n${cuda}`)).toEqual([undefined]);
    const bare = cuda.replace(/^\| | \|$/gm, '');
    expect(gpus(`${device(0, 'Acme A')}\n${bare}\n${device(0, 'Acme B')}\n${bare}\n${bare}`)).toEqual(['Acme A', 'Acme B', undefined]);
  });

  it('tells tables apart by the outer headings where the inner ones are the same', () => {
    const page = ['One', 'Two', 'Three'].map((name) => `## ${name}\n\n### ${name === 'Three' ? 'More' : 'Results'}\n\n${TABLE}`).join('\n');
    const places = new Set(read('r.md', `# All\n\n${page}`).measurements.map(({ labels }) => labels.place));
    expect(places).toEqual(new Set(['One / Results', 'Two / Results', 'Three / More']));
  });

  it('tells tables with the same settings apart by their headings', () => {
    const other = TABLE.replaceAll('gemma3 4B', 'gemma3 1B');
    const one = read('r.md', `# Runs\n\n## Before\n\n${TABLE}\n## After the change ##\n\n${TABLE}\n## Small\n\n${other}`);
    const places = one.measurements.filter(({ statistic }) => statistic === 'mean').map(({ labels }) => labels.place);
    const three = (place: string | undefined) => [place, place, place];
    expect(places).toEqual([...three('Before'), ...three('After the change'), ...three(undefined)]);
    const again = read('r.md', `## Runs\n\n${TABLE}\n\nOnce more.\n\n${TABLE}`);
    expect(new Set(again.measurements.map(({ labels }) => labels.place))).toEqual(new Set([undefined]));
  });

  it('does not claim a stack trace alone', () => {
    expect(
      read('r.txt', "terminate called after throwing an instance of 'vk::DeviceLostError'\n  what(): t/s | test | model\n").format,
    ).not.toBe('llama-bench');
  });

  it('reads the other tables of a page as any table', () => {
    const page = `# Results\n\n| Setup | mean_latency_ms |\n|---|---|\n| a | 12.5 |\n\n${TABLE}${BUILD}\n| Command | Mean [ms] | Min [ms] | Max [ms] | Relative |\n|:---|---:|---:|---:|---:|\n| \`sleep 0.1\` | 105.3 ± 1.2 | 103.1 | 107.4 | 1.00 |\n`;
    const one = read('page.md', page);
    expect(one.format).toBe('llama-bench');
    expect(one.measurements.find(({ metric }) => metric === 'mean_latency_ms')).toMatchObject({
      value: 12.5,
      unit: 'ms',
      pointer: 'line 5 column mean_latency_ms',
    });
    expect(one.measurements.find(({ metric }) => metric === 'execution_time')).toMatchObject({
      value: 105.3,
      unit: 'ms',
      labels: { command: 'sleep 0.1' },
    });
    expect(rates(one)).toHaveLength(6);
  });

  it('leaves out rows whose rate or width is wrong, and keeps an unknown test under its own name', () => {
    const head = '| model | size | test | t/s |\n| --- | --- | --- | --- |\n';
    const one = read(
      'r.md',
      `${head}| a Q4_0 | 1 GiB | pp512 | ~88 |\n| a Q4_0 | pp512 | 99.00 ± 1.00 |\n| a Q4_0 | 1 GiB | 512 | 77.00 ± 1.00 |\n| a Q4_0 | 1 GiB | tg8 | 0.00 ± 0.00 |\n| a Q4_0 | 1 GiB | tg8 | **5.00 ± 0.10** |\n`,
    );
    expect(rates(one).map(([metric, , value]) => [metric, value])).toEqual([
      ['t/s', 77],
      ['t/s', 1],
      ['output_token_throughput', 5],
      ['output_token_throughput', 0.1],
    ]);
    expect(one.failed).toEqual([{ pointer: 'line 6', reason: 't/s is 0.00: nothing was measured' }]);
    expect(one.warnings).toEqual([
      'line 4 has 3 cells where the header has 4',
      'line 3 column t/s: "~88" is no rate: the row was not read',
      'line 5: "512" is no test that is known: its rate was kept as t/s',
    ]);
  });

  it.each([
    [
      'llama-benchy',
      '| model | test | t/s | peak t/s | ttfr (ms) | est_ppt (ms) |\n|---|---|---|---|---|---|\n| m | pp512 | 10.00 ± 0.10 | | 5.00 ± 0.10 | 4.00 |\n',
    ],
    ['a table of somebody', '| Model | t/s |\n|---|---|\n| a | 30.5 |\n'],
    ['a table without model', '| Test | t/s |\n|---|---|\n| pp512 | 641.85 ± 27.32 |\n'],
    ['prose', 'It ran at 30 t/s on this model, in this test | that backend.\n'],
  ])('does not claim %s', (_, text) => {
    expect(read('r.md', text).format).not.toBe('llama-bench');
  });

  it('names tests as the tool does', () => {
    for (const name of ['pp512', 'tg128', 'pp512+tg128', 'pp1 @ d32768'])
      expect(testName(parseTestName(name) ?? { prompt: 0, generated: 0, depth: 0 })).toBe(name);
    for (const name of ['pp', 'tg128x', 'pp512+', ' pp512', 'PP512', 'tg-1', 'pp9999999999']) expect(parseTestName(name), name).toBeNull();
  });
});
