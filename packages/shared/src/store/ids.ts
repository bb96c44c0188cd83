import type { Fact } from '../domain/fact.ts';
import type { Profile } from '../domain/profile.ts';
import type { Run } from '../domain/run.ts';
import { byCodeUnit } from '../domain/text.ts';
import { contentHash, labelsJson, sha256 } from './content-hash.ts';

/**
 * An inventory's id: the hash of the dataset's name and the sorted pairs of path and SHA-256.
 * `sha256` is null for a file whose content was not read.
 */
export function inventoryId(dataset: string, files: readonly { path: string; sha256: string | null }[]): string {
  const pairs = files.map((f) => [f.path, f.sha256] as const).sort((a, b) => byCodeUnit(a[0], b[0]));
  return contentHash({ dataset, pairs });
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
