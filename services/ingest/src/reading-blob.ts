import { endianness } from 'node:os';
import type { SampleSet, Series } from '@chimera/evidence';
import { ArtifactKind, FailedRecord, OVERS, Sha256 } from '@chimera/shared/domain';
import { z } from 'zod';
import type { FoundReading } from './content-reading.ts';

/** A process of another version may have written a blob that this one does not understand: raise it with every change of what follows. */
export const READING_SCHEMA = 'chimera.reading/v2';

/** Doubles bit by bit, because JSON knows neither -0 nor what is no number. */
const Doubles = z.base64().transform((text, context) => {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length % Float64Array.BYTES_PER_ELEMENT === 0) return new Float64Array(Uint8Array.from(bytes).buffer);
  context.addIssue(`${bytes.length} bytes are no doubles`);
  return z.NEVER;
});
// Kept as it is: a name may be one that an object built anew would take for something else.
const Labels = z.custom<Record<string, string>>(
  (value) => typeof value === 'object' && value !== null && Object.values(value).every((label) => typeof label === 'string'),
);

/** min, median, mean, stddev, p95 and max in this order */
const SERIES_NUMBERS = 6;
const StoredSeries = z.strictObject({
  metric: z.string(),
  statistic: z.string(),
  unit: z.string().nullable(),
  labels: Labels,
  n: z.int().positive(),
  numbers: Doubles,
  summed: z.literal('compensated').exactOptional(),
  first: z.string(),
  last: z.string(),
});

/** min, max, mean, stddev, median, p95 and p99 in this order */
const DIGEST_NUMBERS = 7;
const StoredDigest = z.strictObject({ n: z.int().positive(), numbers: Doubles });

const StoredSamples = z.strictObject({
  metric: z.string(),
  statistic: z.string(),
  over: z.enum(OVERS).nullable(),
  labels: Labels,
  values: Doubles,
  n: z.number().nullable(),
  first: z.string(),
  last: z.string(),
  digest: StoredDigest.exactOptional(),
});

const StoredOutcome = z.discriminatedUnion('status', [
  z.strictObject({
    status: z.literal('read'),
    kind: ArtifactKind,
    format: z.string(),
    warnings: z.array(z.string()),
    measurements: z.int().nonnegative(),
    records: z.int().nonnegative(),
    failed: z.array(FailedRecord),
    cut: z.boolean(),
  }),
  z.strictObject({ status: z.literal('refused'), kind: ArtifactKind, format: z.string(), reason: z.string(), cut: z.boolean() }),
]);

const StoredReading = z.strictObject({
  schema: z.literal(READING_SCHEMA),
  endianness: z.literal(endianness()),
  /** of all that the reading depends on (see `contentKey`) */
  key: z.string(),
  sha256: Sha256,
  bytes: z.int().nonnegative(),
  own: z.boolean(),
  outcome: StoredOutcome,
  series: z.array(StoredSeries),
  samples: z.array(StoredSamples),
  /** how many bytes of Parquet follow behind the line; null: none */
  rows: z.int().positive().nullable(),
});

const NEWLINE = 0x0a;

/** A reading as bytes: one line of JSON, then the measurements as Parquet. */
export function readingBytes(key: string, { sha256, bytes, own, reading, rows }: FoundReading): Uint8Array {
  const stored: z.input<typeof StoredReading> = {
    schema: READING_SCHEMA,
    endianness: endianness(),
    key,
    sha256,
    bytes,
    own,
    outcome: reading.outcome,
    series: reading.series.map(storedSeries),
    samples: reading.samples.map(storedSamples),
    rows: rows?.length ?? null,
  };
  return Buffer.concat([Buffer.from(`${JSON.stringify(stored)}\n`), rows ?? new Uint8Array()]);
}

/** The reading that bytes hold. Throws a sentence or zod's error for bytes that are none, or none of this key or version. */
export function readingIn(bytes: Uint8Array, isWanted: (key: string, sha256: string) => boolean): FoundReading {
  const end = bytes.indexOf(NEWLINE);
  if (end === -1) throw new Error('a stored reading has no line that ends');
  const stored = StoredReading.parse(JSON.parse(Buffer.from(bytes.subarray(0, end)).toString('utf8')));
  if (!isWanted(stored.key, stored.sha256)) throw new Error('a stored reading is of another content, or of another version of the reader');
  const rows = bytes.subarray(end + 1);
  if (rows.length !== (stored.rows ?? 0))
    throw new Error(`a stored reading has ${rows.length} of ${stored.rows ?? 0} bytes of measurements`);
  const { sha256, own, outcome, series, samples } = stored;
  const reading = { outcome, series: series.map(seriesIn), samples: samples.map(samplesIn) };
  return { sha256, bytes: stored.bytes, own, reading, rows: stored.rows === null ? null : rows };
}

/** What is new here and unknown to the schema makes the reading one that cannot be taken back, and is never dropped unseen. */
function storedSeries({ min, median, mean, stddev, p95, max, ...rest }: Series): z.input<typeof StoredSeries> {
  return { ...rest, numbers: base64Of([min, median, mean, stddev ?? Number.NaN, p95, max]) };
}

function seriesIn({ numbers, ...rest }: z.output<typeof StoredSeries>): Series {
  if (numbers.length !== SERIES_NUMBERS) throw new Error(`a stored series has ${numbers.length} numbers`);
  const [min = 0, median = 0, mean = 0, stddev = 0, p95 = 0, max = 0] = numbers;
  return { ...rest, min, median, mean, stddev: rest.n < 2 ? null : stddev, p95, max };
}

function storedSamples({ values, digest, ...rest }: SampleSet): z.input<typeof StoredSamples> {
  return { ...rest, values: base64Of(values), ...(digest === undefined ? {} : { digest: storedDigest(digest) }) };
}

type Digest = NonNullable<SampleSet['digest']>;

function storedDigest({ n, min, max, mean, stddev, median, p95, p99 }: Digest): z.input<typeof StoredDigest> {
  return { n, numbers: base64Of([min, max, mean, stddev ?? Number.NaN, median, p95, p99]) };
}

function digestIn({ n, numbers }: z.output<typeof StoredDigest>): Digest {
  if (numbers.length !== DIGEST_NUMBERS) throw new Error(`a stored digest has ${numbers.length} numbers`);
  const [min = 0, max = 0, mean = 0, stddev = 0, median = 0, p95 = 0, p99 = 0] = numbers;
  return { n, min, max, mean, stddev: n < 2 ? null : stddev, median, p95, p99 };
}

function samplesIn({ digest, ...rest }: z.output<typeof StoredSamples>): SampleSet {
  return digest === undefined ? rest : { ...rest, digest: digestIn(digest) };
}

function base64Of(values: ArrayLike<number>): string {
  const doubles = Float64Array.from(values);
  return Buffer.from(doubles.buffer, doubles.byteOffset, doubles.byteLength).toString('base64');
}
