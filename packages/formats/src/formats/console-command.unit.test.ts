import type { Reading } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { readArtifact } from '../read-artifact.ts';
import { commandAt } from './console-command.ts';

type Read = Extract<Reading, { status: 'read' }>;

function read(text: string, path = 'page.md'): Read {
  const reading = readArtifact({ path, bytes: Buffer.from(text) });
  if (reading.status !== 'read') throw new Error(reading.reason);
  return reading;
}

const block = (values: Readonly<Record<string, string>> = {}) =>
  [
    '============ Serving Benchmark Result ============',
    ...Object.entries({ 'Successful requests': '10', 'Mean TTFT (ms)': '81.50', ...values }).map(([label, value]) => `${label}:  ${value}`),
    '='.repeat(50),
  ].join('\n');
const command = (...flags: string[]) => `\`\`\`bash\nvllm bench serve ${flags.join(' \\\n  ')}\n\`\`\`\n`;
/** The labels of each result, by its time to first token. */
const labelsOf = (text: string) =>
  read(text).measurements.flatMap(({ metric, labels }) => (metric === 'time_to_first_token' ? [labels] : []));

describe('the flags of a command', () => {
  const flags = (...lines: string[]) => Object.fromEntries(commandAt(lines, 0)?.flags ?? []);

  it.each([
    [['vllm bench serve --model org/a --num-prompts=10'], { model: 'org/a', num_prompts: '10' }],
    [
      ['$ python3 -m sglang.bench_serving \\', '> --backend sglang --ignore-eos \\', '--seed 1', '--late 2'],
      { backend: 'sglang', seed: '1' },
    ],
    [['python benchmarks/benchmark_serving.py --model "org/a" --label \'x\''], { model: 'org/a', label: 'x' }],
    [['vllm bench serve --model $MODEL --dataset-path <path> --num-prompts $((c * 4)) --seed 1'], { seed: '1' }],
    [['vllm bench serve --model a 2>&1 | tee --append x.log'], { model: 'a' }],
    [['vllm bench serve --model a && next --seed 2'], { model: 'a' }],
    [['vllm bench serve --model a; next --seed 2'], { model: 'a' }],
    [['vllm bench serve --model a & next --seed 2'], { model: 'a' }],
    [['vllm bench serve --model a >x.log --seed 2'], { model: 'a' }],
    [['vllm bench serve --model a # was --model b'], { model: 'a' }],
    [['vllm bench serve --label "old --model b --seed 2" --model a'], { model: 'a' }],
    [['vllm bench serve --model a --seed 1 --model $MODEL'], { seed: '1' }],
    [['vllm bench serve --random-input-len 7 --random-output-len 8 --input-len 9'], { random_output_len: '8', input_len: '9' }],
    [['vllm bench serve --random-input-len 7 --input-len $L'], {}],
    [['With `vllm bench serve --model a` and --seed 2 it is'], {}],
    [['Called: `vllm bench serve --model a` and --seed 2'], { model: 'a' }],
    [['vllm bench serve --model a\r'], { model: 'a' }],
    [['python -m tensorrt_llm.serve.scripts.benchmark_serving --model a'], { model: 'a' }],
    [['for c in 1 2; do uv run vllm bench serve --model a --max-concurrency $c; done'], { model: 'a' }],
  ])('%j', (lines, expected) => {
    expect(flags(...lines)).toEqual(expected);
  });

  it.each(['vllm bench serve prints this:', 'vllm serve org/a --port 8000', 'my_bench_serving.pyx --model a'])('are none of %j', (line) => {
    expect(commandAt([line], 0)).toBeNull();
  });
});

describe('the command above a printed result', () => {
  const random = ['--model org/a', '--dataset-name random', '--num-prompts 10'];

  it('gives labels, so that results of different lengths are no repetitions', () => {
    const page = (input: number) =>
      `${command(...random, `--random-input-len ${input}`, '--random-output-len 64', '--seed 3')}\n${block()}\n`;
    const [first, second] = labelsOf(`# Results\n\n${page(1000)}${page(8000)}`);
    expect(first).toEqual({
      ...{ tool: 'vllm bench serve', model: 'org/a', dataset: 'random', num_prompts: '10', prompt_length: '1000', output_length: '64' },
    });
    expect(second).toEqual({ ...first, prompt_length: '8000' });
  });

  it('gives none where something in the result contradicts it', () => {
    expect(labelsOf(`${command('--model org/a', '--num-prompts 500')}\n${block()}\n`)).toEqual([{ tool: 'vllm bench serve' }]);
    const limited = block({ 'Maximum request concurrency': '8' });
    expect(labelsOf(`${command('--model org/a', '--max-concurrency 16')}\n${limited}\n`)).toEqual([
      { tool: 'vllm bench serve', concurrency: '8' },
    ]);
    const exact = labelsOf(`${command('--request-rate 0.333')}\n${block({ 'Request rate configured (RPS)': '0.33' })}\n`);
    expect(exact).toMatchObject([{ request_rate: '0.333' }]);
  });

  it.each([
    ['longer prompts', { 'Total input tokens': '80000' }],
    ['longer outputs', { 'Total generated tokens': '2000' }],
  ])('gives none of a result with %s', (_, values) => {
    const text = `${command(...random, '--random-input-len 1000', '--random-output-len 64')}\n`;
    expect(labelsOf(`${text}${block(values)}\n`)).toEqual([{ tool: 'vllm bench serve' }]);
    const own = block({ 'Total input tokens': '10150', 'Total generated tokens': '640' });
    expect(labelsOf(`${text}${own}\n`)).toMatchObject([{ prompt_length: '1000', output_length: '64' }]);
    const many = { 'Successful requests': '40', 'Total input tokens': '5000' };
    expect(labelsOf(`${text.replace('--num-prompts 10', '--num-prompts 40')}${block(many)}\n`)).toEqual([{ tool: 'vllm bench serve' }]);
  });

  it('gives none of a result that another tool printed', () => {
    const sglang = block({ Backend: 'sglang', 'Mean E2E Latency (ms)': '900.5' });
    expect(labelsOf(`${command('--model org/a')}\n${sglang}\n`)[0]?.model).toBeUndefined();
    const other = command('--model org/a').replace('vllm bench serve', 'python -m sglang.bench_serving');
    expect(labelsOf(`${other}\n${block()}\n`)).toEqual([{ tool: 'vllm bench serve' }]);
    expect(labelsOf(`${other}\n${sglang}\n`)).toMatchObject([{ model: 'org/a', tool: 'sglang.bench_serving' }]);
  });

  it('gives none where somebody else is quoted, unless the result is quoted too', () => {
    const quoted = (text: string) => text.replace(/^/gm, '> ');
    expect(labelsOf(`${quoted(command('--model org/a'))}\n\n${block()}\n`)).toEqual([{ tool: 'vllm bench serve' }]);
    expect(labelsOf(`${quoted(`${command('--model org/a')}\n${block()}`)}\n`)).toMatchObject([{ model: 'org/a' }]);
  });

  it('is that of a result below another heading only where no second one follows', () => {
    const models = (text: string) => labelsOf(text).map(({ model }) => model);
    const one = `## How\n\n${command('--model org/a')}\n## Results\n\n### First\n\n\`\`\`\n${block()}\n\`\`\`\n`;
    expect(models(one)).toEqual(['org/a']);
    expect(models(`${one}\n### Second\n\n${block()}\n`)).toEqual([undefined, undefined]);
    expect(models(`${one}\nAnd so on:\n\n${block()}\n`)).toEqual([undefined, undefined]);
    const other = command('--model org/b');
    expect(models(`${one}\n### Second\n\n${other}\n${block()}\n`)).toEqual(['org/a', 'org/b']);
  });

  it('gives none where commands stand below their results', () => {
    const models = (text: string) => labelsOf(text).map(({ model }) => model);
    const one = (name: string) => `${block()}\n\n${command(`--model ${name}`)}\n`;
    expect(models(`${one('org/a')}${one('org/b')}`)).toEqual([undefined, undefined]);
    expect(models(`## A\n\n${one('org/a')}\n## B\n\n${one('org/b')}`)).toEqual([undefined, undefined]);
    expect(models(`## A\n\n${one('org/a')}\n## B\n\n${block()}\n`)).toEqual([undefined, undefined]);
    // None stands below the last one.
    expect(models(`${block()}\n${command('--model org/b')}\n${block()}\n`)).toEqual([undefined, 'org/b']);
  });

  it('does not hold behind words, or behind the start of another server', () => {
    const models = (between: string) =>
      labelsOf(`${command('--model org/a')}\n\`\`\`\n${block()}\n\`\`\`\n${between}\n\`\`\`\n${block()}\n\`\`\`\n`).map(
        ({ model }) => model,
      );
    expect(models('')).toEqual(['org/a', 'org/a']);
    expect(models('With longer prompts:')).toEqual(['org/a', undefined]);
    expect(models('```\nvllm serve org/b &\n```')).toEqual(['org/a', undefined]);
  });

  it('gives none where it is one of two', () => {
    expect(labelsOf(`${command('--model org/a')}${command('--model org/b')}\n${block()}\n`)).toEqual([{ tool: 'vllm bench serve' }]);
  });

  it('holds for the results that follow, up to the next heading or command', () => {
    const models = labelsOf(
      `${command('--model org/a')}\n${block()}\n${block()}\n## Other\n\n${block()}\n${command('--seed 1')}${block()}\n`,
    );
    expect(models.map(({ model }) => model)).toEqual(['org/a', 'org/a', undefined, undefined]);
  });

  it('is less than the arguments that the tool printed', () => {
    const printed = "Namespace(model='org/b', num_prompts=10)";
    expect(labelsOf(`${command('--model org/a')}\n${printed}\n${block()}\n`)).toMatchObject([{ model: 'org/b' }]);
  });
});

describe('results of a page with the same labels', () => {
  it('are told apart by what differs in their commands', () => {
    const run = (...flags: string[]) => `${command('--model org/a', ...flags)}\n${block()}\n`;
    const [first, second] = labelsOf(`${run('--random-prefix-len 0', '--port 8000')}${run('--random-prefix-len 512', '--port 8000')}`);
    expect(first).toEqual({ tool: 'vllm bench serve', model: 'org/a', random_prefix_len: '0' });
    expect(second).toEqual({ ...first, random_prefix_len: '512' });
    expect(labelsOf(`${run('--host one')}${run('--host two')}${run()}`).map(({ flag_host }) => flag_host)).toEqual([
      'one',
      'two',
      undefined,
    ]);
    const seeds = labelsOf(`${run('--seed 1', '--result-filename a.json')}${run('--seed 2', '--result-filename b.json')}`);
    expect(seeds).toEqual(Array(2).fill({ tool: 'vllm bench serve', model: 'org/a' }));
  });

  const places = (text: string) => labelsOf(text).map(({ place }) => place);

  it('are told apart by what differs in the headings above', () => {
    const page = `# Model\n\n## Short\n\n### Low\n\n${block()}\n\n## Long\n\n### Low\n\n\`\`\`\n# a comment\n${block()}\n\`\`\`\n`;
    expect(places(page)).toEqual(['Short / Low', 'Long / Low']);
  });

  it('are repetitions below one heading, and where other labels tell them apart', () => {
    expect(places(`# A\n\n${block()}\n\n${block()}\n`)).toEqual([undefined, undefined]);
    const limit = (value: string) => block({ 'Maximum request concurrency': value });
    expect(places(`# A\n\n${limit('1')}\n\n# B\n\n${limit('2')}\n`)).toEqual([undefined, undefined]);
  });
});

it('a word in brackets that is no unit tells lines apart', () => {
  const reading = read(`${block({ 'KV cache hit rate (L1)': '81.5%', 'KV cache hit rate (L2)': '44.25%', 'Read (GB/s)': '3' })}\n`);
  const own = reading.measurements.map(({ metric, value, unit }) => [metric, value, unit]).slice(-3);
  expect(own).toEqual([
    ['KV cache hit rate (L1)', 81.5, '%'],
    ['KV cache hit rate (L2)', 44.25, '%'],
    ['Read', 3, 'GB/s'],
  ]);
});

it('a long page of commands and headings is read to its end', () => {
  const sections = Array.from({ length: 3_000 }, (_, index) => `## Section ${index}\n\n${command('--model org/a')}\n${block()}\n`);
  const labels = labelsOf(`# All\n\n${sections.join('\n')}`);
  expect(labels.map(({ model, place }) => `${model} ${place}`)).toEqual(sections.map((_, index) => `org/a Section ${index}`));
  const open = 'vllm bench serve --model org/b \\\n'.repeat(20_000);
  expect(labelsOf(`${open}\n${block()}\n`)).toEqual([{ tool: 'vllm bench serve' }]);
});
