import type { Content } from '../content.ts';
import type { Format } from './format.ts';
import { genericJson } from './generic-json.ts';
import { genericTable } from './generic-table.ts';
import { plainText } from './plain-text.ts';

/** In the order in which they are tried: the most specific first. The last takes everything. */
const FORMATS: readonly Format[] = [genericJson, genericTable, plainText];

/** The format that reads a content. */
export function formatOf(content: Content): Format {
  return FORMATS.find((format) => format.detect(content)) ?? plainText;
}
