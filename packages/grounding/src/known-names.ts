import type { Entry } from './entry.ts';

/** Words in labels' values that look like files: `tokenize corpus.txt`. */
export function labelFiles(entries: readonly Entry[]): Set<string> {
  const files = new Set<string>();
  const seen = new Set<string>();
  for (const { labels } of entries)
    for (const key of Object.keys(labels)) {
      const value = labels[key] ?? '';
      if (seen.has(value)) continue;
      seen.add(value);
      if (/\s/.test(value)) for (const [word] of value.toLowerCase().matchAll(/[\w./-]+\.\p{L}{1,8}(?=\s|$)/gu)) files.add(word);
    }
  return files;
}

/** Labels' values that are numbers, by label. */
export function settingValues(entries: readonly Entry[]): Map<string, Set<string>> {
  const values = new Map<string, Set<string>>();
  for (const { labels } of entries)
    for (const key of Object.keys(labels)) {
      const value = labels[key] ?? '';
      if (value === '' || Number.isNaN(Number(value))) continue;
      const known = values.get(key);
      if (known) known.add(value);
      else values.set(key, new Set([value]));
    }
  return values;
}

/** Words out of labels and paths that hold letters and digits, in lower case: names, no amounts. */
export function namesWithDigits(entries: readonly Entry[], paths: readonly string[]): Set<string> {
  const names = new Set<string>();
  const add = (text: string) => {
    for (const [word] of text.toLowerCase().matchAll(/[\p{L}\p{N}_]+/gu)) if (/\p{L}/u.test(word) && /\d/.test(word)) names.add(word);
    for (const [word] of text.toLowerCase().matchAll(/[\p{L}\p{N}]+/gu)) if (/\p{L}/u.test(word) && /\d/.test(word)) names.add(word);
  };
  const seen = new Set<string>();
  for (const { labels } of entries)
    for (const value of Object.values(labels))
      if (!seen.has(value)) {
        seen.add(value);
        // A value such as "5 ms" is an amount.
        if (!/^\s*[-+]?[\d.,]+\s?\p{L}{0,4}\s*$/u.test(value) || /^\d{1,4}[bm]$/i.test(value)) add(value);
      }
  for (const path of paths) add(path);
  return names;
}

/** Families of models with a version in their name, `llama3.1`, out of labels and paths, in lower case. */
export function versionsIn(entries: readonly Entry[], paths: readonly string[]): Set<string> {
  const found = new Set<string>();
  const seen = new Set<string>();
  const add = (text: string) => {
    if (seen.has(text)) return;
    seen.add(text);
    for (const [version] of text.toLowerCase().matchAll(/[a-z][a-z-]*\d+\.\d+/g)) found.add(version);
  };
  for (const { labels } of entries) for (const key of Object.keys(labels)) add(labels[key] ?? '');
  for (const path of paths) add(path);
  return found;
}
