import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plannerConsumer } from '@chimera/agent';
import { startReplayServer } from '@chimera/ollama';
import { connectBus, InventoryPublished, RetryLater, startWorker } from '@chimera/shared/bus';
import { expect, it } from 'vitest';
import { papersOf } from '../chaos/verdict.ts';
import { chimera } from '../support/chimera.ts';
import { layFiles, SMALL } from '../support/dataset.ts';
import { type Fleet, withFleet } from '../support/fleet.ts';
import { type LockedNats, startLockedNats } from '../support/locked-nats.ts';
import { describeOnEachNats, type NatsBinary, PATIENT_MS } from '../support/nats.ts';
import { killAllUps, startUp } from '../support/up.ts';
import { until } from '../support/wait.ts';

const MINUTES = 240_000;
const GUARD_MS = 90_000;

/** The four services as processes, each as the NATS user that `chimera nats init` made for it. */
function withLocked(
  binary: NatsBinary,
  env: NodeJS.ProcessEnv,
  models: readonly string[],
  body: (at: { fleet: Fleet; nats: LockedNats }) => Promise<void>,
) {
  return startLockedNats(binary, { models }).then((nats) =>
    withFleet({ binary, nats, env: { CHIMERA_NATS_CREDS: `${nats.access}/creds`, CHIMERA_LOG_LEVEL: 'debug', ...env } }, async (fleet) => {
      await fleet.started();
      await body({ fleet, nats });
      expect(refusals({ fleet, nats })).toEqual([]);
    }),
  );
}

/** What the server refused to anybody, in its own words and in those of the services. */
function refusals({ fleet, nats }: { fleet: Fleet; nats: LockedNats }): string[] {
  const said = fleet.logs().map((line) => JSON.stringify(line));
  return [
    ...nats.said.filter((line) => /violation|authentication error/i.test(line)),
    ...said.filter((line) => /does not let|violation|refuses the user|may not use/i.test(line)),
  ];
}

const current = (fleet: Fleet) => papersOf(fleet.home, 'bucket').filter(({ report }) => report?.status === 'current');
const report = (fleet: Fleet, what: string, runs: number) => until(what, () => current(fleet).length === runs && current(fleet), GUARD_MS);

// They mostly wait, each for processes of its own.
const SIDE_BY_SIDE = { concurrent: true };

/** What services do at work with the rights that they have. */
function atWork(binary: NatsBinary): void {
  it(
    'carries a drop to its report, blobs included, and again after its state was wiped',
    () =>
      withLocked(binary, { CHIMERA_BLOBS: 'nats' }, [], async ({ fleet, nats }) => {
        layFiles(SMALL, fleet.bucket);
        const [first] = await report(fleet, 'the report', 1);
        await nats.stop();
        await nats.wipe();
        await nats.restart();
        layFiles({ 'runs/more.csv': 'model,tokens_s\nbig:7b,30.5\n' }, fleet.bucket);
        const [second] = await until(
          'the report after the wipe',
          () => {
            const [one] = current(fleet);
            return one !== undefined && one.report?.run !== first?.report?.run && [one];
          },
          GUARD_MS,
        );
        expect(second?.report?.generation).toBe(1);
        expect(second?.report?.inventory).not.toBe(first?.report?.inventory);
      }),
    MINUTES,
  );

  it(
    'lets agents share the slots of a server, and find out how many there are',
    async () => {
      const server = await startReplayServer({ models: ['tiny:1b'], parallel: 1 });
      try {
        await withLocked(binary, { CHIMERA_MODEL: 'tiny:1b', CHIMERA_OLLAMA_URLS: server.url }, ['tiny:1b'], async ({ fleet }) => {
          layFiles(SMALL, fleet.bucket);
          const [printed] = await report(fleet, 'the report', 1);
          const { collector, insight } = printed?.report?.record.agents ?? {};
          for (const agent of [collector, insight]) expect(agent?.narrator).toMatchObject({ kind: 'model', model: 'tiny:1b' });
        });
      } finally {
        await server.close();
      }
    },
    MINUTES,
  );

  it(
    'delivers again what is handed back, buries what nobody can read, and lets the admin look and retry',
    () =>
      withLocked(binary, {}, [], async ({ fleet, nats }) => {
        const admin = await connectBus({ url: nats.url, credsFile: nats.creds('admin'), name: 'test', connectTimeoutMs: PATIENT_MS });
        const collector = await connectBus({
          url: nats.url,
          credsFile: nats.creds('collector'),
          name: 'test',
          connectTimeoutMs: PATIENT_MS,
        });
        try {
          await fleet.retire('collector-1', 'SIGTERM');
          const deliveries: number[] = [];
          const worker = await startWorker({
            bus: collector,
            contract: InventoryPublished,
            consumer: plannerConsumer('collector'),
            concurrency: 1,
            async handle(_, delivery) {
              deliveries.push(delivery.deliveries);
              if (delivery.deliveries === 1) throw new RetryLater('not yet', 1);
            },
          });
          layFiles(SMALL, fleet.bucket);
          await until('the second delivery', () => deliveries.length === 2, GUARD_MS);
          expect(deliveries).toEqual([1, 2]);
          await admin.jetstream.publish('chimera.inventory.v1.published.x', 'no JSON');
          const env = { CHIMERA_NATS_URL: nats.url, CHIMERA_NATS_CREDS: `${nats.access}/creds` };
          const letters = await until(
            'the letters of three durables',
            async () => {
              const { code, stdout } = await chimera(['dead', 'list', '--json'], { env });
              const listed = code === 0 ? (JSON.parse(stdout) as { letters: { letter: { durable: string } }[] }).letters : [];
              return listed.length === 3 && listed.map(({ letter }) => letter.durable).sort();
            },
            GUARD_MS,
          );
          expect(letters).toEqual(['collector_planner', 'insight_planner', 'reporter_inventory']);
          expect(await chimera(['dead', 'retry', '1', '--force'], { env })).toMatchObject({
            code: 0,
            stdout: expect.stringMatching(/^letter 1: published again on chimera\.inventory\.v1\.published\.x/),
          });
          await worker.stop(5_000);
        } finally {
          await collector.close();
          await admin.close();
        }
      }),
    MINUTES,
  );
}

/** What they make of their rights when they start. That each server refuses alike is shown by nats-users.int.test.ts. */
function atTheStart(binary: NatsBinary): void {
  it(
    'keeps those waiting who come before ingest, and they say so',
    async () => {
      const nats = await startLockedNats(binary);
      await withFleet({ binary, nats, start: false, env: { CHIMERA_NATS_CREDS: `${nats.access}/creds` } }, async (fleet) => {
        for (const service of ['collector', 'insight', 'reporter'] as const) fleet.add(service);
        for (const service of ['collector-1', 'insight-1', 'reporter-1'])
          await until(
            `the word of ${service}`,
            () => fleet.log(service).some(({ msg }) => /Stream chimera_events is not there, .* waiting for ingest/.test(msg)),
            GUARD_MS,
          );
        fleet.add('ingest');
        await fleet.started();
        expect(fleet.exits).toEqual([]);
        expect(refusals({ fleet, nats })).toEqual([]);
      });
    },
    MINUTES,
  );

  it(
    'tells an agent at its start that its credentials are for other models, and what to do',
    async () => {
      const nats = await startLockedNats(binary, { models: ['tiny:1b'] });
      await withFleet(
        { binary, nats, start: false, env: { CHIMERA_NATS_CREDS: `${nats.access}/creds`, CHIMERA_MODEL: 'big:7b' } },
        async (fleet) => {
          fleet.add('ingest');
          fleet.add('insight');
          await until(
            'the word of insight',
            () =>
              fleet
                .log('insight-1')
                .some(
                  ({ level, msg }) =>
                    level === 'fatal' && /may not use the durable insight_worker_big=3A7b of chimera_work: .* --model/.test(msg),
                ),
            GUARD_MS,
          );
          expect(refusals({ fleet, nats }).filter((line) => /violation/i.test(line))).toEqual([]);
        },
      );
    },
    MINUTES,
  );

  it(
    'tells a service at its start that its credentials are for another role',
    async () => {
      const nats = await startLockedNats(binary);
      await withFleet({ binary, nats, start: false, env: {} }, async (fleet) => {
        fleet.add('ingest', { CHIMERA_NATS_CREDS: nats.creds('ingest') });
        fleet.add('reporter', { CHIMERA_NATS_CREDS: nats.creds('collector') });
        const fatal = () => fleet.log('reporter-1').find(({ level }) => level === 'fatal');
        await until('the word of the reporter', () => fatal() !== undefined, GUARD_MS);
        expect(fatal()?.msg).toMatch(/^The NATS user collector may not use (KV bucket chimera_reports|the durable reporter_)/);
      });
    },
    MINUTES,
  );

  it(
    'is what `up` runs on, where a folder of credentials is named',
    async () => {
      const nats = await startLockedNats(binary);
      const folder = mkdtempSync(join(tmpdir(), 'chimera-locked-up-'));
      try {
        const up = startUp(folder, { CHIMERA_NATS_URL: nats.url, CHIMERA_NATS_CREDS: `${nats.access}/creds` });
        await up.line(/watching/);
        layFiles(SMALL, up.bucket);
        await up.line(/collector: written/);
        await up.line(/chimera: report: /);
        expect(await up.interrupt()).toBe(0);
        expect(nats.said.filter((line) => /violation|authentication error/i.test(line))).toEqual([]);
      } finally {
        killAllUps();
        await nats.close();
        rmSync(folder, { recursive: true, force: true });
      }
    },
    MINUTES,
  );
}

describeOnEachNats('a locked NATS', atWork, SIDE_BY_SIDE);
describeOnEachNats('a locked NATS, where services start', atTheStart, { ...SIDE_BY_SIDE, newest: true });
