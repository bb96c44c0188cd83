import { createHash } from 'node:crypto';
import type { Fact } from '../domain/fact.ts';
import type { Profile } from '../domain/profile.ts';
import type { Run } from '../domain/run.ts';
import { byCodeUnit } from '../domain/text.ts';
import { canonicalJson, contentHash, labelsJson, sha256 } from './content-hash.ts';

// The pairs of so many files are written and hashed at once: those of all may be tens of megabytes.
const FILES_AT_ONCE = 1_000;

/**
 * An inventory's id: the hash of the canonical JSON of the dataset's name and the sorted pairs of path and SHA-256.
 * `sha256` is null for a file whose content was not read.
 */
export function inventoryId(dataset: string, files: readonly { path: string; sha256: string | null }[]): string {
  const sorted = [...files].sort((a, b) => byCodeUnit(a.path, b.path));
  const whole = createHash('sha256').update(`{"dataset":${canonicalJson(dataset)},"pairs":[`);
  for (let from = 0; from < sorted.length; from += FILES_AT_ONCE) {
    const pairs = sorted.slice(from, from + FILES_AT_ONCE).map((file) => [file.path, file.sha256]);
    whole.update(`${from === 0 ? '' : ','}${canonicalJson(pairs).slice(1, -1)}`);
  }
  return whole.update(']}').digest('hex');
}

/** A run: one inventory under one profile, and in campaigns an ordinal; its id is the hash of these. */
export function runOf(dataset: string, inventory: string, profile: Profile, ordinal: number | null = null): Run {
  return { id: contentHash({ inventory, profile, ordinal }), dataset, inventory, profile, ordinal };
}

/** A fact's id: a hash of metric, labels, statistic and scope, so it is the same in the next inventory. */
export function factId(fact: Pick<Fact, 'metric' | 'labels' | 'statistic' | 'scope'>): string {
  const key = JSON.stringify([fact.metric, labelsJson(fact.labels), fact.statistic, fact.scope]);
  return `f${sha256(key).slice(0, 16)}`;
}
