import { looksCut } from '@chimera/formats';
import type { Artifact, Reading } from '@chimera/shared/domain';
import type { Entry } from './entry.ts';

/** What reading a content came to: all but its numbers, which lie in the table. */
export type Outcome = (
  | (Omit<Extract<Reading, { status: 'read' }>, 'measurements' | 'cut'> & { measurements: number })
  | Omit<Extract<Reading, { status: 'refused' }>, 'cut' | 'large'>
) & { cut: boolean };

export function outcomeOf(reading: Reading): Outcome {
  const cut = looksCut(reading);
  if (reading.status === 'read') return { ...reading, measurements: reading.measurements.length, cut };
  const { large: _, ...refused } = reading;
  return { ...refused, cut };
}

/** The artifact that an entry with this content is. */
export function artifactOf(entry: Entry, sha256: string, outcome: Outcome): Artifact {
  const { kind, format } = outcome;
  if (outcome.status === 'refused') return { ...refusedArtifact(entry, sha256, outcome.reason), format, kind };
  const { warnings, measurements, records, failed } = outcome;
  return artifact(entry, { failed, format, kind, measurements, reason: null, records, sha256, status: 'read', warnings });
}

/** The artifact that an entry is of which nothing could be read; `sha256` null: nor was anything. */
export function refusedArtifact(entry: Entry, sha256: string | null, reason: string): Artifact {
  const kind = 'unknown';
  return artifact(entry, {
    failed: [],
    format: 'unknown',
    kind,
    measurements: 0,
    reason,
    records: 0,
    sha256,
    status: 'refused',
    warnings: [],
  });
}

/** Its fields are in the order of canonical JSON, which the engine can so write itself. */
function artifact({ path, bytes }: Entry, of: Omit<Artifact, 'path' | 'bytes'>): Artifact {
  const { failed, format, kind, measurements, reason, records, sha256, status, warnings } = of;
  return { bytes, failed, format, kind, measurements, path, reason, records, sha256, status, warnings };
}
