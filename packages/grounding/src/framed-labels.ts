import { isBetween } from './between.ts';
import type { Claim } from './claim.ts';
import { type Cluster, isSame } from './cluster.ts';
import type { Setting } from './frame.ts';
import type { LabelMention } from './mentions.ts';
import { distance, JOINED } from './nearest.ts';

/** What settings name of a configuration, the nearest first; of one label the nearest counts. */
export function framedLabels(
  claim: Pick<Claim, 'start' | 'end'>,
  settings: readonly Setting[],
  peers: readonly Peer[],
): LabelMention['keys'][] {
  const found: LabelMention['keys'][] = [];
  const taken = new Set<string>();
  for (const setting of settings) {
    const inPlace = listed(claim, setting, peers);
    const near = setting.mentions.clusters
      .map((cluster) => ({ cluster, away: cluster === inPlace ? -1 : distance(cluster, setting) }))
      .sort((a, b) => a.away - b.away);
    for (const { cluster } of near) {
      // One that names the same labels is of another configuration.
      if (cluster.mentions.some(({ keys }) => [...keys.keys()].some((key) => taken.has(key)))) continue;
      for (const { keys } of cluster.mentions) {
        for (const key of keys.keys()) taken.add(key);
        found.push(keys);
      }
    }
  }
  return found;
}

/** Whether as many configurations are named as values of the unit, or one is joined right behind the value. */
export function isInPlace(claim: Pick<Claim, 'start' | 'end'>, own: Setting | undefined, peers: readonly Peer[]): boolean {
  if (own === undefined) return false;
  const { clusters } = own.mentions;
  const apart = clusters.filter((cluster, i) => !clusters.slice(0, i).some((earlier) => isSame(earlier, cluster)));
  return (
    (apart.length > 1 && apart.length === peers.length) ||
    clusters.some((cluster) => cluster.start >= claim.end && isBetween(JOINED, own.text, own.end, cluster.start))
  );
}

/** A value beside others of its sentence, in the same unit. */
export type Peer = { start: number; end: number };

/**
 * `q4_0 against q5_K_M: 76.9 tok/s against 65.0 tok/s`: where as many configurations are named before as many values, each value
 * belongs to the one in its place. Null where it is no such list.
 */
function listed(claim: Pick<Claim, 'start' | 'end'>, setting: Setting, peers: readonly Peer[]): Cluster | null {
  const [first] = peers;
  if (setting.start < 0 || peers.length < 2 || first === undefined) return null;
  const before = setting.mentions.clusters.filter((cluster) => cluster.end <= first.start);
  const apart = before.filter((cluster, i) => !before.slice(0, i).some((earlier) => isSame(earlier, cluster)));
  return apart.length === peers.length ? (apart[peers.findIndex((peer) => peer.start === claim.start)] ?? null) : null;
}
