import { firstObject, objectsOf } from '../documents.ts';
import type { Extract } from '../extract.ts';
import { addLabel, addNumber, type FieldMeaning, type Labels, listAt, objectAt, patternOf, plainNumber, textOf } from '../fields.ts';
import { segment } from '../json-pointer.ts';
import { isObject, type JsonObject } from '../json-value.ts';
import { unitOfSymbol } from '../unit-from-name.ts';
import type { Format } from './format.ts';
import { readOtherTables } from './markdown-page.ts';
import { warnNotMeasured } from './not-measured.ts';
import { OPTIMUM_LABELS, optimumLabels } from './optimum-benchmark-labels.ts';
import { isOptimumTable } from './optimum-benchmark-markdown.ts';
import { latencyOf, latencyStatistic, OPTIMUM_FIELDS, PARTS, throughputOf } from './optimum-benchmark-metrics.ts';

/** Hugging Face's optimum-benchmark: `benchmark_report.json`, and `benchmark.json` with it under `report`. */
export const optimumBenchmark: Format = {
  name: 'optimum-benchmark',
  tool: 'optimum-benchmark of Hugging Face',
  signature:
    'an object of phases (`load_model`, `prefill`, `decode`, `per_token`, …), at the top or under `report`, that have `memory`, `throughput` and `latency.unit`; in Markdown (`benchmark_report.md`) tables `metric | value | unit` below such headings',
  detect(content) {
    if (content.shape === 'markdown') return content.tables.some(isOptimumTable);
    return reportOf(firstObject(content)) !== null || isWithoutReport(firstObject(content));
  },
  read(content, extract) {
    if (content.shape === 'markdown') readOtherTables(extract, content.tables);
    for (const { at, object } of objectsOf(content)) {
      const report = reportOf(object);
      if (isWithoutReport(object)) {
        extract.records += 1;
        extract.fail({ pointer: `${at}/report`, reason: 'the run has no report: nothing of it was measured' });
      } else if (report === null)
        extract.warnings.add('no reports', `${at.trim() || '/'}: no report of optimum-benchmark: it was not read`);
      else readReport(extract, report.phases, `${at}${report.at}`, optimumLabels(object, extract));
    }
  },
  fields: { 'of a phase': OPTIMUM_FIELDS },
  labels: OPTIMUM_LABELS,
  notes: [
    'The label `test` is the phase. The unit stands beside each number and is read from there; memory is in MB of 10^6 bytes.',
    'Which memory is meant is the label `memory`: that of the process (`max_ram`), of the GPU, reserved or allocated. One of 0 was not measured.',
    'A report alone names no model: that is in `config` of `benchmark.json`, or in another file. A `benchmark.json` without anything measured is a failed record; a folder with a configuration alone is a failed run too, which no file says.',
    '`stdev_` is in percent of the mean and is not read, nor are sums. Parts that are null were not measured.',
    'Markdown has rounded numbers and no samples. Where a page has a phase twice, the headings above it are the label `place`.',
    'The gaps of `per_token` are pooled over all repetitions. A throughput of 0 is absent.',
  ],
};

/** Whether a value is what was measured of a phase: some of its parts, of which latency states its unit. */
function isPhase(value: unknown): value is JsonObject {
  if (!isObject(value) || !Object.keys(value).every((key) => PARTS.includes(key))) return false;
  const { latency, memory, throughput } = value;
  return (
    memory !== undefined &&
    throughput !== undefined &&
    isObject(latency) &&
    textOf(latency.unit) !== null &&
    plainNumber(latency.mean) !== null
  );
}

/** The object that holds phases, with its pointer; null where there is none. */
function reportOf(object: JsonObject | null): { phases: JsonObject; at: string } | null {
  if (object === null) return null;
  if (Object.values(object).some(isPhase)) return { phases: object, at: '' };
  const report = objectAt(object, 'report');
  return Object.values(report).some(isPhase) ? { phases: report, at: '/report' } : null;
}

/** `benchmark.json` of a run that ended before anything was measured: a configuration, and a report of nothing. */
function isWithoutReport(object: JsonObject | null): boolean {
  if (object === null || !Object.hasOwn(object, 'report') || reportOf(object) !== null) return false;
  const { report } = object;
  const config = objectAt(object, 'config');
  const isOurs = ['backend', 'launcher', 'environment'].every((key) => isObject(config[key]));
  return isOurs && (report === null || (isObject(report) && Object.values(report).every((phase) => phase === null)));
}

function readReport(extract: Extract, phases: JsonObject, at: string, given: Labels): void {
  for (const name of Object.keys(phases)) {
    const phase = phases[name];
    // A phase of which nothing was measured has parts that are null; whatever else stands there is none.
    if (!isObject(phase) || !PARTS.some((part) => isObject(phase[part]))) continue;
    extract.records += 1;
    const labels: Record<string, string> = { ...given };
    addLabel(labels, 'test', name, extract);
    new PhaseReader(extract, name, phase, at + segment(name), labels).read();
  }
}

class PhaseReader {
  readonly #extract: Extract;
  readonly #name: string;
  readonly #phase: JsonObject;
  readonly #at: string;
  readonly #labels: Labels;

  constructor(extract: Extract, name: string, phase: JsonObject, at: string, labels: Labels) {
    this.#extract = extract;
    this.#name = name;
    this.#phase = phase;
    this.#at = at;
    this.#labels = labels;
  }

  read(): void {
    this.#latency(objectAt(this.#phase, 'latency'));
    this.#throughput(objectAt(this.#phase, 'throughput'));
    const memory = objectAt(this.#phase, 'memory');
    // No process has a memory of 0 MB: where the driver does not tell one from another, 0 stands there.
    for (const key of Object.keys(memory))
      if (key.startsWith('max_') && key.length < 40 && plainNumber(memory[key]) !== 0)
        this.#add(
          memory[key],
          `/memory${segment(key)}`,
          { metric: 'peak_memory', statistic: 'max', unit: unitIn(memory) },
          { memory: key },
        );
    const energy = objectAt(this.#phase, 'energy');
    for (const key of ['cpu', 'ram', 'gpu', 'total'])
      this.#add(energy[key], `/energy/${key}`, { metric: key === 'total' ? 'energy' : 'own', statistic: 'value', unit: unitIn(energy) });
    const efficiency = objectAt(this.#phase, 'efficiency');
    this.#add(efficiency.value, '/efficiency/value', { metric: 'own', statistic: 'value', unit: textOf(efficiency.unit) });
  }

  #latency(latency: JsonObject): void {
    const { metric, over } = latencyOf(this.#name);
    const unit = unitIn(latency);
    const of = (statistic: string): FieldMeaning => ({ metric, statistic, unit, ...(over === undefined ? {} : { over }) });
    const values = listAt(latency, 'values');
    const n = plainNumber(latency.count) ?? (values.length > 0 ? values.length : null);
    const own = patternOf(`${this.#at}/latency`);
    if (plainNumber(latency.mean) === 0) {
      warnNotMeasured(this.#extract, 'latency', this.#at);
      return;
    }
    for (const key of Object.keys(latency)) {
      const statistic = latencyStatistic(key);
      if (statistic !== null) addNumber(this.#extract, latency[key], of(statistic), this.#place(`/latency${segment(key)}`, n), own);
    }
    for (const [index, value] of values.entries())
      addNumber(this.#extract, value, of('value'), this.#place(`/latency/values/${index}`, null), own);
  }

  #throughput(throughput: JsonObject): void {
    const unit = textOf(throughput.unit);
    if (plainNumber(throughput.value) === 0) {
      warnNotMeasured(this.#extract, 'throughput', this.#at);
      return;
    }
    const meaning: FieldMeaning = {
      metric: throughputOf(this.#name, unit),
      statistic: 'value',
      unit: unitIn(throughput) ?? unit,
      over: 'runs',
    };
    this.#add(throughput.value, '/throughput/value', meaning);
  }

  #place(pointer: string, n: number | null): { labels: Labels; n: number | null; pointer: string } {
    return { labels: this.#labels, n, pointer: this.#at + pointer };
  }

  #add(value: unknown, pointer: string, meaning: FieldMeaning, labels: Labels = {}): void {
    addNumber(this.#extract, value, meaning, { ...this.#place(pointer, null), labels: { ...this.#labels, ...labels } });
  }
}

/** The unit beside a number, as this package spells it; null where it is none that is known. */
function unitIn(part: JsonObject): string | null {
  return unitOfSymbol(textOf(part.unit) ?? '');
}
