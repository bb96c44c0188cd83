import { describe, expect, it } from 'vitest';
import { systemClock } from '../bus/clock.ts';
import { createMetrics } from './metrics.ts';
import { createSampling, type Sample } from './sampling.ts';

const LIMIT_MS = 50;

describe('createSampling', () => {
  async function sampling(...samples: Omit<Sample, 'what'>[]) {
    const said: string[] = [];
    const metrics = await createMetrics('test');
    const named = samples.map((sample, i) => ({ ...sample, what: `sample ${i}` }));
    const take = createSampling(systemClock, metrics, named, (sentence) => said.push(sentence), LIMIT_MS);
    const has = async (name: string) => new RegExp(`^${name}[ {]`, 'm').test((await metrics.expose()).text);
    return { metrics, said, take, has };
  }

  it('takes each sample by itself: one that fails is said once, until it succeeds again, and its gauges are gone meanwhile', async () => {
    let away = false;
    const { metrics, said, take, has } = await sampling(
      {
        sets: ['chimera_nats_storage_bytes'],
        async take() {
          if (away) throw new Error('NATS is away');
          metrics.set('chimera_nats_storage_bytes', {}, 1);
        },
      },
      { sets: ['chimera_bucket_watched'], take: async () => metrics.set('chimera_bucket_watched', {}, 1) },
    );
    await take();
    expect([await has('chimera_nats_storage_bytes'), await has('chimera_bucket_watched'), said]).toEqual([true, true, []]);
    away = true;
    await take();
    await take();
    expect([await has('chimera_nats_storage_bytes'), await has('chimera_bucket_watched')]).toEqual([false, true]);
    expect(said).toEqual(['sample 0 could not be sampled (NATS is away); their metrics are left out until they can']);
    away = false;
    await take();
    expect(await has('chimera_nats_storage_bytes')).toBe(true);
    expect(said.slice(1)).toEqual(['sample 0 can be sampled again']);
  });

  it('does not wait for one that hangs, and does not ask it again while it does', async () => {
    let asked = 0;
    const hanging = Promise.withResolvers<void>();
    const { said, take } = await sampling({
      sets: ['chimera_nats_storage_bytes'],
      take: () => {
        asked += 1;
        return asked === 1 ? hanging.promise : Promise.resolve();
      },
    });
    await take();
    await take();
    expect([asked, said.length]).toEqual([1, 1]);
    hanging.resolve();
    await take();
    await take();
    expect(asked).toBeGreaterThan(1);
    expect(said.at(-1)).toBe('sample 0 can be sampled again');
  });
});
