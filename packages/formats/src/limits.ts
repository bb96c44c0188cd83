/** How much of one artifact is read before it is refused. All bounds are inclusive. */
export type Limits = {
  /** size of the file, in bytes */
  maxBytes: number;
  /** bytes of a table or of JSON lines from which on the file is read as a stream, where it can be: nothing is refused by this */
  streamBytes: number;
  /** nesting of JSON arrays and objects */
  maxDepth: number;
  /** values of JSON: numbers, texts, words, lists and objects, each counted with all that it holds */
  maxValues: number;
  /** lines of a table, of Markdown, or of JSON lines */
  maxLines: number;
  /** cells of one row of a table */
  maxColumns: number;
  /** cells of all tables together */
  maxCells: number;
  /** UTF-16 code units of one cell of a table */
  maxCellChars: number;
  /** numbers read from one file; and records that say they failed */
  maxMeasurements: number;
  /** UTF-16 code units of the pointers of all numbers and failed records together */
  maxPointerChars: number;
  /** size of a file that is read as a stream, in bytes: what bounds lines, cells and numbers of others does not bound it */
  maxStreamBytes: number;
  /** of a stream: different numbers that a place and its labels make, a metric under each set of labels */
  maxNumberColumns: number;
  /** of a stream: failed records that are listed; the rest are counted */
  maxFailedRecords: number;
};

/**
 * The limits that hold where none are given. What a file costs is bounded by the number of its pieces, not by its bytes: ten
 * megabytes may become gigabytes. Whatever was tried at these limits was read, or refused, within a heap of 1.5 GB, and most of
 * it within half of that.
 */
export const DEFAULT_LIMITS: Readonly<Limits> = {
  maxBytes: 256 * 1024 * 1024,
  streamBytes: 16 * 1024 * 1024,
  maxDepth: 200,
  maxValues: 2_000_000,
  maxLines: 1_500_000,
  maxColumns: 10_000,
  maxCells: 5_000_000,
  maxCellChars: 1_000_000,
  maxMeasurements: 2_000_000,
  maxPointerChars: 200_000_000,
  maxStreamBytes: 64 * 1024 * 1024 * 1024,
  maxNumberColumns: 20_000,
  maxFailedRecords: 100_000,
};

/** Those that bound what whole reading holds at once: a stream holds less, so what breaks one of these may still be read as one. */
export const LIMITS_OF_WHOLE: ReadonlySet<keyof Limits> = new Set([
  'maxBytes',
  'maxValues',
  'maxLines',
  'maxCells',
  'maxMeasurements',
  'maxPointerChars',
]);

/** The environment variable that sets each limit; a refusal names it. */
export const LIMIT_VARIABLES = {
  maxBytes: 'CHIMERA_MAX_ARTIFACT_BYTES',
  streamBytes: 'CHIMERA_STREAM_BYTES',
  maxDepth: 'CHIMERA_MAX_JSON_DEPTH',
  maxValues: 'CHIMERA_MAX_JSON_VALUES',
  maxLines: 'CHIMERA_MAX_LINES',
  maxColumns: 'CHIMERA_MAX_COLUMNS',
  maxCells: 'CHIMERA_MAX_CELLS',
  maxCellChars: 'CHIMERA_MAX_CELL_CHARS',
  maxMeasurements: 'CHIMERA_MAX_MEASUREMENTS',
  maxPointerChars: 'CHIMERA_MAX_POINTER_CHARS',
  maxStreamBytes: 'CHIMERA_MAX_STREAM_BYTES',
  maxNumberColumns: 'CHIMERA_MAX_NUMBER_COLUMNS',
  maxFailedRecords: 'CHIMERA_MAX_FAILED_RECORDS',
} as const satisfies Readonly<Record<keyof Limits, string>>;
