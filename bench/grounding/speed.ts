import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkPage } from '../../packages/grounding/src/check.ts';
import { chanceFrom } from '../../test/simulator/chance.ts';
import { layDataset } from './datasets.ts';
import { pairDrafts } from './pairs.ts';
import { spanDrafts } from './spans.ts';
import { valueDrafts } from './values.ts';
import { readWorld, type World } from './worlds.ts';

const FACTS = 50_000;
/** Of one made-up dataset among others, about. */
const FACTS_OF_ONE = 750;
const WORDS = 3_000;
const CLAIMS = 300;
const WARM_UP = 10;
const RUNS = 40;
const FILLER =
  'The runs were made one after the other on a machine that did nothing else. What was measured is described in the files, and the notes say how. Nothing was left out of it, and what failed is kept apart. '.split(
    ' ',
  );

export type Speed = {
  facts: number;
  numbers: number;
  artifacts: number;
  words: number;
  claims: number;
  indexMs: readonly number[];
  checkMs: readonly number[];
};

/** Times the check of a page of 3,000 words against 50,000 facts, and the building of the index. */
export async function measureSpeed(seed: number, facts = FACTS): Promise<Speed> {
  const world = await largeWorld(seed, facts);
  const page = longPage(world, seed);
  const indexMs = Array.from({ length: 5 }, () => timed(() => world.index()));
  const { truth } = world;
  const claims = checkPage(page, truth).length;
  for (let i = 0; i < WARM_UP; i++) checkPage(page, truth);
  const checkMs = Array.from({ length: RUNS }, () => timed(() => checkPage(page, truth)));
  return {
    facts: world.facts.length,
    numbers: world.readings.length,
    artifacts: world.artifacts.length,
    words: page.split(/\s+/).length,
    claims,
    indexMs,
    checkMs,
  };
}

function timed(run: () => unknown): number {
  const from = performance.now();
  run();
  return performance.now() - from;
}

/** One dataset of as many made-up ones, each in a folder of its own, as give so many facts. */
async function largeWorld(seed: number, facts: number): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'chimera-grounding-speed-'));
  try {
    for (let i = 0; i < facts / FACTS_OF_ONE; i++) layDataset(join(folder, `run-${i}`), seed * 1_000 + i, 1);
    return await readWorld('large', folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Sentences with some 300 claims, and filler up to 3,000 words. */
function longPage(world: World, seed: number): string {
  const chance = chanceFrom(seed);
  const inSome = (path: string) => /^run-[0-3]\//.test(path);
  const some = {
    ...world,
    facts: world.facts.filter(({ scope }) => inSome(scope)),
    artifacts: world.artifacts.filter(({ path }) => inSome(path)),
    readings: world.readings.filter(({ path }) => inSome(path)),
  };
  const drafts = [valueDrafts, pairDrafts, spanDrafts].flatMap((of) => of(some, chance));
  const parts: string[] = [];
  let [words, claims] = [0, 0];
  while (claims < CLAIMS && words < WORDS) {
    const { page, targets } = chance.pick(drafts).right;
    parts.push(page);
    words += page.split(/\s+/).length;
    // The name of the file is one as well.
    claims += targets.length + 1;
  }
  for (let i = 0; words < WORDS; i++, words++) parts[i % parts.length] += ` ${FILLER[Math.floor(i / parts.length) % FILLER.length]}`;
  return parts.join('\n\n');
}

function quantile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(p * sorted.length) - 1)] ?? Number.NaN;
}

export function speedLines({ facts, numbers, artifacts, words, claims, indexMs, checkMs }: Speed): string[] {
  return [
    '',
    `Speed: a page of ${words} words with ${claims} claims against ${facts} facts and ${numbers} single numbers of ${artifacts} artifacts, in one process, on one core, after ${WARM_UP} runs to warm up.`,
    '',
    '| runs | median | p95 | asked | index, median of 5 |',
    '| --- | --- | --- | --- | --- |',
    `| ${checkMs.length} | ${quantile(checkMs, 0.5).toFixed(0)} ms | ${quantile(checkMs, 0.95).toFixed(0)} ms | 100 ms | ${quantile(indexMs, 0.5).toFixed(0)} ms |`,
  ];
}
