import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Measurement, Reading } from '@chimera/shared/domain';
import { readArtifact } from '../read-artifact.ts';

/** A reading that was not refused, with its numbers by their pointers. */
export type TestReading = Extract<Reading, { status: 'read' }> & { at(pointer: string): Measurement | undefined };

/** Where the samples of real files lie, beside the project; tests over them skip where they are absent. */
export const SAMPLES: string = fileURLToPath(new URL('../../../../../shared/data/formats/', import.meta.url));

/** Reads a text as the artifact of that name. */
export function readText(path: string, text: string): TestReading {
  return opened(path, new TextEncoder().encode(text));
}

/** Reads one of the samples of real files. */
export function readSample(path: string): TestReading {
  return opened(path, readFileSync(`${SAMPLES}${path}`));
}

function opened(path: string, bytes: Uint8Array): TestReading {
  const reading = readArtifact({ path, bytes });
  if (reading.status !== 'read') throw new Error(`${path} was refused: ${reading.reason}`);
  const byPointer = new Map(reading.measurements.map((one) => [one.pointer, one]));
  return { ...reading, at: (pointer) => byPointer.get(pointer) };
}
