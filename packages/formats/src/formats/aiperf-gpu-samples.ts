import type { Extract } from '../extract.ts';
import { addLabel, addNumber, type Labels, objectAt } from '../fields.ts';
import { segment } from '../json-pointer.ts';
import { isObject, type JsonObject } from '../json-value.ts';
import { gpuLabels, gpuSampleMeaning } from './gpu-telemetry-fields.ts';
import { ownName } from './perf-metrics.ts';

/** Whether an object is a sample of a GPU: `timestamp_ns`, `gpu_index`, `telemetry_data`. */
export function isGpuSample(object: JsonObject): boolean {
  return Object.hasOwn(object, 'timestamp_ns') && Object.hasOwn(object, 'gpu_index') && isObject(object.telemetry_data);
}

/** Labels of the GPUs of a file, each made once. */
export class GpuLabels {
  readonly #known = new Map<string, Labels>();

  of(sample: JsonObject): Labels {
    const labels: Record<string, string> = { ...gpuLabels(sample), tool: 'aiperf' };
    addLabel(labels, 'telemetry', sample.dcgm_url);
    const key = JSON.stringify(labels);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.#known.set(key, labels);
    return labels;
  }
}

/** Reads a sample of a GPU: what the machine did beside the benchmark. */
export function readGpuSample(extract: Extract, sample: JsonObject, at: string, labels: Labels): void {
  const fields = objectAt(sample, 'telemetry_data');
  extract.records += 1;
  readFieldsOf(extract, fields, `${at}/telemetry_data`, labels);
  // What somebody asked DCGM for beside the usual; older versions put it among the others.
  readFieldsOf(extract, objectAt(fields, CUSTOM), `${at}/telemetry_data/${CUSTOM}`, labels);
}

const CUSTOM = 'custom_metrics';

function readFieldsOf(extract: Extract, fields: JsonObject, at: string, labels: Labels): void {
  for (const field of Object.keys(fields))
    if (field !== CUSTOM || !isObject(fields[field]))
      addNumber(extract, fields[field], gpuSampleMeaning(field), { labels, pointer: at + segment(field) }, ownName(field));
}
