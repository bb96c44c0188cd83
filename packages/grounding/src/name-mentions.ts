import type { LabelMention, MetricMention } from './mentions.ts';
import { settingsIn } from './names.ts';
import { canonicalSetting } from './setting-words.ts';
import type { Truth } from './truth.ts';
import type { Word } from './words.ts';

const LONGEST_PHRASE = 8;
// Words that are in many sentences and name a quantity in some.
const VAGUE = new Set('time duration load speed tokens quality power temperature characters'.split(' '));

const UNIT_PHRASES = new Set([
  'tok s',
  'tokens s',
  'tokens sec',
  'tokens second',
  'tps',
  'tokens per second',
  'token per second',
  'rps',
  'qps',
  'requests per second',
]);

/** The metrics that words name. */
export function metricsIn(words: readonly Word[], truth: Truth): MetricMention[] {
  const found: MetricMention[] = [];
  eachPhrase(words, truth.metricStarts, (phrase, start, end) => {
    const metrics = truth.metricPhrases.get(phrase);
    if (metrics === undefined) return false;
    found.push({ start, end, metrics, phrase, vague: VAGUE.has(phrase), unit: UNIT_PHRASES.has(phrase) });
    return true;
  });
  return found;
}

/** The values of labels that words name. */
export function labelsIn(words: readonly Word[], truth: Truth): LabelMention[] {
  const found: LabelMention[] = [];
  eachPhrase(words, truth.labelStarts, (phrase, start, end) => {
    const keys = truth.labelPhrases.get(phrase);
    if (keys === undefined) return false;
    const own = words.filter((word) => word.start >= start && word.end <= end);
    const parts = own.length < 2 || own.length === words.length ? [] : partsOf(own, truth);
    found.push(parts.length > 1 ? { start, end, keys, parts } : { start, end, keys });
    return true;
  });
  return found;
}

/** The names that a longer one is made of, from its beginning to its end; none where they do not make all of it. */
function partsOf(words: readonly Word[], truth: Truth): LabelMention[] {
  for (let at = words.length - 1; at > 0; at--) {
    const [first, last] = [words.slice(0, at), words.slice(at)].map((some) =>
      truth.labelPhrases.get(some.map(({ text }) => text).join(' ')),
    );
    const [start, middle, next, end] = [words[0]?.start ?? 0, words[at - 1]?.end ?? 0, words[at]?.start ?? 0, words.at(-1)?.end ?? 0];
    if (first && last)
      return [
        { start, end: middle, keys: first },
        { start: next, end, keys: last },
      ];
  }
  return [];
}

/** Calls `read` for the longest phrase at each place, of those that begin with one of `starts`; where it takes it, goes on behind it. */
function eachPhrase(
  words: readonly Word[],
  starts: ReadonlySet<string>,
  read: (phrase: string, start: number, end: number) => boolean,
): void {
  for (let i = 0; i < words.length; ) {
    if (!starts.has(words[i]?.text ?? '')) {
      i++;
      continue;
    }
    const phrases: string[] = [];
    for (let k = 0; k < LONGEST_PHRASE && i + k < words.length; k++)
      phrases.push(k === 0 ? (words[i]?.text ?? '') : `${phrases[k - 1]} ${words[i + k]?.text ?? ''}`);
    let length = phrases.length;
    while (length > 0 && !read(phrases[length - 1] ?? '', words[i]?.start ?? 0, words[i + length - 1]?.end ?? 0)) length--;
    i += Math.max(1, length);
  }
}

/** The settings that a text names with their values. */
export function settingLabels(text: string, truth: Truth): LabelMention[] {
  return settingsIn(text, truth.settingPattern).map(({ start, end, key, value }) => ({
    start,
    end,
    keys: settingNamed(key, value, truth),
  }));
}

function settingNamed(key: string, value: string, { settingNames, settingValues }: Truth): LabelMention['keys'] {
  const place = `${key}\0${value}`;
  const known = settingNames.get(place);
  if (known) return known;
  const label = canonicalSetting(key);
  const same = [...(settingValues.get(label) ?? [])].filter((other) => other === value || Number(other) === Number(value));
  const keys = new Map([[label, new Set(same.length === 0 ? [value] : same)]]);
  settingNames.set(place, keys);
  return keys;
}
