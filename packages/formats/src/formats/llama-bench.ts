import type { Content } from '../content.ts';
import { documentsOf, hasKeys, objectsOf } from '../documents.ts';
import { segment } from '../json-pointer.ts';
import { isObject, type JsonObject } from '../json-value.ts';
import type { Format } from './format.ts';
import { benchCsvHeader, readBenchCsv } from './llama-bench-csv.ts';
import { LLAMA_BENCH_LABELS } from './llama-bench-labels.ts';
import { hasBenchTable, MARKDOWN_FIELDS } from './llama-bench-markdown.ts';
import { isBenchSql, readBenchSql } from './llama-bench-sql.ts';
import { OTHER_RATES, OUTPUT_RATES, PROMPT_RATES, readBenchTest, TEST_FIELDS } from './llama-bench-test.ts';
import { readMarkdownPage } from './markdown-page.ts';

/** Documents that are looked at for a test: a log may hold other JSON before it. */
const LOOKED_AT = 50;

/** llama.cpp's own benchmark, in all that `-o` can print: json, jsonl, csv, md and sql. */
export const llamaBench: Format = {
  name: 'llama-bench',
  tool: '`llama-bench` of llama.cpp',
  signature:
    'JSON and JSON lines: `build_commit`, `avg_ts`, `n_prompt` and `n_gen`; CSV: a header with these; Markdown: a table with `model`, `test`, `t/s` and `size`, `params` or `backend`; SQL: `CREATE TABLE IF NOT EXISTS llama_bench` or `test`, with `build_commit` first',
  detect(content) {
    if (content.shape === 'text') return hasBenchTable(content.text) || benchCsvHeader(content.text) !== null || isBenchSql(content.text);
    return hasTest(content);
  },
  read(content, extract) {
    if (content.shape === 'text') {
      const header = hasBenchTable(content.text) ? null : benchCsvHeader(content.text);
      if (header !== null) readBenchCsv(extract, content.text, header);
      else if (hasBenchTable(content.text)) readMarkdownPage(extract, content.text);
      else readBenchSql(extract, content.text);
      return;
    }
    for (const { at, object } of objectsOf(content)) {
      if (isTest(object)) readBenchTest(extract, { fields: object, at: at.trim() || '/', pointer: (field) => at + segment(field) });
      else extract.warnings.add('other objects', `${at.trim() || '/'}: no test of llama-bench: it was not read`);
    }
  },
  fields: {
    'of a prompt test (`n_gen` is 0)': PROMPT_RATES,
    'of a generation test (`n_prompt` is 0)': OUTPUT_RATES,
    'of a test of both': OTHER_RATES,
    'of every test': TEST_FIELDS,
    'of a row of Markdown': MARKDOWN_FIELDS,
  },
  labels: LLAMA_BENCH_LABELS,
  notes: [
    'The label `test` is the name that the tool gives: `pp512`, `tg128`, `pp512+tg128`, with ` @ d4096` where tokens stood in the context before.',
    'A test of both prompt and generation mixes their rates, so it is neither: its rate is kept under its own name.',
    '`avg_ns` is the time of a whole repetition, not of a token. Tokenization and sampling are not in it.',
    'CSV, SQL and Markdown hold no samples, so n is unknown there; a deviation of 0 means one repetition.',
    'Where `stddev_ns` and `stddev_ts` disagree a warning says so; that of the rate is the one to use.',
    'Every setting is a label; those without a canonical name keep their own. Markdown leaves out what was at its default. Settings that are on or off are `true` and `false`, whether the file writes 1 or true.',
    'Where a log names the GPUs above a table they are its label `gpu`, as `gpu_info` is. Where two tables of a file repeat a row, setting by setting, under different headings, the heading is the label `place`.',
    'The label `quantization` is what the model’s type says, in its words: `Q4_K - Medium`.',
    'A row of CSV or SQL with more or fewer cells than columns is left out, with its line; nothing is shifted.',
    'Other tables of a Markdown page are read as any table; CSV, SQL and JSON on a page with tables are not, since they may repeat them.',
  ],
};

/** Whether an object is one test. */
function isTest(object: JsonObject): boolean {
  return hasKeys(object, 'build_commit', 'avg_ts', 'n_prompt', 'n_gen');
}

function hasTest(content: Content): boolean {
  return documentsOf(content)
    .slice(0, LOOKED_AT)
    .some(
      ({ value }) =>
        (isObject(value) && isTest(value)) ||
        (Array.isArray(value) && value.slice(0, LOOKED_AT).some((item) => isObject(item) && isTest(item))),
    );
}
