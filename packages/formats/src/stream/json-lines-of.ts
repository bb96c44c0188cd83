import type { FailedRecord, Measurement } from '@chimera/shared/domain';
import { objectsOf } from '../documents.ts';
import { Extract } from '../extract.ts';
import { AiperfReader } from '../formats/aiperf.ts';
import { isGpuSample } from '../formats/aiperf-gpu-samples.ts';
import { isAiperfRequest } from '../formats/aiperf-requests.ts';
import type { Format } from '../formats/format.ts';
import { GenericLines } from '../formats/generic-json-lines.ts';
import { isK6Line } from '../formats/k6-points.ts';
import { OllamaReader } from '../formats/ollama-api.ts';
import { type Kind, kindOfObject } from '../formats/ollama-response.ts';
import { VariedLabels } from '../formats/varied-labels.ts';
import { isVegetaResult } from '../formats/vegeta-results.ts';
import type { JsonLine } from '../json-lines.ts';
import type { Count } from '../json-records.ts';
import { isObject } from '../json-value.ts';
import type { Limits } from '../limits.ts';
import type { Warnings } from '../warnings.ts';
import { K6_VALUE } from './json-k6-value.ts';
import { OLLAMA_RATES } from './json-ollama-rates.ts';
import { aiperfRole, genericRole, k6Role, ollamaRole, vegetaRole } from './json-roles.ts';
import type { JsonSlot, SlotRole } from './json-slot.ts';

/** What a line is read as by itself; good until the next one is read. */
export type LineReading = {
  measurements: readonly Measurement[];
  failed: readonly FailedRecord[];
  /** how many records it counts as: by itself, and where any line of the file carries a mark */
  records: number;
  recordsBesideMarks: number;
  marked: boolean;
};

/** Numbers of a line that are computed of others in it. */
export type Computed = {
  /** pointers within a line: the numbers that count for it, those that may be absent too */
  of: readonly string[];
  /** what stands behind `line N` in the pointers of the results */
  tails: readonly string[];
  /**
   * @param numbers in the order of `of`; NaN where the line has none
   * @param results takes them in the order of `tails`; NaN where there is none
   * @returns false where the sizes of the numbers make the line mean something of its own, and it must be read by itself
   */
  compute(numbers: Float64Array, results: Float64Array): boolean;
};

/** Reads the lines of one format one by one, by the ordinary reader of that format. */
export type LinesOf = {
  /** Reads the first lines, which decide for those that come later. */
  begin(lines: readonly JsonLine[]): LineReading;
  read(line: JsonLine): LineReading;
  /** What counts in a slot of a line; null where nothing can be said in advance. Absent: lines can only be read one by one. */
  role?(slot: JsonSlot): { number: SlotRole; text: SlotRole } | null;
  /** how many slots have lost their role since the beginning: where it grows, roles must be asked for again */
  rolesLost?(): number;
  /** Makes room: the setting, or label, with most values labels nothing from a line on, where it has many. */
  relieve?(line: number): void;
  /** whether the roles hold for lines such as this one */
  isPlain?(value: object): boolean;
  /** from how many seconds of a load duration on a record must be read by itself */
  coldFrom?(): number;
  /** the slot of which each number must be told, of records that did not fail */
  told?: { pointer: string; tell(value: number): void };
  computed?: Computed;
  /** A line was taken that the reader did not see, which counts as so many records. */
  passed?(line: number, records: number): void;
  /** Says what can only be said when all was read. */
  end(): LineReading | null;
};

/** Formats whose lines are read one by one, as nothing in them depends on the lines around. */
const LINE_BY_LINE: ReadonlySet<string> = new Set(['llama-bench', 'vllm-serve', 'sglang', 'vegeta', 'k6']);

/** … of which most are alike. */
const ALIKE: Readonly<Record<string, Pick<LinesOf, 'role' | 'isPlain' | 'computed'>>> = {
  k6: { role: k6Role, isPlain: (value) => isObject(value) && isK6Line(value), computed: K6_VALUE },
  vegeta: { role: vegetaRole, isPlain: (value) => isObject(value) && isVegetaResult(value) },
};

/**
 * Reads the lines of a format.
 * @returns null for a format whose lines cannot be read one by one: it puts together what stands in several
 */
export function linesOf(format: Format, limits: Limits, warnings: Warnings): LinesOf | null {
  const extract = new LineExtract(limits, warnings);
  if (format.name === 'generic') return genericLines(extract);
  if (format.name === 'aiperf') return aiperfLines(extract);
  if (format.name === 'ollama-api') return ollamaLines(extract);
  if (!LINE_BY_LINE.has(format.name)) return null;
  const read = (lines: readonly JsonLine[]): LineReading =>
    extract.reading(() => format.read({ kind: 'jsonl', shape: 'jsonl', lines }, extract));
  return { begin: read, read: (line) => read([line]), ...ALIKE[format.name], end: () => null };
}

/** Takes what one line holds; limits and ranges are looked after where its numbers go. */
class LineExtract extends Extract {
  override add(measurement: Measurement): void {
    this.measurements.push(measurement);
  }

  override fail(record: FailedRecord): void {
    this.failed.push(record);
  }

  /** What a reader puts here, in place of what was here before. */
  reading(read: () => void): LineReading {
    this.measurements.length = 0;
    this.failed.length = 0;
    this.records = 0;
    read();
    const { measurements, failed, records } = this;
    return { measurements, failed, records, recordsBesideMarks: records, marked: false };
  }
}

function genericLines(extract: LineExtract): LinesOf {
  let lines: GenericLines | null = null;
  const counted = (counts: readonly Count[], reading: LineReading): LineReading => ({
    ...reading,
    records: counts.reduce((sum, { records }) => sum + records, 0),
    recordsBesideMarks: counts.reduce((sum, { object, records }) => sum + (object ? Math.max(1, records) : records), 0),
    marked: counts.some(({ marked }) => marked),
  });
  const begin = (first: readonly JsonLine[]): LineReading => {
    const reading = extract.reading(() => {
      lines = new GenericLines(first, extract);
    });
    return counted(lines?.counts ?? [], reading);
  };
  return {
    begin,
    read(line) {
      const known = lines;
      if (known === null) return begin([line]);
      let count: Count | null = null;
      const reading = extract.reading(() => {
        count = known.read(line, extract);
      });
      return counted(count === null ? [] : [count], reading);
    },
    role: (slot) => genericRole(slot, lines?.repeated ?? new Set(), lines?.drawn ?? new Set(), lines?.quoted ?? null),
    rolesLost: () => lines?.changes ?? 0,
    relieve: (line) => lines?.relieve(line),
    isPlain: isObject,
    coldFrom: () => Math.min(...[...(lines?.decided.starts.values() ?? [])].map(({ from }) => from), Number.POSITIVE_INFINITY),
    end() {
      lines?.quoted.warn(extract.warnings);
      return null;
    },
  };
}

function aiperfLines(extract: LineExtract): LinesOf {
  const reader = new AiperfReader(extract);
  const read = (lines: readonly JsonLine[]): LineReading =>
    extract.reading(() => {
      for (const { line, value } of lines)
        for (const [index, item] of Array.isArray(value) ? value.entries() : [[null, value] as const])
          if (isObject(item)) reader.read(item, index === null ? `line ${line} ` : `line ${line} /${index}`);
    });
  return {
    begin: read,
    read: (line) => read([line]),
    role: aiperfRole,
    isPlain: (value) => isObject(value) && (isAiperfRequest(value) || isGpuSample(value)),
    told: { pointer: '/metrics/osl_mismatch_diff_pct/value', tell: (value) => reader.miss(value) },
    end() {
      reader.end();
      return null;
    },
  };
}

function ollamaLines(extract: LineExtract): LinesOf {
  const varied = new VariedLabels('timestamp');
  const reader = new OllamaReader(extract, varied);
  const read = (lines: readonly JsonLine[]): LineReading =>
    extract.reading(() => reader.read(objectsOf({ kind: 'jsonl', shape: 'jsonl', lines })));
  return {
    begin: read,
    read: (line) => read([line]),
    role: (slot) => ollamaRole(slot, varied.left),
    rolesLost: () => varied.left.size,
    relieve: (line) => varied.relieve(line, extract.warnings),
    isPlain: (value) => isObject(value) && PLAIN_RESPONSES.has(kindOfObject(value)),
    computed: OLLAMA_RATES,
    // A part of an answer is no record.
    passed: (line, records) => reader.pass(records === 0 ? `line ${line}` : null),
    end: () => extract.reading(() => reader.end()),
  };
}

/** Responses that are alike. */
const PLAIN_RESPONSES: ReadonlySet<Kind> = new Set<Kind>(['final', 'chunk']);
