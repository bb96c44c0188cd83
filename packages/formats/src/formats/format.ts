import type { Content } from '../content.ts';
import type { Extract } from '../extract.ts';

/** One format of benchmark results: a file of its own in this folder, and a line in `registry.ts`. */
export type Format = {
  /** as it stands in an artifact: `llama-bench`, `generic` */
  name: string;
  /** whether the content is of this format; must not throw, and must say no rather than guess */
  detect(content: Content): boolean;
  /** puts what the content holds into `extract`; may throw a Refusal to decline it with a reason */
  read(content: Content, extract: Extract): void;
};
