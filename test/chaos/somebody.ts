import { appendFileSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Chance } from '../simulator/chance.ts';

/** Somebody who drops, rewrites, copies slowly, renames and deletes files until told to stop. */
export type Somebody = { done: Promise<void>; stop(): void; acts(): number };

const NAMES = ['a.csv', 'b.csv', 'sub/c.csv', 'd.json', 'e.md', 'f.jsonl'] as const;
/** Files of which nothing can be read, or not all. */
const POISON = ['{"x": [1, 2', '\u0000\u0001\u0002', '', 'n_ms\n1\n"2'] as const;

/** `restMs`: the longest rest between two bursts, in which a dataset may settle. */
export function somebodyAt(bucket: string, datasets: readonly string[], chance: Chance, restMs = 1_600): Somebody {
  let stopping = false;
  let acts = 0;
  const copies = new Set<Promise<void>>();

  async function copySlowly(path: string, text: string, pieces: number, pauseMs: number): Promise<void> {
    const size = Math.ceil(text.length / pieces);
    write(path, text.slice(0, size));
    for (let at = size; at < text.length; at += size) {
      await sleep(pauseMs);
      if (existsSync(path)) appendFileSync(path, text.slice(at, at + size));
    }
  }

  function act(): void {
    const folder = join(bucket, chance.pick(datasets));
    const path = join(folder, chance.pick(NAMES));
    const text = contentFor(path, chance);
    const dice = chance.below(10);
    acts++;
    if (dice < 4) write(path, text);
    else if (dice < 6) {
      const copy = copySlowly(path, text, 3, chance.between(20, 500)).finally(() => copies.delete(copy));
      copies.add(copy);
    } else if (dice < 7) {
      write(`${path}.part`, text);
      renameSync(`${path}.part`, path);
    } else if (dice < 8) {
      // The same bytes under two names.
      write(path, text);
      write(join(folder, `again-${chance.below(2)}.csv`), text);
    } else if (dice < 9) rmSync(path, { force: true });
    else write(join(folder, 'poison.json'), chance.pick(POISON));
  }

  const done = (async () => {
    // It stays: a dataset of which nothing is left would need no report.
    for (const dataset of datasets) write(join(bucket, dataset, 'first.csv'), contentFor('first.csv', chance));
    while (!stopping) {
      for (let i = 1 + chance.below(3); i > 0; i--) act();
      await sleep(chance.between(100, restMs));
    }
    await Promise.all(copies);
  })();
  return {
    done,
    stop() {
      stopping = true;
    },
    acts: () => acts,
  };
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function contentFor(path: string, chance: Chance): string {
  const value = () => 1 + chance.below(1_000) / 8;
  const rows = Array.from({ length: 5 + chance.below(40) }, () => [chance.pick(['eager', 'compiled']), value(), value()] as const);
  if (path.endsWith('.json'))
    return JSON.stringify({
      backends: { eager: { success: true, mean_time_ms: value() }, other: { success: false, error: 'not installed' } },
    });
  if (path.endsWith('.jsonl')) return rows.map(([mode, a]) => `${JSON.stringify({ mode, latency_ms: a })}\n`).join('');
  if (path.endsWith('.md'))
    return `# Notes\n\n| mode | latency_ms |\n|---|---|\n${rows.map(([mode, a]) => `| ${mode} | ${a} |\n`).join('')}`;
  return `mode,latency_ms,tokens_s\n${rows.map((row) => `${row.join(',')}\n`).join('')}`;
}
