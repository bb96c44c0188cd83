import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Measurement, Reading } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { readArtifact } from './read-artifact.ts';

const ROOT = fileURLToPath(new URL('../../../../shared/data/seed-artifacts/', import.meta.url));

type Read = Extract<Reading, { status: 'read' }>;

// Expected values below were taken from the raw files, by eye and by counting with another program.
describe.skipIf(!existsSync(ROOT))('the 101 seed artifacts', () => {
  const readings = new Map<string, Reading>();
  for (const entry of existsSync(ROOT) ? readdirSync(ROOT, { recursive: true, withFileTypes: true }) : []) {
    if (!entry.isFile()) continue;
    const path = `${entry.parentPath}/${entry.name}`.slice(ROOT.length).replace(/^\//, '');
    readings.set(path, readArtifact({ path, bytes: readFileSync(`${ROOT}${path}`) }));
  }

  const read = (path: string): Read => {
    const reading = readings.get(path);
    if (reading?.status !== 'read') throw new Error(`${path} was not read`);
    return reading;
  };
  const at = (path: string, pointer: string): Measurement | undefined => read(path).measurements.find((one) => one.pointer === pointer);
  const total = (of: (reading: Read, path: string) => number): number =>
    [...readings].reduce((sum, [path, reading]) => sum + (reading.status === 'read' ? of(reading, path) : 0), 0);

  it('are 28 csv, 44 json and 29 markdown', () => {
    const kinds: Record<string, number> = {};
    for (const { kind } of readings.values()) kinds[kind] = (kinds[kind] ?? 0) + 1;
    expect(kinds).toEqual({ csv: 28, json: 44, markdown: 29 });
  });

  it('are all read but one, which is refused as what it is', () => {
    const refused = [...readings].filter(([, { status }]) => status === 'refused');
    expect(refused).toEqual([
      [
        'reports/ncu_summary.csv',
        {
          status: 'refused',
          kind: 'csv',
          format: 'unknown',
          reason:
            'not a table: an error message ("==ERROR== the argument for option \'--page\' is invalid. Use --help for further details.") ' +
            'in UTF-16 that was re-saved as UTF-8 (line 1)',
        },
      ],
    ]);
  });

  it('give every number of the JSON files, and every cell of the numeric columns of the CSV files', () => {
    const measured = (suffix: string) => total(({ measurements }, path) => (path.endsWith(suffix) ? measurements.length : 0));
    expect(measured('.json')).toBe(1145);
    expect(measured('.csv')).toBe(4525);
    expect(total(({ records }, path) => (path.endsWith('.csv') ? records : 0))).toBe(509);
    expect(total(({ failed }, path) => (path.endsWith('.csv') ? failed.length : 0))).toBe(77);
  });

  it.each<[string, string | null, string]>([
    ['conv_bench_20251002-170837', null, ''],
    ['mlp_bench_20251002-165750', null, ''],
    ['transformer_bench_20251002-170914', null, ''],
    ['conv_cuda_bench_20251002-172037', 'torch_compile', 'Cannot find a working triton installation.'],
    ['mlp_cuda_bench_20251002-171845', 'torch_compile', 'Cannot find a working triton installation.'],
    ['transformer_cuda_bench_20251002-172126', 'torch_compile', 'Cannot find a working triton installation.'],
    ['transformer_cuda_pytorch2508', 'tensorrt', 'torch_tensorrt is not installed'],
    ['transformer_cuda_triton2508', 'tensorrt', 'torch_tensorrt is not installed'],
    ['transformer_cuda_torchtrt_20251003-033530', null, ''],
  ])('know of %s that %s failed', (name, backend, reason) => {
    const { failed, measurements, records } = read(`reports/compilation/${name}.json`);
    expect(failed).toEqual(backend === null ? [] : [{ pointer: `/backends/${backend}`, reason: expect.stringContaining(reason) }]);
    const marked = measurements.filter((one) => one.failed).map(({ pointer, value }) => [pointer, value]);
    const keys = backend === null ? [] : ['mean_time_ms', 'std_time_ms', 'min_time_ms', 'max_time_ms'];
    expect(marked).toEqual(keys.map((key) => [`/backends/${backend}/benchmark/${key}`, 0]));
    expect(measurements.filter(({ value, pointer, failed }) => value === 0 && pointer.includes('mean_time_ms') && !failed)).toEqual([]);
    expect(records).toBe(backend === null ? 4 : 5);
  });

  it('know how many records failed', () => {
    const counts = (path: string) => [read(path).records, read(path).failed.length];
    expect(counts('csv_data/baseline_test_results_1759098967.json')).toEqual([5, 4]);
    expect(counts('csv_data/baseline_test_results_1759099000.json')).toEqual([5, 0]);
    expect(counts('reports/self_healing_results_20251004_133717.json')).toEqual([5, 0]);
    expect(counts('csv_data/baseline_performance_summary.csv')).toEqual([5, 0]);
    expect(counts('reports/gemma3/gemma3_270m_param_tuning.csv')).toEqual([36, 2]);
    expect(counts('reports/ollama/20251002-151204/prompt_suite_runs.csv')).toEqual([15, 15]);
    expect(counts('reports/ollama/20251002-151824/prompt_suite_runs.csv')).toEqual([15, 0]);
    expect(read('reports/gemma3/gemma3_270m_param_tuning.csv').failed).toEqual([
      { pointer: 'line 20', reason: 'timed out' },
      { pointer: 'line 21', reason: 'timed out' },
    ]);
    expect(read('reports/llama3/baseline_ml_metrics.json').failed).toEqual([
      { pointer: '/overall_performance', reason: 'No inference data available' },
    ]);
    expect(read('reports/ollama/20251002-151615/prompt_suite_runs.csv').measurements.every(({ failed }) => failed)).toBe(true);
  });

  it.each<[string, string, Partial<Measurement>]>([
    ['reports/gemma3/gemma3_baseline.csv', 'line 2 column tokens_s', { value: 101.04101744413546, unit: 'tok/s', statistic: 'value' }],
    ['reports/gemma3/gemma3_baseline.csv', 'line 2 column load_s', { value: 2.0236465, unit: 's' }],
    ['reports/gemma3/gemma3_baseline.json', '/results/1/ttft_s', { value: 0.12506040000000002, unit: 's', metric: 'time_to_first_token' }],
    ['csv_data/baseline_performance_summary.csv', 'line 4 column Tokens per Second', { value: 14.3, unit: 'tok/s' }],
    ['csv_data/baseline_performance_summary.csv', 'line 6 column Generation Time (ms)', { value: 4369.26, unit: 'ms' }],
    ['csv_data/ollama_param_tuning.csv', 'line 2 column tokens_s', { value: 77.5, labels: { model: 'llama3.1:8b-instruct-q4_0' } }],
    [
      'csv_data/ollama_quant_bench.csv',
      'line 2 column ttft_s',
      { value: 0.1382, labels: { model: 'llama3.1:8b-instruct-q4_0', tag: 'q4_0' } },
    ],
    ['csv_data/ollama_param_tuning_summary.csv', 'line 2 column eval_s_mean', { value: 1.4103, unit: 's', statistic: 'mean' }],
    ['csv_data/ollama_param_tuning_summary.csv', 'line 2 column prompt_eval', { value: 0.1475, unit: null, statistic: 'value' }],
    [
      'csv_data/baselines/demo_baseline_1759186698.json',
      '/timing_stats/latency_percentiles/p95',
      { value: 0.0743699991289759, unit: null, statistic: 'p95' },
    ],
    [
      'csv_data/baseline_test_results_1759098967.json',
      '/summary/avg_tokens_per_second',
      { value: 14.106339902901299, unit: 'tok/s', statistic: 'mean' },
    ],
    ['csv_data/baseline_test_results_1759098967.json', '/results/2/tokens_per_second', { value: 14.106339902901299, failed: false }],
    ['reports/llama3/baseline_system_metrics.json', '/metrics/0/gpu/0/fan_speed', { value: 0, unit: null }],
    [
      'reports/llama3/baseline_system_metrics.json',
      '/metrics/0/system/cpu_percent',
      { value: 12.3, unit: '%', metric: '/metrics/*/system/cpu_percent' },
    ],
    ['reports/quantization/quantization_report.json', '/qat/model_size_bytes', { value: 3789, unit: 'bytes' }],
    ['reports/ncu_ollama_raw.csv', 'line 3 column gpu__time_duration.sum', { value: 9.408, unit: 'us' }],
    ['reports/ncu_ollama_raw.csv', 'line 3 column launch__shared_mem_config_size', { value: 32.768, unit: 'Kbyte' }],
    ['reports/ncu_ollama_raw.csv', 'line 3 column sm__warps_active.avg.pct_of_peak_sustained_active', { value: 75.726338, unit: '%' }],
    ['reports/ollama/prompt_suite_lessons_20251002.md', 'line 12 column Mean Tokens/s', { value: 77.62, unit: 'tok/s', statistic: 'mean' }],
    ['reports/Technical_Report_109.md', 'line 775 column VRAM Headroom (%)', { value: 76.7, unit: '%' }],
    ['reports/Technical_Report_109.md', 'line 775 column Efficiency (tok/s per GB)', { value: 36.1, unit: null }],
    [
      'reports/compilation/compilation_benchmark_lessons_20251002.md',
      'line 34 column Mean Latency (ms)',
      { value: 0.154, unit: 'ms', labels: { model: 'conv', backend: 'eager' } },
    ],
  ])('hold in %s, at %s, the number that stands there', (path, pointer, expected) => {
    expect(at(path, pointer)).toMatchObject(expected);
  });

  it.each<[string, string, string, string]>([
    ['reports/gemma3/gemma3_baseline.csv', 'line 2 column tokens_s', 'output_token_throughput', 'tok/s'],
    ['reports/gemma3/gemma3_baseline.csv', 'line 2 column load_s', 'load_duration', 's'],
    ['csv_data/ollama_param_tuning_summary.csv', 'line 2 column mean_ttft_s', 'time_to_first_token', 's'],
    ['csv_data/baseline_test_results_1759098967.json', '/summary/avg_tokens_per_second', 'output_token_throughput', 'tok/s'],
    ['csv_data/baseline_test_results_1759099000.json', '/overall_tokens_per_second', '/overall_tokens_per_second', 'tok/s'],
    ['reports/Technical_Report_110.md', 'line 283 column TTFT Δ (ms)', 'TTFT Δ (ms)', 'ms'],
    ['reports/Technical_Report_108.md', 'line 530 column Peak Throughput (tok/s)', 'Peak Throughput (tok/s)', 'tok/s'],
    [
      'reports/compilation/transformer_cuda_triton2508.json',
      '/backends/jit/benchmark/mean_time_ms',
      '/backends/jit/benchmark/mean_time_ms',
      'ms',
    ],
    [
      'reports/self_healing_results_20251004_133717.json',
      '/actions_taken/4/metrics_after/latency_ms',
      '/actions_taken/*/metrics_after/latency_ms',
      'ms',
    ],
  ])('say in %s, at %s, the metric %s, or none', (path, pointer, metric, unit) => {
    expect(at(path, pointer)).toMatchObject({ metric, unit });
  });

  it('call the first run of a model cold where it was loaded', () => {
    const starts = read('reports/gemma3/gemma3_baseline.csv')
      .measurements.filter(({ metric }) => metric === 'time_to_first_token')
      .map(({ labels }) => labels.start);
    expect(starts).toEqual(['cold', 'warm', 'warm', 'warm', 'warm']);
    const settings = read('csv_data/ollama_param_tuning.csv').measurements.find(({ pointer }) => pointer === 'line 2 column ttft_s');
    expect(settings?.labels).toEqual({
      model: 'llama3.1:8b-instruct-q4_0',
      num_gpu: '999',
      num_ctx: '1024',
      temperature: '0.2',
      start: 'cold',
    });
  });

  it('keep the tables of one page apart', () => {
    const places = read('reports/gemma3/Gemma3_Benchmark_Report.md')
      .measurements.filter(({ metric }) => metric === 'output_token_throughput')
      .map(({ labels, pointer }) => [pointer, labels.place]);
    // Three tables of prompts, of three models that their headings name alone.
    for (const [line, place] of [
      [35, 33],
      [252, 250],
      [302, 300],
    ])
      expect(places.find(([pointer]) => pointer?.startsWith(`line ${line} `) === true)?.[1]).toBe(`table at line ${place}`);
  });

  it('keep numbers with commas out, and say so', () => {
    const { measurements, warnings } = read('reports/ncu_ollama_raw.csv');
    expect(measurements.some(({ metric }) => metric === 'device__attribute_clock_rate')).toBe(false);
    expect(warnings).toEqual([expect.stringContaining('"device__attribute_clock_rate" (line 3: "22,80,000")')]);
  });

  it('give only warnings about commas, units in cells, mixed columns, ragged rows and lost headers', () => {
    const known =
      /left out: |cells where the header has|whose header does not stand alone|^… and \d+ more \((?:mixed columns|ragged rows|units in cells|cells that are no numbers)\)$/;
    for (const [path, reading] of readings) {
      if (reading.status === 'read') for (const warning of reading.warnings) expect(warning, path).toMatch(known);
    }
  });
});
