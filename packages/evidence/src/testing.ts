import { type Artifact, type Evidence, type Fact, METRICS, type Measurement } from '@chimera/shared/domain';
import { type Description, describe as describeArtifact } from './description.ts';
import { computeEvidence } from './evidence.ts';
import { EvidenceMemory } from './evidence-memory.ts';
import { samplesOf } from './samples.ts';
import { inOneGo } from './steps.ts';

export type Metric = keyof typeof METRICS;
/** A file that was read: its measurements, and what else is to be said of it. */
export type File = { path: string; measurements: Measurement[]; more?: Partial<Artifact> };

export const HASH = (n: number) => n.toString(16).padStart(64, '0');

/** Values of one metric under some labels, as a reader gives them. */
export function values(
  metric: Metric,
  labels: Record<string, string>,
  list: readonly number[],
  more: Partial<Measurement> = {},
): Measurement[] {
  return list.map((value, i) => ({
    ...{ metric, statistic: 'value', value, text: null, unit: METRICS[metric].unit, n: null, labels, failed: false },
    pointer: `line ${i + 2} column ${metric}`,
    ...more,
  }));
}

/** What evidence says of a file that was read by itself, without its series; `hash` where `more` has none. */
export function describedFile({ path, measurements, more }: File, hash: string): Description {
  const artifact: Artifact = {
    ...{ path, kind: 'csv', format: 'generic', bytes: 1, sha256: hash, status: 'read', reason: null },
    ...{ warnings: [], measurements: measurements.length, records: 0, failed: [] },
    ...more,
  };
  return inOneGo(describeArtifact(artifact, [], true, samplesOf(measurements)));
}

/** The evidence of artifacts that were described. */
export function evidenceOfAll(descriptions: readonly Description[], memory = new EvidenceMemory()): Evidence {
  const expected = { folders: null, kinds: [] };
  return inOneGo(computeEvidence({ dataset: 'bucket', inventory: HASH(0), title: null, descriptions, expected, memory })).evidence;
}

/** The evidence of files that were read, without their series. */
export function evidenceOf(files: readonly File[], memory = new EvidenceMemory()): Evidence {
  return evidenceOfAll(
    files.map((file, i) => describedFile(file, HASH(i + 1))),
    memory,
  );
}

export const ofKind = (evidence: Evidence, kind: Fact['kind']) => evidence.facts.filter((f) => f.kind === kind);
/** `n` values around a middle, each 0.1 from the next. */
export const around = (middle: number, n = 6) => Array.from({ length: n }, (_, i) => middle + (i - (n - 1) / 2) * 0.1);
