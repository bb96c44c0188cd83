import { firstObject, objectsOf } from '../documents.ts';
import type { Extract } from '../extract.ts';
import { type Labels, objectAt } from '../fields.ts';
import { segment } from '../json-pointer.ts';
import { isObject, type JsonObject } from '../json-value.ts';
import { hasAiperfKey, openLoopOf } from './aiperf-summary.ts';
import type { Format } from './format.ts';
import { genaiConfigLabels, isUnstreamed } from './genai-perf-config.ts';
import { addGpuMetric } from './gpu-telemetry-fields.ts';
import { perfFieldTable } from './perf-metrics.ts';
import { addMetricObject, averageOf, isMetricObject, metricObjects } from './perf-objects.ts';
import { readPerfReport } from './perf-report.ts';
import { perfReportOf } from './perf-signature.ts';
import { tellOutcome } from './run-outcome.ts';
import { markSaturated } from './saturation.ts';

/** The forerunner of AIPerf. */
export const genaiPerf: Format = {
  name: 'genai-perf',
  tool: 'NVIDIA GenAI-Perf (`genai-perf profile`)',
  signature:
    'an object with `input_config`, `request_throughput.unit` and the unit of another metric, and no key of AIPerf; a CSV that begins with `Metric,avg,min,max,` and percentiles downwards',
  detect(content) {
    if (content.shape === 'text') return perfReportOf(content.text) === 'genai-perf';
    const object = firstObject(content);
    return object !== null && isGenaiSummary(object);
  },
  read(content, extract) {
    if (content.shape === 'text') {
      readPerfReport(extract, content.text, { tool: 'genai-perf' });
      return;
    }
    for (const { at, object } of objectsOf(content)) if (isGenaiSummary(object)) readSummary(extract, object, at);
  },
  fields: { 'profile_export_genai_perf.json and .csv': perfFieldTable() },
  labels: {
    'input_config.model, input_config.model_names': 'model',
    'input_config.endpoint_type, input_config.endpoint.type': 'backend',
    'input_config.concurrency, input_config.perf_analyzer.stimulus.concurrency': 'concurrency',
    'input_config.request_rate, input_config.perf_analyzer.stimulus.request_rate': 'request_rate',
    'input_config.synthetic_input_tokens_mean, input_config.input.synthetic_tokens.mean': 'prompt_length',
    'input_config.output_tokens_mean, input_config.input.output_tokens.mean': 'output_length',
    'input_config.extra_inputs.temperature': 'temperature',
  },
  notes: [
    'The unit stands beside each value and is read from there; in the CSV it is what the last brackets of a row label hold, and `per sec` is told from the metric.',
    'Columns are told by their names. Numbers from a thousand on are written `1,234.56`.',
    '`inter_token_latency` is of each request, without the first token: time per output token. In the first versions, whose CSV has a row `Num Output Token`, it is of each gap between chunks.',
    'Without streaming nothing is read of first and further tokens: the file repeats the request latency there.',
  ],
};

function isGenaiSummary(object: JsonObject): boolean {
  if (!isObject(object.input_config) || hasAiperfKey(object) || !isMetricObject(object.request_throughput)) return false;
  return ['request_latency', 'output_token_throughput', 'time_to_first_token'].some(
    (tag) => Object.hasOwn(object, tag) && isMetricObject(object[tag]),
  );
}

/** What is known only where responses come in pieces. */
const STREAMED = new Set(['time_to_first_token', 'time_to_second_token', 'inter_token_latency', 'output_token_throughput_per_user']);

function readSummary(extract: Extract, object: JsonObject, at: string): void {
  const config = objectAt(object, 'input_config');
  const labels = genaiConfigLabels(config, extract);
  const where = at.trim() || 'the run';
  const succeeded = averageOf(object, 'request_count');
  extract.records += 1;
  if (tellOutcome(extract, { succeeded, failed: null, measured: true }, at.trim() || '/request_count', where)) return;
  markSaturated(extract, labels, openLoopOf(object, labels), where);
  const unstreamed = isUnstreamed(config);
  for (const [tag, metric] of metricObjects(object)) {
    if (!unstreamed || !STREAMED.has(tag)) addMetricObject(extract, tag, metric, at + segment(tag), { labels, requests: succeeded });
    else extract.warnings.add('streaming', `${at}${segment(tag)}: responses were not streamed, so there is no ${tag}; it was left out`, 1);
  }
  readTelemetry(extract, objectAt(object, 'telemetry_stats'), `${at}/telemetry_stats`, labels);
}

/** `{gpu_power_usage: {unit, gpu0: {avg, …}}}` */
function readTelemetry(extract: Extract, metrics: JsonObject, at: string, given: Labels): void {
  for (const name of Object.keys(metrics)) {
    const metric = objectAt(metrics, name);
    for (const gpu of Object.keys(metric)) {
      const statistics = metric[gpu];
      if (isObject(statistics))
        addGpuMetric(extract, name, statistics, metric.unit, at + segment(name) + segment(gpu), { ...given, gpu_index: gpu });
    }
  }
}
