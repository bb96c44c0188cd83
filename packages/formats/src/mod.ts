/** Readers: bytes of an artifact in, measurements with their pointers out. */
export { type Decoded, decode } from './encoding.ts';
export type { FieldMeaning, FieldTable } from './fields.ts';
export type { Format } from './formats/format.ts';
export { GENERIC_FORMATS, KNOWN_FORMATS } from './formats/registry.ts';
export { kindOf } from './kind.ts';
export { DEFAULT_LIMITS, LIMIT_VARIABLES, type Limits } from './limits.ts';
export { looksCut, READER_VERSION, readArtifact, reasonOf } from './read-artifact.ts';
export { Refusal } from './refusal.ts';
export { statisticFromName } from './statistic-from-name.ts';
export { type StreamOptions, StreamReader } from './stream/stream-reader.ts';
export { unitFromName } from './unit-from-name.ts';
