import { type Behaviour, startReplayServer } from '@chimera/ollama';
import { expect, it } from 'vitest';
import { layFiles, SMALL } from '../support/dataset.ts';
import { type Fleet, type FleetOptions, withFleet } from '../support/fleet.ts';
import type { NatsBinary } from '../support/nats.ts';
import { until } from '../support/wait.ts';
import { type Ear, listen } from './ear.ts';
import { atRest, expectedOf, misdeeds, papersOf } from './verdict.ts';

const MINUTES = 300_000;
const GUARD_MS = 90_000;
const OF_INSIGHT = /You are InsightAgent/;

type Model = { /** resolves when insight has asked for the n-th time */ asked(n: number): Promise<void> };

/** A fleet with a model of which insight's first call never ends. */
async function withHangingModel(options: FleetOptions, body: (fleet: Fleet, ear: Ear, model: Model) => Promise<void>): Promise<void> {
  let calls = 0;
  const behaviour = (request: { messages: { content: string }[] }): Behaviour =>
    request.messages.some(({ content }) => OF_INSIGHT.test(content)) && ++calls === 1
      ? { kind: 'stall', afterChunks: 3 }
      : { kind: 'well-behaved' };
  const server = await startReplayServer({ behaviour });
  try {
    await withFleet(
      { ...options, env: { CHIMERA_MODEL: 'gemma3:latest', CHIMERA_OLLAMA_URLS: server.url, ...options.env } },
      async (fleet) => {
        const ear = await listen(fleet.nats.url);
        try {
          await fleet.started();
          await body(fleet, ear, { asked: async (n) => void (await until(`call ${n} of insight`, () => calls >= n, GUARD_MS)) });
          expect(await misdeeds(fleet, ear)).toEqual([]);
        } finally {
          await ear.close();
        }
      },
    );
  } finally {
    await server.close();
  }
}

const narratorOf = (fleet: Fleet) =>
  papersOf(fleet.home, 'bucket').find(({ report }) => report?.status === 'current')?.report?.record.agents.insight?.narrator;

/** What befalls an insight while its model writes. */
export function models(binary: NatsBinary): void {
  it(
    'hazard 1, 14: an insight killed while its model writes is replaced by another, which finishes the analysis',
    async () => {
      await withHangingModel({ binary }, async (fleet, ear, model) => {
        layFiles(SMALL, fleet.bucket);
        await model.asked(1);
        fleet.add('insight');
        await fleet.retire('insight-1', 'SIGKILL');
        await atRest(fleet, ear, await expectedOf(fleet.bucket));
        await model.asked(2);
        expect(narratorOf(fleet)).toMatchObject({ kind: 'model', model: 'gemma3:latest' });
      });
    },
    MINUTES,
  );

  it(
    'hazard 20: an insight told to stop while its model writes ends within 30 s, and another is given its work at once',
    async () => {
      await withHangingModel({ binary }, async (fleet, ear, model) => {
        layFiles(SMALL, fleet.bucket);
        await model.asked(1);
        fleet.add('insight');
        await fleet.started();
        const end = await fleet.retire('insight-1', 'SIGTERM');
        const began = performance.now();
        await model.asked(2);
        const waited = performance.now() - began;
        console.log(
          `chaos: insight told to stop while its model writes: gone after ${end.ms.toFixed(0)} ms, asked anew ${waited.toFixed(0)} ms later`,
        );
        expect(end).toMatchObject({ code: 0, signal: null });
        expect(end.ms).toBeLessThan(30_000);
        // Not handed back, it would come again only 30 s after its last sign of life, which is 10 s old at most.
        expect(waited).toBeLessThan(15_000);
        await atRest(fleet, ear, await expectedOf(fleet.bucket));
        expect(narratorOf(fleet)).toMatchObject({ kind: 'model' });
      });
    },
    MINUTES,
  );

  it(
    'hazard 7: files that change while a model writes make its run void, and one report comes, of what is there now',
    async () => {
      await withHangingModel({ binary, env: { CHIMERA_OLLAMA_IDLE_TIMEOUT: '4' } }, async (fleet, ear, model) => {
        layFiles(SMALL, fleet.bucket);
        await model.asked(1);
        layFiles({ 'runs/sweep.csv': 'model,tokens_s\nother,1\nother,2\n' }, fleet.bucket);
        await atRest(fleet, ear, await expectedOf(fleet.bucket));
        expect(papersOf(fleet.home, 'bucket')).toHaveLength(1);
      });
    },
    MINUTES,
  );
}
