import type { ArtifactKind } from '@chimera/shared/domain';
import type { JsonLine } from './json-lines.ts';
import type { Table } from './table.ts';

/**
 * What an artifact holds once its bytes are understood: what formats are told apart by, and read from. The text itself is no
 * longer there, save where there is nothing else: it may be half a gigabyte.
 */
export type Content = { kind: ArtifactKind } & (
  | { shape: 'json'; value: unknown }
  | { shape: 'jsonl'; lines: readonly JsonLine[] }
  | { shape: 'table'; tables: readonly Table[] }
  | { shape: 'markdown'; tables: readonly Table[] }
  | { shape: 'text'; text: string }
);

export type ContentOptions = {
  /** the name says that tabs separate the cells */
  tabs: boolean;
  /** whether a format that is none of the generic ones knows the content */
  isKnown: (content: Content) => boolean;
};
