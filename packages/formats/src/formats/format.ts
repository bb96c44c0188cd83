import type { Content } from '../content.ts';
import type { Extract } from '../extract.ts';
import type { FieldTable, LabelTable } from '../fields.ts';

/** One format of benchmark results: a file of its own in this folder, and a line in `registry.ts`. */
export type Format = {
  /** as it stands in an artifact: `llama-bench`, `generic` */
  name: string;
  /** what writes it, as people call it: `llama-bench of llama.cpp` */
  tool: string;
  /** by what the content is recognised, for docs/formats.md: a phrase */
  signature: string;
  /** whether the content is of this format; must not throw, and must say no rather than guess */
  detect(content: Content): boolean;
  /** puts what the content holds into `extract`; may throw a Refusal to decline it with a reason */
  read(content: Content, extract: Extract): void;
  /** field → metric, statistic, unit: what `read` reads by, and what docs/formats.md prints; several where a format has several shapes */
  fields: Readonly<Record<string, FieldTable>>;
  /** field → label */
  labels: LabelTable;
  /** what a reader of its numbers must know: sentences */
  notes: readonly string[];
};
