import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readArtifact } from '@chimera/formats';
import { isCanonical, type Reading } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../../shared/data/formats/', import.meta.url));

/** Whether the collected files are there: their licences differ, so that they are no part of the project. */
export const isHere = existsSync(ROOT);

/** Metric (`own`: none of the registry), statistic, value, unit, pointer. */
type Row = readonly [metric: string, statistic: string, value: number, unit: string | null, pointer: string];

/** What stands in a file, taken from the raw file by eye or with another program. */
export type Expected = {
  format: string;
  values: readonly Row[];
  /** of the first of them */
  labels?: Readonly<Record<string, string>>;
  /** n and over of the first of them */
  of?: { n?: number | null; over?: string };
};

/** Each folder of the collected files that holds files of known formats, in one family: a test file each. */
export const FAMILIES = {
  serving: ['vllm-serve', 'vllm-serve-console', 'inferencex', 'guidellm', 'llmperf'],
  aiperf: ['aiperf', 'genai-perf', 'nvidia-smi'],
  llama: ['llama-bench', 'llama-batched-bench', 'llama-benchy'],
  ollama: ['ollama-api', 'ollama-run-verbose', 'ollama-bench'],
  scores: ['lm-eval', 'helm', 'inspect', 'mlperf'],
  programs: ['hyperfine', 'pytest-benchmark', 'google-benchmark', 'jmh', 'benchmarkdotnet', 'vitest-bench', 'criterion'],
  go: ['go-bench'],
  load: ['vegeta', 'autocannon', 'bmf', 'github-action-benchmark'],
} as const satisfies Record<string, readonly string[]>;

const readings = new Map<string, Reading>();

/** The collected files of a folder, below the root of all: `wrk/1-run.txt`. */
export function samplesIn(folder: string): string[] {
  if (!existsSync(`${ROOT}${folder}`)) return [];
  const entries = readdirSync(`${ROOT}${folder}`, { recursive: true, withFileTypes: true });
  return entries.flatMap((entry) => (entry.isFile() ? [`${entry.parentPath}/${entry.name}`.slice(ROOT.length)] : [])).sort();
}

/** The folders of the collected files. */
export function sampleFolders(): string[] {
  return isHere ? readdirSync(ROOT, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])) : [];
}

/** What comes of a collected file. */
export function readingOf(path: string): Reading {
  const known = readings.get(path) ?? readArtifact({ path, bytes: readFileSync(`${ROOT}${path}`) });
  readings.set(path, known);
  return known;
}

/** What is read of a collected file; throws where it is refused. */
export function readSample(path: string): Extract<Reading, { status: 'read' }> {
  const reading = readingOf(path);
  if (reading.status !== 'read') throw new Error(`${path} was not read: ${reading.reason}`);
  return reading;
}

/** Whether a collected file is read as one of a known format. */
export function isTold({ status, format }: Reading): boolean {
  return status === 'read' && format !== 'generic' && format !== 'unknown';
}

/** What was read at a pointer, in the terms of a table. */
function rowsAt(path: string, pointer: string): Row[] {
  return readSample(path)
    .measurements.filter((one) => one.pointer === pointer)
    .map(({ metric, statistic, value, unit }) => [isCanonical(metric) ? metric : 'own', statistic, value, unit, pointer]);
}

/** Tests the collected files of a family against what stands in them: all that are of a known format, and no others. */
export function describeCorpus(family: keyof typeof FAMILIES, known: Readonly<Record<string, Expected>>): void {
  describe.skipIf(!isHere)(`the collected files of known formats: ${family}`, () => {
    it('are all those that are told apart from generic ones and read', () => {
      const told = FAMILIES[family].flatMap(samplesIn).filter((path) => isTold(readingOf(path)));
      expect(told.sort()).toEqual(Object.keys(known).sort());
    });

    it.each(Object.entries(known))('%s: is recognised and read as what stands there', (path, { format, values }) => {
      expect(readSample(path).format).toBe(format);
      expect(values.flatMap(([, , , , pointer]) => rowsAt(path, pointer))).toEqual(values);
    });

    it.each(Object.entries(known).filter(([, { labels, of }]) => labels ?? of))(
      '%s: knows what it was measured on, and how often',
      (path, one) => {
        const pointer = one.values[0]?.[4];
        const measurement = readSample(path).measurements.find((m) => m.pointer === pointer);
        expect(measurement?.labels).toMatchObject(one.labels ?? {});
        expect(measurement).toMatchObject(one.of ?? {});
      },
    );

    it('are called saturated where they are, and only there', () => {
      const saturated = Object.keys(known).filter((path) =>
        readSample(path).measurements.some(({ labels }) => labels.saturated !== undefined),
      );
      expect(saturated).toEqual(Object.keys(known).filter((path) => known[path]?.labels?.saturated !== undefined));
    });
  });
}
