import type { Fact } from '@chimera/shared/domain';
import type { Hedge } from './claim.ts';
import { type CountSubject, countOf } from './count-subject.ts';
import { contradicted, factsOf, type Judgement, supported, unsupported } from './judgement.ts';
import type { Numeral } from './numeral.ts';
import { boundsOf } from './stated-value.ts';
import type { Truth } from './truth.ts';

/** Judges a number of artifacts. */
export function judgeCount(numeral: Numeral, hedge: Hedge | null, subject: CountSubject, truth: Truth): Judgement {
  if (subject.duplicates) return judgeDuplicates(numeral, hedge, subject, truth);
  const count = countOf(subject, truth);
  const facts = factsThatCount(subject, truth);
  const { low, high } = boundsOf({ numeral, hedge });
  const words = wordsOf(subject);
  const right = count >= low && count <= high;
  if (subject.loose) {
    const narrowed = subject.about === null ? null : countOf({ ...subject, pattern: subject.about }, truth);
    if (narrowed !== null && narrowed > 0 && narrowed < low)
      return contradicted(
        `there are ${count} ${words}, ${narrowed} of them with "${subject.about ?? ''}" in their path`,
        facts,
        [],
        String(narrowed),
      );
    if (right) return supported(`there are ${count} ${words}`, facts, [], String(count));
    if (low > count) return contradicted(`there are no more than ${count} ${words}`, facts, [], String(count));
    return unsupported(`how many of the ${count} ${words} are meant cannot be told from their names`);
  }
  return right
    ? supported(`there are ${count} ${words}`, facts, [], String(count))
    : contradicted(`there are ${count} ${words}`, facts, [], String(count));
}

/** Judges a number of files that are copies of others: how many there are, how many of them are surplus, or how many groups they form. */
function judgeDuplicates(numeral: Numeral, hedge: Hedge | null, { kinds }: CountSubject, truth: Truth): Judgement {
  const groups = new Map<string, number>();
  for (const { sha256, kind } of truth.artifacts)
    if (sha256 !== null && (kinds.size === 0 || kinds.has(kind))) groups.set(sha256, (groups.get(sha256) ?? 0) + 1);
  const sizes = [...groups.values()].filter((n) => n > 1);
  const paths = sizes.reduce((a, b) => a + b, 0);
  const { low, high } = boundsOf({ numeral, hedge });
  const facts = factsOf(truth.byMetric[truth.metricNumbers.get('duplicate_groups') ?? -1] ?? []);
  const words = `${paths} of them have the same bytes as another, in ${sizes.length} groups`;
  if ([paths, sizes.length, paths - sizes.length].some((n) => n >= low && n <= high)) return supported(words, facts);
  // Files may be alike without being the same.
  return low > truth.artifacts.length || low > 2 * paths + 2 ? contradicted(words, facts, [], String(paths)) : unsupported(words);
}

/** Judges a share of the artifacts, in per cent. */
export function judgeShare(numeral: Numeral, hedge: Hedge | null, subject: CountSubject, truth: Truth): Judgement {
  const total = truth.artifacts.length;
  const count = countOf(subject, truth);
  const share = (100 * count) / total;
  const { low, high } = boundsOf({ numeral, hedge });
  const facts = [...factsThatCount(subject, truth), ...factsThatCount(EVERYTHING, truth)];
  if (subject.duplicates) {
    const hashes = new Map<string, number>();
    for (const { sha256 } of truth.artifacts) if (sha256 !== null) hashes.set(sha256, (hashes.get(sha256) ?? 0) + 1);
    const copies = [...hashes.values()].filter((n) => n > 1).reduce((a, b) => a + b, 0);
    const own = (100 * copies) / total;
    const says = `${copies} of ${total} artifacts have the same bytes as another: ${own.toFixed(1)} %`;
    return own >= low && own <= high
      ? supported(says, facts)
      : low > 3 * own + 10
        ? contradicted(says, facts, [], `${own.toFixed(1)} %`)
        : unsupported(says);
  }
  if (kindsAndAll(subject)) return unsupported('it is not said of which files it is the share');
  const words = `${count} of ${total} artifacts are ${wordsOf(subject)}: ${share.toFixed(1)} %`;
  if (share >= low && share <= high) return supported(words, facts, [], `${share.toFixed(1)} %`);
  if (subject.loose && low <= share) return unsupported('how many are meant cannot be told from their names');
  return contradicted(words, facts, [], `${share.toFixed(1)} %`);
}

/** All artifacts. */
export const EVERYTHING: CountSubject = {
  kinds: new Set(),
  folder: null,
  pattern: null,
  status: null,
  loose: false,
  about: null,
  duplicates: false,
};

/** Judges `N of M`: both numbers, of the artifacts. */
export function judgePart(part: Numeral, whole: Numeral, subject: CountSubject, truth: Truth): Judgement {
  const total = judgeCount(whole, null, EVERYTHING, truth);
  if (total.verdict !== 'supported') return total;
  return judgeCount(part, null, subject, truth);
}

function kindsAndAll({ kinds, folder, pattern, status }: CountSubject): boolean {
  return kinds.size === 0 && folder === null && pattern === null && status === null;
}

/** The facts that count what a subject selects, or all artifacts where none does. */
export function factsThatCount({ kinds, folder, status }: CountSubject, truth: Truth): string[] {
  const wanted: Record<string, string>[] = [];
  if (kinds.size === 0) wanted.push({});
  for (const kind of kinds) wanted.push({ kind });
  const full = wanted.map((labels) => ({ ...labels, ...(folder === null ? {} : { folder }), ...(status === null ? {} : { status }) }));
  const found = full.flatMap((labels) => factWith(truth, labels) ?? []);
  return found.length > 0 ? found : (factWith(truth, {}) ?? []);
}

function factWith(truth: Truth, labels: Readonly<Record<string, string>>): string[] | undefined {
  const keys = Object.keys(labels);
  for (const entry of truth.byMetric[truth.metricNumbers.get('artifact_count') ?? -1] ?? []) {
    const fact: Fact | null = entry.fact;
    if (fact && Object.keys(fact.labels).length === keys.length && keys.every((key) => fact.labels[key]?.toLowerCase() === labels[key]))
      return [fact.id];
  }
  return undefined;
}

function wordsOf({ kinds, folder, pattern, status }: CountSubject): string {
  const of = kinds.size === 0 ? 'artifacts' : `${[...kinds].join(' and ')} artifacts`;
  const place = folder === null ? '' : ` in ${folder}/`;
  const named = pattern === null ? '' : ` with "${pattern}" in their path`;
  return `${of}${place}${named}${status === null ? '' : ` that were ${status}`}`;
}
