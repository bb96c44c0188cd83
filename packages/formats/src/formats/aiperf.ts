import { firstObject, objectsOf } from '../documents.ts';
import type { Extract } from '../extract.ts';
import type { JsonObject } from '../json-value.ts';
import { GpuLabels, isGpuSample, readGpuSample } from './aiperf-gpu-samples.ts';
import { isAiperfRequest, OutputLengths, RequestLabels, readAiperfRequest } from './aiperf-requests.ts';
import { isAiperfSeries, readAiperfSeries, SERIES_FIELDS } from './aiperf-series.ts';
import { isAiperfSummary, readAiperfSummary } from './aiperf-summary.ts';
import { isTimeslices, readTimeslices, readTimesliceTable } from './aiperf-timeslices.ts';
import type { Format } from './format.ts';
import { GPU_SAMPLE_FIELDS } from './gpu-telemetry-fields.ts';
import { perfFieldTable } from './perf-metrics.ts';
import { readPerfReport } from './perf-report.ts';
import { perfReportOf } from './perf-signature.ts';

/** NVIDIA's AIPerf: summaries of runs, their tables, records of requests, samples of GPUs, timeslices. */
export const aiperf: Format = {
  name: 'aiperf',
  tool: 'NVIDIA AIPerf (`aiperf profile`)',
  signature:
    'an object with `request_latency.unit` and `request_throughput.unit` and a key that only AIPerf writes (`aiperf_version`, `schema_version`, `telemetry_data`, `was_cancelled`); `metadata.request_start_ns` with `metrics`; `timestamp_ns`, `gpu_index` and `telemetry_data`; `timeslices` of metrics; `metrics` whose values have `series` with `stats`; a CSV that begins with `Metric,avg,min,max,` and percentiles upwards, or with `Timeslice,Metric,Unit,Stat,Value`',
  detect(content) {
    if (content.shape === 'text') {
      const report = perfReportOf(content.text);
      return report === 'aiperf' || report === 'timeslices';
    }
    const object = firstObject(content);
    return object !== null && kindOf(object) !== null;
  },
  read(content, extract) {
    if (content.shape === 'text') {
      if (perfReportOf(content.text) === 'timeslices') readTimesliceTable(extract, content.text);
      else readPerfReport(extract, content.text, { tool: 'aiperf' });
      return;
    }
    const reader = new AiperfReader(extract);
    for (const { at, object } of objectsOf(content)) reader.read(object, at);
    reader.end();
  },
  fields: {
    'profile_export_aiperf.json, .csv, profile_export.jsonl, timeslices': perfFieldTable(),
    'gpu_telemetry_export.jsonl': GPU_SAMPLE_FIELDS,
    'server_metrics_export.json; of runs in schema 2.0 the metrics are those of the first table': SERIES_FIELDS,
  },
  labels: {
    'input_config.endpoint.model_names, input_config.models': 'model',
    'input_config.endpoint.type': 'backend',
    'input_config.loadgen.concurrency, input_config.phases[].concurrency': 'concurrency',
    'input_config.loadgen.request_rate, input_config.phases[].rate': 'request_rate',
    'input_config.loadgen.request_count, input_config.phases[].requests': 'num_prompts',
    'input_config.input.prompt.input_tokens.mean, input_config.datasets[].prompts.isl': 'prompt_length',
    'input_config.input.prompt.output_tokens.mean, input_config.datasets[].prompts.osl': 'output_length',
    'input_config.input.public_dataset, input_config.datasets[].type': 'dataset',
    'input_config.input.extra.temperature': 'temperature',
    aiperf_version: 'tool_version',
    start_time: 'timestamp',
    gpu_name: 'gpu',
    hostname: 'host',
    'run.model': 'model',
  },
  notes: [
    'The unit stands beside each value and is read from there; in the CSV it is what the last brackets of a row label hold.',
    '`inter_token_latency` is (request latency − time to first token) / (output tokens − 1) of each request: time per output token. Gaps between chunks are `inter_chunk_latency`.',
    'Prefill throughput is of one request and keeps its own name; input tokens per second of the whole run are prompt token throughput.',
    'What the configuration does not say is taken from `cli_command`. Prompt and output length are those asked for.',
    'Where no request succeeded only counts and the duration are read, and the run counts as failed.',
    'Cancelled runs, the error summary and outputs of another length than asked for are warnings.',
    'Requests of the warm-up and the slices of a run have the label `phase`.',
    'Sums and the clock times of first and last request are left out, and so are the metrics of the warm-up.',
    'Metrics of servers keep their own names; each series has its labels and its `endpoint`. One of the server’s labels that means something else here begins with `series_`. Counts, sums, buckets and slices of them are left out.',
    'The energy counter runs since the machine started: only where a summary has its growth during the run (an average alone) is it energy.',
  ],
};

function kindOf(object: JsonObject): 'summary' | 'series' | 'timeslices' | 'request' | 'gpu' | null {
  if (isAiperfRequest(object)) return 'request';
  if (isGpuSample(object)) return 'gpu';
  if (isTimeslices(object)) return 'timeslices';
  if (isAiperfSummary(object)) return 'summary';
  return isAiperfSeries(object) ? 'series' : null;
}

/** Reads the objects of one artifact, each as what it is. */
export class AiperfReader {
  readonly #extract: Extract;
  readonly #requests = new RequestLabels();
  readonly #gpus = new GpuLabels();
  readonly #lengths = new OutputLengths();

  constructor(extract: Extract) {
    this.#extract = extract;
  }

  read(object: JsonObject, at: string): void {
    switch (kindOf(object)) {
      case 'request':
        this.#lengths.add(readAiperfRequest(this.#extract, object, at, this.#requests.of(object)));
        return;
      case 'gpu':
        readGpuSample(this.#extract, object, at, this.#gpus.of(object));
        return;
      case 'timeslices':
        readTimeslices(this.#extract, object, at);
        return;
      case 'series':
        readAiperfSeries(this.#extract, object, at);
        return;
      case 'summary':
        readAiperfSummary(this.#extract, object, at);
        return;
      default:
        this.#extract.warnings.add('other records', `${at.trim() || 'the document'} is no record of AIPerf: it was not read`);
    }
  }

  /** A request that was read elsewhere missed the output length that was asked for by so many percent. */
  miss(percent: number): void {
    this.#lengths.add(percent);
  }

  end(): void {
    this.#lengths.warn(this.#extract);
  }
}
