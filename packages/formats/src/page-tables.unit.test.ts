import { describe, expect, it } from 'vitest';
import { readArtifact } from './read-artifact.ts';

function read(text: string, path = 'page.md') {
  const reading = readArtifact({ path, bytes: Buffer.from(text) });
  if (reading.status !== 'read') throw new Error(reading.reason);
  return reading;
}

/** Pointer and metric of each number. */
const named = (text: string) => read(text).measurements.map(({ pointer, metric }) => [pointer, metric]);

const labels = (text: string) => read(text).measurements.map(({ labels }) => labels);

describe('what stands above the table of a page', () => {
  const bare = '| Model | tok/s |\n|---|---|\n| a | 900 |\n';

  it.each([
    ['a heading', '## Prefill (prompt processing)\n\n'],
    ['the heading of a section around', '# prefill:\n\ntext\n\n## throughput:\n\n'],
    ['a line', 'Prompt processing, in tok/s:\n\n'],
    ['a line in bold', '**pp512**\n'],
    ['a heading of training', '### Training throughput\n'],
    ['a heading that is underlined', '# Decode\n\nPrefill\n-------\n\n'],
    ['a line in bold, further above', '**Prefill**\n\ntext\n\ntext\n\n'],
  ])('keeps a bare rate from being that of generation: %s', (_, above) => {
    expect(named(above + bare).map(([, metric]) => metric)).toEqual(['tok/s']);
  });

  it.each([
    ['a section that has ended', '# Prefill\n\ntext\n\n# Decode\n\n'],
    ['a deeper section that has ended', '# Results\n\n### Prefill\n\n## Decode\n\n'],
    ['a line further above', 'Prefill is not shown.\n\n\n\n'],
    ['a comment in code', '```sh\n# prefill\n```\n\n'],
    ['a quantization', '# A quantization-aware training model\n\n'],
    ['a section that ended with an underlined heading', '## Prefill\n\ntext\n\nResults\n=======\n\n'],
    ['a feature of the server', '## With chunked prefill\n\n'],
    ['the pipeline beside the tensors', '## TP=2, PP=2\n\n'],
    ['nothing', ''],
  ])('says nothing of it by %s', (_, above) => {
    expect(named(above + bare).map(([, metric]) => metric)).toEqual(['output_token_throughput']);
  });

  it('says nothing of a rate that is none of all tokens', () => {
    expect(named('## Prefill\n\n| Model | Prompt tok/s | TTFT (ms) |\n|---|---|---|\n| a | 900 | 80 |\n')).toEqual([
      ['line 5 column Prompt tok/s', 'prompt_token_throughput'],
      ['line 5 column TTFT (ms)', 'time_to_first_token'],
    ]);
  });
});

describe('rows of a page that would have the same labels', () => {
  it('have more of their words as labels', () => {
    expect(
      labels(
        '| Method | Kind | Dataset | TTFT (ms) |\n|---|---|---|---|\n| full | base | wiki | 50 |\n| cut | first | wiki | 40 |\n| cut | second | wiki | 30 |\n',
      ),
    ).toEqual([
      { dataset: 'wiki', method: 'full', kind: 'base' },
      { dataset: 'wiki', method: 'cut', kind: 'first' },
      { dataset: 'wiki', method: 'cut', kind: 'second' },
    ]);
  });

  it('have whole numbers in front of the measurements as labels', () => {
    const all = read(
      '| Words | Users | N | TTFT (ms) | Tokens |\n|---|---|---|---|---|\n| 128 | 1 | 8 | 92.5 | 7 |\n| 128 | 32 | 8 | 812 | 9 |\n',
    ).measurements;
    expect(all.filter(({ metric }) => metric === 'time_to_first_token').map(({ labels }) => labels)).toEqual([
      { users: '1' },
      { users: '32' },
    ]);
  });

  it.each([
    ['of nothing else', '| Model | TTFT (ms) |\n|---|---|\n| a | 50 |\n| a | 51 |\n', { model: 'a' }],
    ['of what numbers them', '| Model | Run | TTFT (ms) |\n|---|---|---|\n| a | 1 | 50 |\n| a | 2 | 51 |\n', { model: 'a' }],
    [
      'of what numbers them in words',
      '| Model | Trial | TTFT (ms) |\n|---|---|---|\n| a | first | 50 |\n| a | second | 51 |\n',
      { model: 'a' },
    ],
    ['of what dates them', '| Model | Day | TTFT (ms) |\n|---|---|---|\n| a | Mon | 50 |\n| a | Tue | 51 |\n', { model: 'a' }],
    ['of what was scored', '| Model | Score | TTFT (ms) |\n|---|---|---|\n| a | 71 | 50 |\n| a | 75 | 51 |\n', { model: 'a' }],
    ['of what is made of them', '| Model | Speedup | TTFT (ms) |\n|---|---|---|\n| a | 1.0x | 50 |\n| a | 1.1x | 51 |\n', { model: 'a' }],
    [
      'of other measurements',
      '| Model | TTFT (ms) | Load | Board |\n|---|---|---|---|\n| a | 50 | 7 s | x |\n| a | 51 | 8 s | x |\n',
      { model: 'a', board: 'x' },
    ],
  ])('stay repeats: %s', (_, text, of) => {
    expect(labels(text)).toEqual(labels(text).map(() => of));
  });

  it('are named by words of any script', () => {
    expect(labels('| 配置 | TTFT (ms) |\n|---|---|\n| 甲 | 50 |\n| 乙 | 51 |\n')).toEqual([{ 配置: '甲' }, { 配置: '乙' }]);
  });
});

describe('cells of a page', () => {
  it('say with a question mark that there is no value', () => {
    const reading = read('| Model | TTFT (ms) | tok/s |\n|---|---|---|\n| a | ? | 45 |\n| b | 80 | TBD |\n');
    expect(reading.measurements.map(({ pointer, labels }) => [pointer, labels])).toEqual([
      ['line 3 column tok/s', { model: 'a' }],
      ['line 4 column TTFT (ms)', { model: 'b' }],
    ]);
    expect(reading.warnings).toEqual([]);
  });

  it.each(['94 / 6', '18.0–18.2', '18 – 20 tok/s', '35.9<br>40.1', '1.5 - 2.5 s', '2 to 3 ms'])('hold more than one number: %s', (cell) => {
    const reading = read(`| Model | TTFT |\n|---|---|\n| a | ${cell} |\n| b | 7 / 9 |\n`);
    expect(reading.measurements).toEqual([]);
    expect(reading.warnings).toEqual([`column "TTFT" (line 3: "${cell}") was left out: its cells hold more than one number`]);
  });

  it.each(['2026-01-02', '1-2', '10/11/2026', '512x512', '3.11-slim'])('hold none at all: %s', (cell) => {
    expect(read(`| Model | Build |\n|---|---|\n| a | ${cell} |\n| b | x ${cell} |\n`).warnings).toEqual([]);
  });

  it('name a model by its size, and are not said to be left out', () => {
    const reading = read('| Model | TTFT (ms) |\n|---|---|\n| 3B | 50 |\n| 7B | 90 |\n');
    expect(reading.measurements.map(({ value, labels }) => [value, labels])).toEqual([
      [50, { model: '3B' }],
      [90, { model: '7B' }],
    ]);
    expect(reading.warnings).toEqual([]);
  });
});

describe('a table of a page with a metric in each row', () => {
  it('has the statistics that its columns name in words', () => {
    const text =
      '| Metric | Minimum | Maximum | Average Value | Standard Deviation | Max value |\n|---|---|---|---|---|---|\n| Latency (ms) | 10 | 500 | 175 | 82.5 | 900 |\n';
    const found = read(text).measurements.map(({ metric, statistic, value, unit }) => [metric, statistic, value, unit]);
    expect(found).toEqual([
      ['Latency (ms)', 'min', 10, 'ms'],
      ['Latency (ms)', 'max', 500, 'ms'],
      ['Latency (ms)', 'mean', 175, 'ms'],
      ['Latency (ms)', 'stddev', 82.5, 'ms'],
      // It may be what is allowed.
      ['Max value', 'value', 900, null],
    ]);
  });
});

describe('a row in bold of a page that names the rows below it', () => {
  const rows = '| TTFT (ms) | 80 |\n| Throughput (tok/s) | 800 |\n';

  it.each([
    ['**Batch 8**', '**Batch 16**'],
    ['__Batch 8__', '__Batch 16__'],
    ['<b>Batch 8</b>', '**Batch 16**:'],
  ])('is their section: %s', (one, other) => {
    const text = `| Metric | vLLM |\n|---|---|\n| ${one} | |\n${rows}| ${other} |\n${rows}`;
    const reading = read(text);
    expect(reading.measurements.map(({ pointer, labels }) => [pointer, labels.section])).toEqual([
      ['line 4 column vLLM', 'Batch 8'],
      ['line 5 column vLLM', 'Batch 8'],
      ['line 7 column vLLM', 'Batch 16'],
      ['line 8 column vLLM', 'Batch 16'],
    ]);
    expect([reading.records, reading.warnings]).toEqual([4, []]);
  });

  it.each([
    ['where all names are in bold, as its results may be missing', '| **a** | 5 |\n| **b** | |\n| **c** | 50 |\n'],
    ['where it has results of its own', '| a | 5 |\n| **b** | 6 |\n| c | 50 |\n'],
    ['where it is not in bold', '| a | 5 |\n| b | |\n| c | 50 |\n'],
  ])('is none %s', (_, own) => {
    expect(labels(`| Model | tok/s |\n|---|---|\n${own}`).every((one) => one.section === undefined)).toBe(true);
  });
});

describe('a table of a page with what was aimed at', () => {
  const table = '| Metric | Value |\n|---|---|\n| TTFT (ms) | 200 |\n';

  it.each(['## SLO targets', '## Results\n\n### Performance goals', '## Latency budget\n\nPer request:'])(
    'is not read, and told of: %s',
    (above) => {
      const reading = read(`${above}\n\n${table}`);
      expect(reading.measurements).toEqual([]);
      expect(reading.warnings).toEqual([
        expect.stringMatching(/^the table at line \d+ stands under ".*": what was aimed at is no result, and it was not read$/),
      ]);
    },
  );

  it.each([
    ['the heading says that it was measured', `## SLO attainment\n\n${table}`],
    ['the heading is of a section around', `# Goals\n\n## Setup\n\nText.\n\n### Runs on one GPU\n\nNumbers:\n\n${table}`],
    ['a column says that it was measured', `## Targets\n\n${table.replace('Value', 'Measured')}`],
  ])('is read where %s', (_, text) => {
    expect(read(text).measurements).toHaveLength(1);
  });
});
