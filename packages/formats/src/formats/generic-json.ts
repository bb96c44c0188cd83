import { CanonicalNotes } from '../canonical-notes.ts';
import { Shapes } from '../json-naming.ts';
import { recordsAmong } from '../json-records.ts';
import { JsonSettings } from '../json-settings.ts';
import { QuotedNumbers } from '../quoted-numbers.ts';
import type { Format } from './format.ts';
import { GenericLines } from './generic-json-lines.ts';
import { ROOT } from './generic-json-place.ts';
import { type File, Walk } from './generic-json-walk.ts';
import { GENERIC_NOTES } from './generic-notes.ts';

/** JSON whose shape nothing here knows: every number is a measurement, named by its place, or by its name where that says a metric. */
export const genericJson: Format = {
  name: 'generic',
  tool: 'any tool',
  signature: 'JSON or JSON lines that none of the above is',
  fields: {},
  labels: {},
  notes: GENERIC_NOTES,
  detect: ({ shape }) => shape === 'json' || shape === 'jsonl',
  read(content, extract) {
    if (content.shape === 'json') {
      const { drawn } = new JsonSettings([content.value], extract.warnings);
      const file: File = { keys: new Map(), shapes: new Shapes(), notes: new CanonicalNotes(), quoted: new QuotedNumbers(), drawn };
      extract.records += new Walk(extract, file, '').visit(content.value, ROOT).records;
      file.notes.settle(extract);
      file.quoted.warn(extract.warnings);
    } else if (content.shape === 'jsonl') {
      const lines = new GenericLines(content.lines, extract);
      extract.records += recordsAmong(lines.counts);
      lines.quoted.warn(extract.warnings);
    }
  },
};
