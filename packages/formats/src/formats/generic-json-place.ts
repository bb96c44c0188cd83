import type { ErrorColumn } from '../error-column.ts';
import { type Around, type Naming, UNNAMED } from '../json-naming.ts';

/** Where the walk through a document is. */
export type Place = {
  pointer: string;
  /** the pointer with array indices as `*` */
  pattern: string;
  /** the last key that is no index */
  key: string;
  naming: Naming;
  /** the object that holds that key */
  holder: Around | null;
  labels: Readonly<Record<string, string>>;
  /** keys of texts that tell the objects of the list around apart */
  repeated: ReadonlySet<string>;
  /** what the objects of the list around hold under `error` and the like */
  errors: ReadonlyMap<string, ErrorColumn>;
  /** by index of a list whose object holds a table by columns: the labels of the rows */
  columns: readonly Readonly<Record<string, string>>[] | null;
  /** an object around has failed */
  failed: boolean;
};

export const NONE: ReadonlySet<string> = new Set();

export const NO_ERRORS: ReadonlyMap<string, ErrorColumn> = new Map();

export const ROOT: Place = {
  ...{ pointer: '', pattern: '', key: '', naming: UNNAMED, holder: null, labels: {} },
  ...{ repeated: NONE, errors: NO_ERRORS, columns: null, failed: false },
};
