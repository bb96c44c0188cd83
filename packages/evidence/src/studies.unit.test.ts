import type { Measurement } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { around, evidenceOf, type File, ofKind, values } from './testing.ts';

describe('studies', () => {
  const quantized = (quantization: string, middle: number, n = 6) =>
    values('output_token_throughput', { model: `llama3.1:8b-${quantization}`, tag: quantization }, around(middle, n));

  it('choose the best configuration, and say against which it is shown to be better', () => {
    const evidence = evidenceOf([
      { path: 'quant.csv', measurements: [...quantized('q4_0', 77), ...quantized('q8_0', 46), ...quantized('q5_K_M', 65)] },
    ]);
    const best = ofKind(evidence, 'choice').find(({ statistic }) => statistic.startsWith('best by'));
    expect(best).toMatchObject({
      labels: { model: 'llama3.1:8b', quantization: 'q4_0' },
      value: 77,
      n: 6,
      derivedLabels: ['quantization'],
    });
    expect(best?.comparison).toMatchObject({ label: 'quantization', of: 'q4_0', to: 'q5_K_M', verdict: 'better' });
    const verdicts = ofKind(evidence, 'comparison').map(({ comparison }) => [comparison?.of, comparison?.to, comparison?.verdict]);
    expect(verdicts).toEqual([
      ['q4_0', 'q5_K_M', 'better'],
      ['q4_0', 'q8_0', 'better'],
    ]);
  });

  it('say how many runs are missing, and choose all the same', () => {
    const grid = [20, 40, 60].flatMap((gpu) => values('output_token_throughput', { model: 'm', num_gpu: String(gpu) }, [100 + gpu / 100]));
    const evidence = evidenceOf([{ path: 'tuning.csv', measurements: grid }]);
    const choice = ofKind(evidence, 'choice');
    expect(choice.find(({ statistic }) => statistic.startsWith('best by'))).toMatchObject({ labels: { num_gpu: '60' }, value: 100.6 });
    expect(choice.find(({ statistic }) => statistic.startsWith('more runs'))).toMatchObject({ value: 3, n: 3 });
    expect(choice.find(({ statistic }) => statistic.startsWith('range'))?.value).toBeCloseTo((100.6 / 100.2 - 1) * 100, 9);
    expect(ofKind(evidence, 'comparison')).toEqual([]);
  });

  it('compare nothing that differs in two labels, did other work, or has a label that the other lacks', () => {
    const file = (path: string, labels: Record<string, string>, middle: number): File => ({
      path,
      measurements: values('output_token_throughput', labels, around(middle)),
    });
    const none = (a: Record<string, string>, b: Record<string, string>) =>
      ofKind(evidenceOf([file('a.json', a, 100), file('b.json', b, 50)]), 'comparison');
    expect(none({ model: 'm', num_gpu: '1', num_ctx: '1' }, { model: 'm', num_gpu: '2', num_ctx: '2' })).toEqual([]);
    expect(none({ model: 'm' }, { model: 'n' })).toEqual([]);
    expect(none({ model: 'm', prompt_length: '128' }, { model: 'm', prompt_length: '512' })).toEqual([]);
    expect(none({ model: 'm', gpu: 'H100' }, { model: 'm' })).toEqual([]);
    expect(none({ model: 'm', gpu: 'H100' }, { model: 'm', gpu: 'A100' })).toHaveLength(1);
    expect(none({ model: 'm' }, { model: 'm' })).toEqual([
      expect.objectContaining({ comparison: expect.objectContaining({ label: 'file', of: 'a.json', to: 'b.json' }) }),
    ]);
  });

  it('weigh the warm first tokens, and say what the choice costs', () => {
    const configuration = (gpu: string, tps: number, ttft: number) => [
      ...values('output_token_throughput', { model: 'm', num_gpu: gpu }, around(tps)),
      ...values('time_to_first_token', { model: 'm', num_gpu: gpu, start: 'warm' }, around(ttft, 5)),
      ...values('time_to_first_token', { model: 'm', num_gpu: gpu, start: 'cold' }, [99]),
    ];
    const evidence = evidenceOf([{ path: 'a.csv', measurements: [...configuration('1', 100, 4), ...configuration('2', 80, 2)] }]);
    expect(ofKind(evidence, 'choice').find(({ statistic }) => statistic === 'cost of the choice')).toMatchObject({
      metric: 'time_to_first_token',
      value: 2,
    });
    expect(ofKind(evidence, 'comparison').map(({ metric, comparison }) => [metric, comparison?.verdict])).toEqual([
      ['output_token_throughput', 'better'],
      ['time_to_first_token', 'worse'],
    ]);
  });

  it('judge the best against the next as their comparison does, over all metrics that both have', () => {
    const configuration = (gpu: string, tps: number) => [
      ...values('output_token_throughput', { model: 'm', num_gpu: gpu }, around(tps, 4)),
      ...(['time_to_first_token', 'request_latency', 'peak_memory'] as const).flatMap((metric) =>
        values(metric, { model: 'm', num_gpu: gpu }, around(5, 4)),
      ),
    ];
    const evidence = evidenceOf([{ path: 'a.csv', measurements: [...configuration('1', 100), ...configuration('2', 80)] }]);
    const best = ofKind(evidence, 'choice').find(({ statistic }) => statistic.startsWith('best by'));
    const compared = ofKind(evidence, 'comparison').find(({ metric }) => metric === 'output_token_throughput');
    // Four runs a side are enough for one metric alone, and not for one of four.
    expect(compared?.comparison).toMatchObject({ verdict: 'not enough samples', needed: 1 });
    expect(best?.comparison).toEqual(compared?.comparison);
  });

  it('ask for as many runs as comparisons will', () => {
    const configuration = (gpu: string, tps: number) => [
      ...values('output_token_throughput', { model: 'm', num_gpu: gpu }, around(tps, 2)),
      ...values('time_to_first_token', { model: 'm', num_gpu: gpu }, around(5, 2)),
    ];
    const evidence = evidenceOf([{ path: 'a.csv', measurements: [...configuration('1', 100), ...configuration('2', 80)] }]);
    const choice = ofKind(evidence, 'choice');
    const needed = choice.find(({ statistic }) => statistic.startsWith('best by'))?.comparison?.needed;
    expect(choice.find(({ statistic }) => statistic.startsWith('more runs'))?.value).toBe(needed);
    expect(needed).toBe(3);
  });

  it('compare in a label only what files do not set apart besides', () => {
    const file = (path: string, concurrency: string, middle: number): File => ({
      path,
      measurements: values('output_token_throughput', { model: 'm', concurrency }, around(middle)),
    });
    const pairs = (...files: File[]) =>
      ofKind(evidenceOf(files), 'comparison')
        .map(({ statistic }) => statistic.replace('ratio of medians: ', ''))
        .sort();
    expect(
      pairs(
        file('h100/c8.json', '8', 170),
        file('h100/c32.json', '32', 510),
        file('a100/c8.json', '8', 100),
        file('a100/c32.json', '32', 300),
      ),
    ).toEqual([
      'concurrency 32 to 8 in a100/c8.json',
      'concurrency 32 to 8 in h100/c8.json',
      'file h100/c32.json to a100/c32.json',
      'file h100/c8.json to a100/c8.json',
    ]);
    expect(pairs(file('h100-8.json', '8', 170), file('h100-32.json', '32', 510), file('a100-32.json', '32', 300))).toEqual([
      'concurrency 32 to 8 in h100-8.json',
      'file h100-32.json to a100-32.json',
    ]);
    // Where every file says something else, names need not tell.
    expect(pairs(file('x/one.json', '8', 170), file('y/two.json', '32', 510))).toEqual(['concurrency 32 to 8 in x/one.json']);
  });

  it('compare quantizations that stand in the name of the model and in that of its file', () => {
    const of = (quantization: string, middle: number) =>
      values(
        'output_token_throughput',
        { model: `llama 8B ${quantization}`, quantization, model_filename: `${quantization}.gguf`, test: 'tg128' },
        around(middle),
      );
    const [first] = ofKind(evidenceOf([{ path: 'a.json', measurements: [...of('Q4_K - Medium', 140), ...of('Q8_0', 84)] }]), 'comparison');
    expect(first?.comparison).toMatchObject({ label: 'quantization', of: 'Q4_K - Medium', to: 'Q8_0', verdict: 'better' });
    expect(first?.comparison?.caveats).toContain('model_filename differs with it');
    expect(first?.labels.model).toBe('llama 8B');
  });

  it('weigh no stated mean against a median', () => {
    const configuration = (gpu: string, tps: number, ttft: number, statistic: string) => [
      ...values('output_token_throughput', { model: 'm', num_gpu: gpu }, around(tps)),
      ...values('time_to_first_token', { model: 'm', num_gpu: gpu }, [ttft], { statistic }),
    ];
    const cost = (statistic: string) =>
      ofKind(
        evidenceOf([{ path: 'a.csv', measurements: [...configuration('1', 100, 4, 'median'), ...configuration('2', 80, 2, statistic)] }]),
        'choice',
      ).find((f) => f.statistic === 'cost of the choice')?.value;
    expect([cost('median'), cost('mean')]).toEqual([2, undefined]);
  });

  it('choose nothing that took no time', () => {
    const evidence = evidenceOf([
      {
        path: 'a.csv',
        measurements: [
          ['1', 0],
          ['2', 3],
          ['3', 4],
        ].flatMap(([gpu, value]) => values('execution_time', { name: 'x', num_gpu: String(gpu) }, Array(4).fill(Number(value)))),
      },
    ]);
    expect(ofKind(evidence, 'choice').find(({ statistic }) => statistic.startsWith('best by'))).toMatchObject({ value: 3 });
  });

  it('warn where outputs differ in length', () => {
    const configuration = (gpu: string, tokens: number) => [
      ...values('output_token_throughput', { model: 'm', num_gpu: gpu }, around(gpu === '1' ? 100 : 80)),
      ...values('output_token_throughput', { model: 'm', num_gpu: gpu }, Array(6).fill(tokens)).map(
        (one): Measurement => ({ ...one, metric: 'eval_count', unit: null }),
      ),
    ];
    const [first] = ofKind(
      evidenceOf([{ path: 'a.csv', measurements: [...configuration('1', 100), ...configuration('2', 300)] }]),
      'comparison',
    );
    expect(first?.comparison?.caveats).toContainEqual(expect.stringContaining('outputs differ in length'));
  });
});
