import { looselyParted, phraseOf } from './words.ts';

/** Labels that tell what was run by a name of its own; the values of others are told only beside the label's name. */
const NAMED_LABELS: ReadonlySet<string> = new Set([
  'model',
  'quantization',
  'engine',
  'backend',
  'gpu',
  'gpu_name',
  'score',
  'filter',
  'kv_cache',
  'start',
  'tag',
  'parameters',
  'test',
  'command',
  'config_name',
  'name',
  'campaign_profile',
  'arrangement',
]);
/** Labels whose values are names, though they may be plain words. */
const PLAIN_NAMES: ReadonlySet<string> = new Set(['model', 'engine', 'backend', 'campaign_profile', 'arrangement']);
/** Parts of a model's name that many models have. */
const COMMON = new Set(
  'latest instruct chat base model preview it gguf hf fp of the and for with no none true false yes default auto main test run name local v1 v2 v3'.split(
    ' ',
  ),
);

type Phrases = Map<string, Map<string, Set<string>>>;

/**
 * How prose writes the values of labels: whole, without vendor or tag, and by the parts that tell one model from another (`1b`,
 * `q4_0`). A phrase may mean several values, then any of them is meant.
 */
export function labelPhrases(entries: Iterable<{ labels: Readonly<Record<string, string>> }>): Phrases {
  const values = new Map<string, Set<string>>();
  for (const { labels } of entries)
    for (const key of Object.keys(labels)) {
      const known = values.get(key);
      const value = labels[key] ?? '';
      if (known) known.add(value);
      else values.set(key, new Set([value]));
    }
  const phrases: Phrases = new Map();
  const add = (phrase: string, key: string, value: string) => {
    if (phrase === '' || COMMON.has(phrase)) return;
    const keys = phrases.get(phrase) ?? new Map<string, Set<string>>();
    phrases.set(phrase, keys);
    const meant = keys.get(key);
    if (meant) meant.add(value);
    else keys.set(key, new Set([value]));
  };
  for (const [key, some] of values)
    for (const value of some) {
      if (value.length > 120) continue;
      if (key === 'start')
        for (const phrase of [`start ${phraseOf(value)}`, ...(value === 'warm' ? ['warm start'] : [])]) add(phrase, key, value);
      for (const phrase of key === 'model'
        ? modelPhrases(value)
        : NAMED_LABELS.has(key)
          ? [...namePhrases(value), ...(PLAIN_NAMES.has(key) && /^\p{L}{3,}$/u.test(value) ? [phraseOf(value)] : [])]
          : quotedPhrases(value)) {
        add(phrase, key, value);
        const loose = looselyParted(phrase);
        if (loose !== null && key === 'model' && loose.split(' ').every((word) => !/^\p{L}$/u.test(word))) add(loose, key, value);
      }
    }
  return phrases;
}

// A number alone is told by its label's name; a word of everyday English may be just that.
function namePhrases(value: string): string[] {
  const phrase = phraseOf(value);
  if (!/\p{L}/u.test(phrase)) return [];
  return /\d/.test(phrase) || phrase.includes(' ') || /\p{Lu}/u.test(value) ? [phrase] : [];
}

function quotedPhrases(value: string): string[] {
  return /\d/.test(value) && /\p{L}/u.test(value) && phraseOf(value).length > 3 ? [phraseOf(value)] : [];
}

function modelPhrases(value: string): string[] {
  const name = value.slice(value.lastIndexOf('/') + 1);
  const [family = '', tag = ''] = name.split(':');
  const pieces = [...family.split(/[-_\s]+/), ...tag.split(/[-\s]+/), ...tag.split(/-(?=q\d|fp|int|bf)/i)]
    .map(phraseOf)
    .filter((piece) => /\d/.test(piece) && /\p{L}/u.test(piece));
  return [...new Set([phraseOf(value), phraseOf(name), phraseOf(family), phraseOf(tag), ...pieces])].filter((p) => /\p{L}/u.test(p));
}
