/** How much of one artifact is read before it is refused. All bounds are inclusive. */
export type Limits = {
  /** size of the file, in bytes */
  maxBytes: number;
  /** nesting of JSON arrays and objects */
  maxDepth: number;
  /** lines of a table, of Markdown, or of JSON lines */
  maxLines: number;
  /** cells of one row of a table */
  maxColumns: number;
  /** UTF-16 code units of one cell of a table */
  maxCellChars: number;
  /** numbers read from one file */
  maxMeasurements: number;
};

/** The limits that hold where none are given. */
export const DEFAULT_LIMITS: Readonly<Limits> = {
  maxBytes: 256 * 1024 * 1024,
  maxDepth: 200,
  maxLines: 5_000_000,
  maxColumns: 10_000,
  maxCellChars: 1_000_000,
  maxMeasurements: 5_000_000,
};
