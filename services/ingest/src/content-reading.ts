import { GATHERING_VERSION, SampleGathering, type SampleSet, type Series, SeriesGathering } from '@chimera/evidence';
import { type Limits, READER_VERSION } from '@chimera/formats';
import { byCodeUnit, type Measurement } from '@chimera/shared/domain';
import type { Outcome } from './outcome.ts';
import type { Pace } from './pace.ts';

/** What reading a content came to, apart from its single numbers. */
export type ContentReading = { outcome: Outcome; series: readonly Series[]; samples: readonly SampleSet[] };

/** What is known of a file that was read elsewhere, or as a stream. */
export type FoundReading = {
  sha256: string;
  /** size of the file */
  bytes: number;
  /** Chimera itself wrote it: it is no artifact, and `reading` counts nowhere */
  own: boolean;
  reading: ContentReading;
  /** its measurements as a table wrote them (see `MeasurementTable.parquet`); null where there are none, or they are not kept one by one */
  rows: Uint8Array | null;
};

/** The series and samples of measurements, each of which is first handed to `each`. Throws what that throws, and the pace's signal. */
export async function gathered(
  measurements: readonly Measurement[],
  pace: Pace,
  each: (measurement: Measurement) => void,
): Promise<Pick<ContentReading, 'series' | 'samples'>> {
  const gathering = new SeriesGathering();
  const samples = new SampleGathering();
  for (const measurement of measurements) {
    each(measurement);
    gathering.add(measurement);
    samples.add(measurement);
    if (pace.due()) await pace.pause();
  }
  const series: Series[] = [];
  for (const one of gathering.series()) {
    series.push(one);
    if (pace.due()) await pace.pause();
  }
  return { series, samples: samples.sets() };
}

/** The name under which readers know a file: nothing of its path but the extension can make a difference. */
export function readerName(path: string): string {
  const extension = extensionOf(path);
  return extension === '' ? 'artifact' : `artifact.${extension}`;
}

/** Of which version a reading is: that of the readers, and that of how series and samples are gathered from what they give. */
export const READING_VERSION = READER_VERSION * 1_000 + GATHERING_VERSION;

/** All that a reading depends on, apart from READING_VERSION. */
export type ContentId = { path: string; sha256: string; limits: Limits };

/** One text for all that a reading depends on: equal for equal readings. */
export function contentKey({ path, sha256, limits }: ContentId, version = READING_VERSION): string {
  const bounds = Object.entries(limits).sort(([a], [b]) => byCodeUnit(a, b));
  return [extensionOf(path), sha256, version, ...bounds.map(([name, limit]) => `${name}=${limit}`)].join(':');
}

/** A path's extension in lower case, without its dot; empty where there is none. A hidden file's name is none. */
export function extensionOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? '' : name.slice(dot + 1).toLowerCase();
}
