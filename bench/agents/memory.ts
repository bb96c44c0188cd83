import type { NatsBinary } from '../../test/support/nats.ts';
import { runCrowd } from './crowd.ts';

/** Heap in use, in bytes: the least in the second and in the last quarter of the run; and what is open, at both times. */
export type MemoryUse = { calls: number; before: number; after: number; openBefore: string; openAfter: string };

/** One worker, one server that is quick, a thousand calls. */
export async function measureMemory(binary: NatsBinary, datasets: number): Promise<MemoryUse> {
  const samples: { heap: number; open: string }[] = [];
  const { calls } = await runCrowd({
    binary,
    servers: 1,
    datasets,
    rates: { tokensPerSecond: [4_000], loadMs: 1, promptMs: 1 },
    watch: (metrics) => samples.push({ heap: numberIn(metrics, 'nodejs_heap_size_used_bytes'), open: openIn(metrics) }),
  });
  const quarter = Math.floor(samples.length / 4);
  const least = (part: typeof samples) => Math.min(...part.map(({ heap }) => heap));
  const [second, last] = [samples.slice(quarter, 2 * quarter), samples.slice(3 * quarter)];
  return {
    calls: calls.flat().length,
    before: least(second),
    after: least(last),
    openBefore: second.at(-1)?.open ?? '',
    openAfter: last.at(-1)?.open ?? '',
  };
}

function numberIn(metrics: string, name: string): number {
  return Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(metrics)?.[1] ?? Number.NaN);
}

/** What keeps the process alive, by kind. */
function openIn(metrics: string): string {
  return [...metrics.matchAll(/^nodejs_active_resources\{[^}]*type="([^"]+)"[^}]*\} (\d+)$/gm)]
    .map(([, kind, count]) => `${count} ${kind}`)
    .join(', ');
}
