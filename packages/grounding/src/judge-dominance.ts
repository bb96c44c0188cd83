import type { ArtifactKind } from '@chimera/shared/domain';
import type { Setting } from './frame.ts';
import { contradicted, type Judgement, supported, unsupported } from './judgement.ts';
import type { Truth } from './truth.ts';

/** What is said to be the most: more than half of the files, the largest group of them, the folder with most of them. */
export type Dominance = 'majority' | 'largest' | 'second' | 'folder';

/** Judges which kind, folder or name is said to make up most of the files, by counting them. */
export function judgeDominance(claim: { start: number; end: number; word: Dominance }, setting: Setting, truth: Truth): Judgement {
  const { text, mentions } = setting;
  const near = <T extends { start: number; end: number }>(some: readonly T[], reach: number) => {
    const after = some.filter((m) => m.start >= claim.end && m.start - claim.end <= reach && !/[.;]/.test(text.slice(claim.end, m.start)));
    // Those that are named together: what stands behind a number is another statement.
    const [first] = after;
    if (first !== undefined)
      return after.filter(
        (m, i) => i === 0 || /^[\s*"'`]*(?:files?)?\s*(?:,|and|&|or|\/|\+|,\s*and)\s*$/i.test(text.slice(after[i - 1]?.end ?? 0, m.start)),
      );
    // "The 44 JSON files constitute the largest category."
    return some.filter(
      (m) =>
        m.end <= claim.start &&
        claim.start - m.end <= 40 &&
        /\b(?:is|are|constitutes?|represents?|forms?|being|remain)\b/.test(text.slice(m.end, claim.start)),
    );
  };
  const total = truth.artifacts.length;
  const folders = near(mentions.folders, 40);
  if (claim.word === 'folder') {
    const [folder] = folders;
    return folder ? judgeFolder(folder.folder, truth) : unsupported('it is not said which folder');
  }
  const kinds = new Set(near(mentions.kinds, 60).map(({ kind }) => kind));
  if (kinds.size > 0) return judgeKinds(kinds, claim.word, truth);
  const [name] = [...folders.map(({ folder }) => `${folder}/`), ...near(mentions.quotes, 60).map((quote) => quote.text.toLowerCase())];
  if (claim.word !== 'majority' || name === undefined || !/^[\w./:-]{3,80}$/.test(name))
    return unsupported('it is not said of what there are so many');
  const own = truth.artifacts.filter(({ path }) => path.toLowerCase().includes(name)).length;
  const words = `${own} of ${total} artifacts have "${name}" in their path`;
  return own * 2 > total
    ? supported(words, factsOfKinds(new Set(), truth))
    : contradicted(words, factsOfKinds(new Set(), truth), [], `${own} of ${total}`);
}

function judgeFolder(folder: string, { artifacts }: Truth): Judgement {
  const counts = new Map<string, number>();
  const depth = folder.split('/').length;
  for (const { path } of artifacts) {
    const parts = path.toLowerCase().split('/');
    if (parts.length <= depth) continue;
    const own = parts.slice(0, depth).join('/');
    counts.set(own, (counts.get(own) ?? 0) + 1);
  }
  const own = counts.get(folder) ?? 0;
  if (own === 0) return unsupported('no artifact lies there');
  const larger = [...counts].find(([, n]) => n > own);
  return larger
    ? contradicted(`${folder}/ holds ${own} artifacts, ${larger[0]}/ ${larger[1]}`, [], [], `${own}`)
    : supported(`${folder}/ holds ${own} artifacts`, []);
}

function judgeKinds(kinds: ReadonlySet<ArtifactKind>, word: Dominance, truth: Truth): Judgement {
  const counts = new Map<ArtifactKind, number>();
  for (const { kind } of truth.artifacts) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const own = [...kinds].reduce((sum, kind) => sum + (counts.get(kind) ?? 0), 0);
  const total = truth.artifacts.length;
  if (own === 0) return unsupported('there is none of it');
  const words = `${own} of ${total} artifacts are ${[...kinds].join(' or ')}`;
  const facts = factsOfKinds(kinds, truth);
  if (word === 'majority') return own * 2 > total ? supported(words, facts) : contradicted(words, facts, [], `${own} of ${total}`);
  const others = [...counts].filter(([kind]) => !kinds.has(kind)).map(([, n]) => n);
  if (word === 'second') {
    const larger = [...counts].filter(([kind, n]) => !kinds.has(kind) && n > own).length;
    return larger === 1
      ? supported(words, facts)
      : contradicted(`${words}, and ${larger} other kinds are more`, facts, [], `${own} of ${total}`);
  }
  const least = Math.min(...[...kinds].map((kind) => counts.get(kind) ?? 0));
  return others.every((n) => n < least)
    ? supported(words, facts)
    : contradicted(`${words}, and of another kind there are more`, facts, [], `${own} of ${total}`);
}

/** The facts that count artifacts of these kinds, or all artifacts where none is given. */
function factsOfKinds(kinds: ReadonlySet<ArtifactKind>, truth: Truth): string[] {
  return (truth.byMetric[truth.metricNumbers.get('artifact_count') ?? -1] ?? [])
    .flatMap(({ fact }) => fact ?? [])
    .filter(({ labels }) =>
      kinds.size === 0 ? Object.keys(labels).length === 0 : Object.keys(labels).join() === 'kind' && kinds.has(labels.kind as ArtifactKind),
    )
    .map(({ id }) => id);
}
