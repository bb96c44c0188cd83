import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isCanonical, type Measurement } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { readArtifact } from './read-artifact.ts';

const ROOT = fileURLToPath(new URL('../../../../shared/data/formats/', import.meta.url));

const FILES = existsSync(ROOT)
  ? readdirSync(ROOT, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => `${entry.parentPath}/${entry.name}`.slice(ROOT.length).replace(/^\//, ''))
      .sort()
  : [];

/** The measurements of a file that no known format reads, and that a name alone gave a metric of the registry. */
function canonicalOf(path: string): Measurement[] {
  const reading = readArtifact({ path, bytes: readFileSync(`${ROOT}${path}`) });
  return reading.status === 'read' && reading.format === 'generic' ? reading.measurements.filter(({ metric }) => isCanonical(metric)) : [];
}

const row = ({ metric, statistic, value, unit, pointer }: Measurement) => [metric, statistic, value, unit, pointer];

const LHL = 'llm-bench-lhl/1-glm45air-results.jsonl';
const COMMUNITY = 'ollama-community/4-chimeraforge_ollama_quant_bench.csv';
const LLAMA3 = 'llmperf/5-philschmid-llama3-8b_summary.json';
const MISTRAL = 'llmperf/6-philschmid-mistral-7b_summary.json';
const GUIDELLM = 'guidellm/2-rsevilla_parsed_results.json';

// Expected values were taken from the raw files, by eye.
describe.skipIf(FILES.length === 0)('the collected files that no format knows', () => {
  it('are of no metric of the registry but in these files, whatever their tools measured', () => {
    const found = FILES.filter((path) => canonicalOf(path).length > 0);
    const known = [GUIDELLM, LHL, COMMUNITY, LLAMA3, MISTRAL];
    // The llmperf format may come to know its namesakes.
    expect(known).toEqual(expect.arrayContaining(found));
    expect(found).toEqual(expect.arrayContaining([LHL, COMMUNITY]));
  });

  it('give no metric where a latency in ms is in seconds, nor for a rate of all tokens or a time that includes the first', () => {
    expect(canonicalOf(GUIDELLM).map(row)).toEqual([
      ['inter_token_latency', 'mean', 10.423929083078537, 'ms', '/itl_mean_ms'],
      ['inter_token_latency', 'p99', 10.578223100797398, 'ms', '/itl_p99_ms'],
      ['request_throughput', 'mean', 9.777764697593275, 'req/s', '/throughput_mean_rps'],
      ['request_throughput', 'p99', 14.158848470118016, 'req/s', '/throughput_p99_rps'],
      ['output_token_throughput', 'mean', 1251.5371956866534, 'tok/s', '/output_tokens_per_second_mean'],
      ['output_token_throughput', 'p99', 8272.788954635109, 'tok/s', '/output_tokens_per_second_p99'],
    ]);
  });

  it('give power where a file holds rates of prompt and generation in one column', () => {
    const all = canonicalOf(LHL);
    const keys = { max_power_w: 'max', avg_power_w: 'mean', median_power_w: 'median' };
    const raw = readFileSync(`${ROOT}${LHL}`, 'utf8')
      .trimEnd()
      .split('\n')
      .flatMap((line, index) => {
        const record: Record<string, unknown> = JSON.parse(line);
        return Object.entries(keys).flatMap(([key, statistic]) =>
          typeof record[key] === 'number' ? [['power', statistic, record[key], 'W', `line ${index + 1} /${key}`]] : [],
        );
      });
    expect(raw).toHaveLength(312);
    expect(all.map(row)).toEqual(raw);
  });

  it('give each prompt of a sweep over quantizations, cold ones apart', () => {
    const all = canonicalOf(COMMUNITY);
    expect(all).toHaveLength(75);
    const at = (pointer: string) => all.find((one) => one.pointer === pointer);
    expect(at('line 2 column ttft_s')).toMatchObject({
      metric: 'time_to_first_token',
      value: 0.1382,
      unit: 's',
      labels: { model: 'llama3.1:8b-instruct-q4_0', tag: 'q4_0', start: 'warm' },
    });
    expect(at('line 7 column ttft_s')).toMatchObject({ value: 6.4097, labels: { tag: 'q5_K_M', start: 'cold' } });
    expect(at('line 12 column load_s')).toMatchObject({ metric: 'load_duration', value: 9.1216, labels: { start: 'cold' } });
    expect(at('line 12 column tokens_s')).toMatchObject({ metric: 'output_token_throughput', value: 46.04, unit: 'tok/s' });
    expect(at('line 12 column tokens_s')?.labels).toEqual({ model: 'llama3.1:8b-instruct-q8_0', tag: 'q8_0' });
    expect(at('line 3 column prompt_eval_s')).toMatchObject({ metric: 'prompt_eval_duration', value: 0.0083 });
    expect(at('line 3 column eval_s')).toMatchObject({ metric: 'eval_duration', value: 0.1299 });
    const cold = all
      .filter(({ metric, labels }) => metric === 'time_to_first_token' && labels.start === 'cold')
      .map(({ pointer }) => pointer);
    expect(cold).toEqual(['line 7 column ttft_s', 'line 12 column ttft_s']);
  });
});
