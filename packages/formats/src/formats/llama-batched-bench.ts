import { firstObject, hasKeys, objectsOf } from '../documents.ts';
import type { Extract } from '../extract.ts';
import { segment } from '../json-pointer.ts';
import type { JsonObject } from '../json-value.ts';
import type { Format } from './format.ts';
import { BATCHED_COLUMNS, hasBatchedTable } from './llama-batched-bench-markdown.ts';
import { addBatchedNumbers, BATCHED_FIELDS, BATCHED_LABELS, type BatchedField, batchedLabels } from './llama-batched-bench-rows.ts';
import { readMarkdownPage } from './markdown-page.ts';

/** llama.cpp's benchmark of several sequences at once: the table that it prints, and JSON lines. */
export const llamaBatchedBench: Format = {
  name: 'llama-batched-bench',
  tool: '`llama-batched-bench` of llama.cpp',
  signature: 'JSON lines: `n_kv_max`, `pp`, `tg`, `pl` and `speed_tg`; Markdown: a table with `PP`, `TG`, `B`, `S_PP t/s` and `S_TG t/s`',
  detect: (content) => (content.shape === 'text' ? hasBatchedTable(content.text) : isRow(firstObject(content))),
  read(content, extract) {
    if (content.shape === 'text') {
      readMarkdownPage(extract, content.text);
      return;
    }
    for (const { at, object } of objectsOf(content)) {
      if (isRow(object)) readRow(extract, object, at);
      else extract.warnings.add('other objects', `${at.trim() || '/'}: no row of llama-batched-bench: it was not read`);
    }
  },
  fields: {
    'of a row of JSON lines': BATCHED_FIELDS,
    'of a row of the table': Object.fromEntries(Object.entries(BATCHED_COLUMNS).map(([column, field]) => [column, BATCHED_FIELDS[field]])),
  },
  labels: { ...BATCHED_LABELS, PP: 'prompt_length', TG: 'output_length', B: 'concurrency' },
  notes: [
    'A row is a single run: it has no deviation. Rates and times are those of all sequences together; `B` of the table, `pl` of JSON, is how many there were.',
    '`T_PP` is when the last prompt of the batch was evaluated, so nearly the time to the first token of the whole batch; it is kept as prompt evaluation duration.',
    'Where `is_pp_shared` is true the sequences have one prompt, which is counted once: the label keeps such rows apart from others.',
    'Settings stand in the line above the table (`main: n_kv_max = …`), and in every row of JSON. The model is in neither.',
    'A time or rate of 0 beside tokens that were processed is absent. Where no tokens were asked for nothing was measured.',
  ],
};

function isRow(object: JsonObject | null): object is JsonObject {
  return hasKeys(object, 'n_kv_max', 'pp', 'tg', 'pl', 'speed_tg');
}

const isField = (key: string): key is BatchedField => Object.hasOwn(BATCHED_FIELDS, key);

function readRow(extract: Extract, object: JsonObject, at: string): void {
  const numbers = Object.keys(object)
    .filter(isField)
    .map((field) => ({ field, value: object[field], pointer: at + segment(field) }));
  addBatchedNumbers(extract, numbers, { pp: object.pp, tg: object.tg }, batchedLabels(object, extract));
}
