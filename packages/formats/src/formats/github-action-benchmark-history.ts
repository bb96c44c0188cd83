import type { Content } from '../content.ts';
import { documentsOf, hasKeys } from '../documents.ts';
import type { Extract } from '../extract.ts';
import { addLabel, listAt, objectAt, textOf } from '../fields.ts';
import { parseJson } from '../json-document.ts';
import { segment } from '../json-pointer.ts';
import { isObject, type JsonObject } from '../json-value.ts';
import { Refusal } from '../refusal.ts';

/** What stands before the document in the script that its page loads: `dev/bench/data.js`. */
const SCRIPT = /^\s{0,100}window\.BENCHMARK_DATA\s{0,20}=\s{0,20}(?=\{)/;

/** One run of a suite: where its results stand, and what is said of all of them. */
export type HistoryRun = { at: string; benches: readonly unknown[]; labels: Readonly<Record<string, string>> };

/** Whether a content is what the action keeps of all its runs: a script, or the same document alone. */
export function isHistory(content: Content): boolean {
  if (content.shape === 'text') return SCRIPT.test(content.text.slice(0, 300)) && content.text.includes('"entries"');
  return content.shape === 'json' && documentsOf(content).some(({ value }) => isDocument(value));
}

function isDocument(value: unknown): value is JsonObject {
  if (!isObject(value) || !hasKeys(value, 'lastUpdate', 'entries')) return false;
  return Object.values(objectAt(value, 'entries')).some((runs) => Array.isArray(runs) && runs.some(isRun));
}

const isRun = (value: unknown): value is JsonObject => isObject(value) && hasKeys(value, 'commit', 'benches');

/**
 * The runs of all suites.
 * @throws Refusal where the document in the script is none
 */
export function runsOfHistory(content: Content, extract: Extract): HistoryRun[] {
  const value = content.shape === 'text' ? documentIn(content.text, extract) : documentsOf(content)[0]?.value;
  if (!isDocument(value)) return [];
  return Object.entries(objectAt(value, 'entries')).flatMap(([suite, runs]) =>
    (Array.isArray(runs) ? runs : []).flatMap((run, index): HistoryRun[] => {
      const at = `/entries${segment(suite)}/${index}`;
      if (isRun(run)) return [{ at: `${at}/benches`, benches: listAt(run, 'benches'), labels: labelsOfRun(suite, run) }];
      extract.warnings.add('others', `${at}: no run of a suite that is known: it was not read`);
      return [];
    }),
  );
}

function labelsOfRun(suite: string, run: JsonObject): Record<string, string> {
  const labels: Record<string, string> = { tool: 'github-action-benchmark' };
  addLabel(labels, 'suite', suite);
  addLabel(labels, 'harness', textOf(run.tool));
  addLabel(labels, 'commit', textOf(objectAt(run, 'commit').id));
  addLabel(labels, 'timestamp', run.date);
  return labels;
}

function documentIn(text: string, extract: Extract): unknown {
  const document = text.replace(SCRIPT, '').replace(/;?\s{0,100}$/, '');
  const outcome = parseJson(document, extract.limits);
  if ('value' in outcome) return outcome.value;
  const where = outcome.fault.atEnd ? 'is cut off' : 'is no JSON';
  throw new Refusal(`what stands behind window.BENCHMARK_DATA ${where}: write the file anew`, { cut: outcome.fault.atEnd });
}
