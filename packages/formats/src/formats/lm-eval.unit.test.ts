import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { expectNoFaultWhenMangled, expectNoOtherNumberWhereCut } from '../../../../test/support/mangling.ts';
import { readSample, readText, SAMPLES } from './reading-for-test.ts';

const RESULTS = {
  results: {
    gsm8k: {
      alias: 'gsm8k',
      sample_len: 20,
      'exact_match,strict-match': 0.55,
      'exact_match_stderr,strict-match': 0.05,
      'exact_match,flexible-extract': 0.6,
      'exact_match_stderr,flexible-extract': 'N/A',
    },
    wikitext: { alias: 'wikitext', 'word_perplexity,none': 12.5, 'word_perplexity_stderr,none': 'N/A' },
    mmlu: { 'acc,none': 0.25, 'acc_stderr,none': 0.01, alias: 'mmlu' },
    odd: { 'acc,none': 0.5 },
  },
  groups: { mmlu: { 'acc,none': 0.25 } },
  group_subtasks: { mmlu: ['mmlu_x'], gsm8k: [] },
  configs: { gsm8k: {} },
  versions: { gsm8k: 3, wikitext: 2, mmlu: 2 },
  'n-shot': { gsm8k: 5, wikitext: 0 },
  higher_is_better: { gsm8k: { exact_match: true }, wikitext: { word_perplexity: false }, odd: { acc: false } },
  'n-samples': { gsm8k: { original: 1319, effective: 20 }, wikitext: { original: 62, effective: 62 } },
  config: {
    model: 'vllm',
    model_args: 'pretrained=acme/tiny-1b,dtype=auto,tensor_parallel_size=2',
    batch_size: 'auto',
    limit: 20.0,
    model_dtype: 'torch.float16',
  },
  git_hash: 'abc',
  date: 1700000000.5,
  lm_eval_version: '0.4.8',
  total_evaluation_time_seconds: '123.25',
};

describe('lm-eval 0.4', () => {
  const reading = readText('results_2026.json', JSON.stringify(RESULTS));

  it('reads the scores of each task, with n and standard error', () => {
    expect(reading).toMatchObject({ format: 'lm-eval', records: 4, failed: [] });
    expect(reading.measurements.map(({ metric, statistic, value, unit, n, over }) => [metric, statistic, value, unit, n, over])).toEqual([
      ['accuracy', 'mean', 0.55, 'ratio', 20, 'requests'],
      ['accuracy', 'stderr', 0.05, 'ratio', 20, 'requests'],
      ['accuracy', 'mean', 0.6, 'ratio', 20, 'requests'],
      ['word_perplexity', 'value', 12.5, null, null, undefined],
      ['accuracy', 'mean', 0.25, 'ratio', null, 'requests'],
      ['accuracy', 'stderr', 0.01, 'ratio', null, 'requests'],
      ['acc', 'value', 0.5, null, null, undefined],
      ['duration', 'value', 123.25, 's', null, 'runs'],
    ]);
    expect(reading.measurements[0]?.pointer).toBe('/results/gsm8k/exact_match,strict-match');
  });

  it('tells scores apart by task, name and filter', () => {
    expect(reading.measurements[0]?.labels).toEqual({
      tool: 'lm-eval',
      tool_version: '0.4.8',
      model: 'acme/tiny-1b',
      backend: 'vllm',
      dtype: 'torch.float16',
      tensor_parallel: '2',
      batch: 'auto',
      timestamp: '1700000000.5',
      limit: '20',
      test: 'gsm8k',
      task_version: '3',
      num_fewshot: '5',
      score: 'exact_match',
      filter: 'strict-match',
    });
    expect(reading.at('/results/mmlu/acc,none')?.labels.aggregate).toBe('yes');
    expect(reading.at('/results/gsm8k/exact_match,strict-match')?.labels.aggregate).toBeUndefined();
  });

  it('says where a run was limited', () => {
    expect(reading.warnings[0]).toBe('/results/gsm8k: 20 of 1319 questions were asked: a limited run compares with nothing else');
  });

  it('never fails where values are of the wrong type', () => {
    const { gsm8k, wikitext } = RESULTS.results;
    expectNoFaultWhenMangled('r.json', JSON.stringify({ ...RESULTS, results: { gsm8k, wikitext } }));
  });
});

const OLD = {
  results: {
    arc_easy: { acc: 0.5, acc_stderr: 0.01, acc_norm: 0.45, acc_norm_stderr: 0.02 },
    lambada: { ppl: 7.5, ppl_stderr: 0.25, acc: 0.6 },
  },
  versions: { arc_easy: 0, lambada: 0 },
  config: { model: 'hf-causal', model_args: 'pretrained=acme/tiny-1b', num_fewshot: 0, batch_size: 8, no_cache: false, limit: null },
};

describe('lm-eval before 0.4', () => {
  it('has scores without filters, and no number of questions', () => {
    const reading = readText('tiny.json', JSON.stringify(OLD));
    expect(reading).toMatchObject({ format: 'lm-eval', records: 2, failed: [], warnings: [] });
    expect(
      reading.measurements.map(({ metric, statistic, value, n, labels }) => [metric, statistic, value, n, labels.test, labels.score]),
    ).toEqual([
      ['accuracy', 'mean', 0.5, null, 'arc_easy', 'acc'],
      ['accuracy', 'stderr', 0.01, null, 'arc_easy', 'acc'],
      ['accuracy', 'mean', 0.45, null, 'arc_easy', 'acc_norm'],
      ['accuracy', 'stderr', 0.02, null, 'arc_easy', 'acc_norm'],
      ['ppl', 'value', 7.5, null, 'lambada', 'ppl'],
      ['ppl', 'stderr', 0.25, null, 'lambada', 'ppl'],
      ['accuracy', 'mean', 0.6, null, 'lambada', 'acc'],
    ]);
    expect(reading.measurements[0]?.labels).toMatchObject({
      model: 'acme/tiny-1b',
      backend: 'hf-causal',
      num_fewshot: '0',
      task_version: '0',
    });
  });

  it('says where a run was limited, without knowing of how many', () => {
    const reading = readText('t.json', JSON.stringify({ ...OLD, config: { ...OLD.config, limit: 10 } }));
    expect(reading.warnings[0]).toBe('/config/limit: at most 10 questions of a task were asked: a limited run compares with nothing else');
  });

  it('is not claimed without the arguments of a model', () => {
    expect(readText('t.json', JSON.stringify({ ...OLD, config: {} })).format).toBe('generic');
  });
});

describe('the log of questions', () => {
  const question = { doc_id: 0, doc: { idx: 7 }, target: '3', arguments: {}, resps: [['3']], filtered_resps: ['3'], exact_match: 1 };

  it('is known, and nothing is read from it', () => {
    const reading = readText('samples_x.jsonl', `${JSON.stringify(question)}\n${JSON.stringify({ ...question, doc_id: 1 })}\n`);
    expect(reading).toMatchObject({ format: 'lm-eval', records: 2, measurements: [] });
    expect(reading.warnings).toEqual(['the file holds 2 questions with their answers and no result: nothing was read from it']);
  });

  it('is known as older versions write it, in one list', () => {
    const old = { doc_id: 0, prompt_0: 'a', prompt_1: 'b', logit_0: -60.5, logit_1: -58.25, truth: 1, acc: 'True' };
    const reading = readText('x_write_out_info.json', JSON.stringify([old, { ...old, doc_id: 1 }, { ...old, doc_id: 2 }]));
    expect(reading).toMatchObject({ format: 'lm-eval', records: 3, measurements: [] });
    expect(reading.warnings).toEqual(['the file holds 3 questions with their answers and no result: nothing was read from it']);
  });

  it('never fails where values are of the wrong type', () => {
    expectNoFaultWhenMangled('s.jsonl', JSON.stringify(question));
  });
});

const FOLDER = `${SAMPLES}lm-eval/`;
const TABLE = `hf (pretrained=acme/tiny), limit: None, num_fewshot: None, batch_size: 8
|  Tasks  |Version|     Filter     |n-shot|    Metric     |   | Value |   |Stderr|
|---------|------:|----------------|-----:|---------------|---|------:|---|-----:|
|gsm8k    |      3|flexible-extract|     5|exact_match    |↑  | 0.4525|±  |0.0137|
|         |       |strict-match    |     5|exact_match    |↑  | 0.4025|±  |0.0125|
|mmlu     |      2|none            |      |acc            |↑  | 0.6525|±  |0.0045|
| - stem  |      1|none            |     0|acc            |↑  | 0.5525|±  |0.0055|
|wikitext |      2|none            |     0|word_perplexity|↓  |12.5000|±  |   N/A|

|Groups|Version|Filter|n-shot|Metric|   |Value |   |Stderr|
|------|------:|------|------|------|---|-----:|---|-----:|
|mmlu  |      2|none  |      |acc   |↑  |0.6525|±  |0.0045|
`;

describe('lm-eval, the printed table', () => {
  it.each(['eval.md', 'eval.log'])('reads each score with its task, its filter and its error: %s', (path) => {
    const reading = readText(path, TABLE);
    expect(reading).toMatchObject({ format: 'lm-eval', records: 4, failed: [] });
    expect(
      reading.measurements.map(({ metric, statistic, value, unit, labels: { test, filter, score }, pointer }) => [
        ...[metric, statistic, value, unit],
        ...[test, score, filter, pointer],
      ]),
    ).toEqual([
      ['accuracy', 'mean', 0.4525, 'ratio', 'gsm8k', 'exact_match', 'flexible-extract', 'line 4 column Value'],
      ['accuracy', 'stderr', 0.0137, 'ratio', 'gsm8k', 'exact_match', 'flexible-extract', 'line 4 column Stderr'],
      ['accuracy', 'mean', 0.4025, 'ratio', 'gsm8k', 'exact_match', 'strict-match', 'line 5 column Value'],
      ['accuracy', 'stderr', 0.0125, 'ratio', 'gsm8k', 'exact_match', 'strict-match', 'line 5 column Stderr'],
      ['accuracy', 'mean', 0.6525, 'ratio', 'mmlu', 'acc', undefined, 'line 6 column Value'],
      ['accuracy', 'stderr', 0.0045, 'ratio', 'mmlu', 'acc', undefined, 'line 6 column Stderr'],
      ['accuracy', 'mean', 0.5525, 'ratio', 'stem', 'acc', undefined, 'line 7 column Value'],
      ['accuracy', 'stderr', 0.0055, 'ratio', 'stem', 'acc', undefined, 'line 7 column Stderr'],
      ['word_perplexity', 'value', 12.5, null, 'wikitext', 'word_perplexity', undefined, 'line 8 column Value'],
    ]);
    expect(reading.at('line 5 column Value')?.labels).toEqual({
      tool: 'lm-eval',
      model: 'acme/tiny',
      backend: 'hf',
      batch: '8',
      test: 'gsm8k',
      task_version: '3',
      num_fewshot: '5',
      score: 'exact_match',
      filter: 'strict-match',
    });
    expect(reading.at('line 6 column Value')?.labels).toMatchObject({ aggregate: 'yes', task_version: '2' });
    const groups = readText(path, TABLE.slice(TABLE.indexOf('|Groups')));
    expect(groups.at('line 3 column Value')).toMatchObject({ value: 0.6525, labels: { test: 'mmlu', aggregate: 'yes' } });
  });

  it('takes a limit below 1 for the share that it is', () => {
    const share = 'a share of 0.1 of the questions of a task were asked: a limited run compares with nothing else';
    expect(readText('eval.md', TABLE.replace('limit: None', 'limit: 0.1')).warnings).toEqual([expect.stringContaining(share)]);
    const file = { ...OLD, config: { ...OLD.config, limit: 0.1 } };
    expect(readText('t.json', JSON.stringify(file)).warnings[0]).toBe(`/config/limit: ${share}`);
  });

  it.each(['eval.md', 'eval.log'])('takes the model and the limit from the line above it, however long that is: %s', (path) => {
    const call = `vllm (pretrained=/models/acme/tiny-1b-instruct,dtype=bfloat16,tensor_parallel_size=2,gpu_memory_utilization=0.9,max_model_len=16384), gen_kwargs: (do_sample=True,temperature=0.5), limit: 250.0, num_fewshot: 5, batch_size: auto (64)`;
    const limited = TABLE.replace(/^.*\n/, `log line\n${call}\n`);
    const reading = readText(path, limited);
    expect(reading.warnings).toEqual(['line 3: at most 250 questions of a task were asked: a limited run compares with nothing else']);
    const labels = {
      model: '/models/acme/tiny-1b-instruct',
      backend: 'vllm',
      dtype: 'bfloat16',
      tensor_parallel: '2',
      batch: 'auto',
      limit: '250',
    };
    expect(reading.at('line 5 column Value')?.labels).toMatchObject(labels);
    const groups = readText(path, `${limited.split('\n').slice(0, 5).join('\n')}\n\n${limited.slice(limited.indexOf('|Groups'))}`);
    expect(groups.at('line 9 column Value')?.labels).toMatchObject({ ...labels, test: 'mmlu' });
  });

  it('takes no model from a line above another table', () => {
    const next = `${TABLE}\n${TABLE.slice(TABLE.indexOf('|  Tasks')).replaceAll('gsm8k', 'other')}`;
    expect(
      readText('eval.md', next)
        .measurements.filter(({ labels }) => labels.test === 'other')
        .map(({ labels }) => labels.model),
    ).toEqual(Array(4).fill(undefined));
  });

  it('does not claim other tables of tasks', () => {
    const other = '| Tasks | Version | Value |\n|---|---|---|\n| a | 1 | 0.5 |\n';
    expect(readText('a.md', other).format).toBe('generic');
  });

  it('survives whatever stands there, and yields no other number where it is cut', () => {
    expectNoFaultWhenMangled('eval.md', TABLE);
    expectNoOtherNumberWhereCut('eval.md', TABLE);
  });
});

const absent = !existsSync(FOLDER);
const FILES = absent ? [] : readdirSync(FOLDER).filter((name) => name.endsWith('.json'));

describe.skipIf(absent)(`lm-eval, real results${absent ? ' (left out: they are not there)' : ''}`, () => {
  it.each(FILES)('%s: every number of every task is read', (name) => {
    const reading = readSample(`lm-eval/${name}`);
    const raw: { results: Record<string, Record<string, unknown>> } = JSON.parse(readFileSync(`${FOLDER}${name}`, 'utf8'));
    const expected = Object.entries(raw.results).flatMap(([task, scores]) =>
      Object.entries(scores).flatMap(([key, value]) => (typeof value === 'number' ? [[`/results/${task}/${key}`, value]] : [])),
    );
    const found = reading.measurements.filter(({ pointer }) => pointer.startsWith('/results/'));
    expect(reading).toMatchObject({ format: 'lm-eval', failed: [] });
    expect(found.map(({ pointer, value }) => [pointer, value]).sort()).toEqual(expected.sort());
    for (const { pointer, metric, statistic } of found) {
      if (/\/(?:acc|acc_norm|exact_match)(?:,none)?$/.test(pointer))
        expect([pointer, metric, statistic]).toEqual([pointer, 'accuracy', 'mean']);
      if (/_stderr(?:,none)?$/.test(pointer)) expect([pointer, statistic]).toEqual([pointer, 'stderr']);
    }
  });

  it('has the number of questions and the time of 0.4', () => {
    const reading = readSample('lm-eval/5-v0.4_results_2026-01-21.json');
    expect(reading.at('/results/math_rephrased_full/exact_match,none')).toMatchObject({ metric: 'accuracy', value: 0.0004, n: 5000 });
    expect(reading.at('/total_evaluation_time_seconds')).toMatchObject({ metric: 'duration', value: 2677.7320792819373, unit: 's' });
  });

  it('reads nothing from the questions', () => {
    expect(readSample('lm-eval/6-v0.4_samples_math_perturbed_full.jsonl')).toMatchObject({
      format: 'lm-eval',
      records: 10,
      measurements: [],
    });
  });
});
