import type { LabelMention } from './mentions.ts';

/** Names of labels that stand together and mean one configuration: `sample-8b (q4_K_M, num_gpu 24)`. */
export type Cluster = { start: number; end: number; mentions: readonly LabelMention[] };

const PARTED =
  /[;:]|[.!?]\s|\b(?:than|against|versus|vs|over|is|was|are|were|has|have|had|reach(?:es|ed)?|compared|that of|and|but|while|whereas|to|from)\b/i;
const FARTHEST = 40;

/** The configurations that a text names, in order. A second value of a label begins another one. */
export function clustersOf(text: string, mentions: readonly LabelMention[]): Cluster[] {
  const clusters: Cluster[] = [];
  for (const mention of [...mentions].sort((a, b) => a.start - b.start)) {
    const last = clusters.at(-1);
    const between = last === undefined ? '' : text.slice(last.end, mention.start);
    const goesOn = last !== undefined && /^\s*and\s*$/.test(between) && !last.mentions.some((other) => sharesKey(other, mention));
    if (
      last === undefined ||
      between.length > FARTHEST ||
      (PARTED.test(between) && !goesOn) ||
      last.mentions.some((other) => isAnother(other, mention))
    )
      clusters.push({ start: mention.start, end: mention.end, mentions: [mention] });
    else clusters[clusters.length - 1] = { start: last.start, end: mention.end, mentions: [...last.mentions, mention] };
  }
  return clusters;
}

function sharesKey(a: LabelMention, b: LabelMention): boolean {
  for (const key of a.keys.keys()) if (b.keys.has(key)) return true;
  return false;
}

/** Whether two names can only be values of the same labels, and of none the same. */
function isAnother(a: LabelMention, b: LabelMention): boolean {
  let shared = false;
  for (const [key, values] of a.keys) {
    const others = b.keys.get(key);
    if (others === undefined) continue;
    for (const value of values) if (others.has(value)) return false;
    shared = true;
  }
  return shared && ([...a.keys.keys()].every((key) => b.keys.has(key)) || [...b.keys.keys()].every((key) => a.keys.has(key)));
}

/** Whether two clusters name the same configuration, as far as they say. */
export function isSame(a: Cluster, b: Cluster): boolean {
  return a.mentions.every((mention) => !b.mentions.some((other) => isAnother(mention, other)));
}
