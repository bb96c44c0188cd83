import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AnalysisCompleted, DeadLettered, InventoryPublished, ReportPublished } from '@chimera/shared/bus';
import { JOINS_BUCKET } from '@chimera/shared/store';
import { jetstream } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { expect, it } from 'vitest';
import { type Ear, listen, messagesOf } from '../chaos/ear.ts';
import { atRest, expectedOf, misdeeds } from '../chaos/verdict.ts';
import { layFiles, SMALL } from '../support/dataset.ts';
import { type Fleet, type ServiceName, withFleet } from '../support/fleet.ts';
import { describeOnEachNats } from '../support/nats.ts';
import { ROOT } from '../support/seed.ts';
import { until } from '../support/wait.ts';

const OTHER_VERSION = pathToFileURL(join(ROOT, 'test/support/other-version.mjs')).href;
const DATASETS = ['a', 'b', 'c'];
const BETWEEN_DROPS_MS = 400;
const MINUTES = 300_000;

/** Readers of what others write go first. */
const ORDER: readonly ServiceName[] = ['reporter', 'insight', 'collector', 'ingest'];

type Version = 'yesterday' | 'today' | 'tomorrow';

function environment(version: Version): NodeJS.ProcessEnv {
  if (version === 'today') return {};
  return {
    NODE_OPTIONS: `--import=${OTHER_VERSION}`,
    TEST_SPEAKS: version,
    // Only what is traced has the fields that yesterday's services do not know. Nobody listens there.
    ...(version === 'tomorrow' ? { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' } : {}),
  };
}

describeOnEachNats(
  'a rolling restart',
  (binary) => {
    it.each<[string, readonly [Version, Version]]>([
      ['services of yesterday are replaced by those of today', ['yesterday', 'today']],
      ['services of yesterday are replaced by those of tomorrow, and these by those of yesterday again', ['yesterday', 'tomorrow']],
    ])(
      'hazard 17: loses nothing that is dropped meanwhile, prints each run once and leaves no dead letter: %s',
      async (_, [from, to]) => {
        await withFleet({ binary, start: false, env: { CHIMERA_DATASETS: 'folders' } }, async (fleet) => {
          for (const service of ORDER) fleet.add(service, environment(from));
          const ear = await listen(fleet.nats.url);
          const load = drops(fleet.bucket);
          try {
            await fleet.started();
            await spoken(ear, 'yesterday');
            for (const service of ORDER) await replace(fleet, service, to);
            if (to === 'tomorrow') await spoken(ear, to);
            if (to === 'tomorrow') for (const service of [...ORDER].reverse()) await replace(fleet, service, from);
            const dropped = await load.end();
            await atRest(fleet, ear, await expectedOf(fleet.bucket, 'folders'));
            expect(dropped).toBeGreaterThan(ORDER.length);
            expect(await misdeeds(fleet, ear)).toEqual([]);
            expect(await messagesOf(ear.connection, 'chimera_dead', DeadLettered.subjects)).toEqual([]);
            for (const { name, code, signal } of fleet.exits) expect({ name, code, signal }).toEqual({ name, code: 0, signal: null });
            if (to === 'tomorrow') await expectBoth(fleet, ear);
          } finally {
            await load.end();
            await ear.close();
          }
        });
      },
      MINUTES,
    );
  },
  { newest: true, concurrent: true },
);

/** The new one first: for a while there are two, side by side, at the same work. */
async function replace(fleet: Fleet, service: ServiceName, version: Version): Promise<void> {
  const old = fleet.names(service);
  fleet.add(service, environment(version));
  await fleet.started();
  for (const name of old) await fleet.retire(name, 'SIGTERM');
}

/** Drops one file after the other, now into one dataset and now into another, until it is ended; returns how many they were. */
function drops(bucket: string): { end(): Promise<number> } {
  for (const dataset of DATASETS)
    layFiles(Object.fromEntries(Object.entries(SMALL).map(([path, text]) => [`${dataset}/${path}`, text])), bucket);
  let dropped = 0;
  const timer = setInterval(() => {
    const dataset = DATASETS[dropped % DATASETS.length];
    layFiles({ [`${dataset}/more-${dropped}.csv`]: `latency_ms\n${dropped}\n` }, bucket);
    dropped++;
  }, BETWEEN_DROPS_MS);
  return {
    end: async () => {
      clearInterval(timer);
      return dropped;
    },
  };
}

const KINDS = [InventoryPublished, AnalysisCompleted, ReportPublished];

/** Waits until services of a version have sent a message of each kind: each is to be at work before it is replaced. */
async function spoken(ear: Ear, version: 'yesterday' | 'tomorrow'): Promise<void> {
  await until(`a message of each kind from ${version}`, async () => {
    for (const { subjects } of KINDS) {
      const messages = (await messagesOf(ear.connection, 'chimera_events', subjects)) as { fromTomorrow?: unknown }[];
      if (!messages.some(({ fromTomorrow }) => (fromTomorrow !== undefined) === (version === 'tomorrow'))) return false;
    }
    return true;
  });
}

/** That services of both versions were really at it: each kind of message was sent by both, and a document of either was taken up by the other. */
async function expectBoth(fleet: Fleet, ear: Ear): Promise<void> {
  const versions = fleet.logs().flatMap(({ msg }) => /^speaks as of (\w+)$/.exec(msg)?.[1] ?? []);
  expect(new Set(versions)).toEqual(new Set(['yesterday', 'tomorrow']));
  for (const { subjects } of KINDS) {
    const messages = (await messagesOf(ear.connection, 'chimera_events', subjects)) as { fromTomorrow?: unknown }[];
    const ofTomorrow = messages.filter((message) => message.fromTomorrow !== undefined).length;
    expect([subjects, ofTomorrow > 0, ofTomorrow < messages.length]).toEqual([subjects, true, true]);
  }
  const inventories = (await messagesOf(ear.connection, 'chimera_events', InventoryPublished.subjects)) as { traceparent?: string }[];
  expect(new Set(inventories.map(({ traceparent }) => traceparent !== undefined))).toEqual(new Set([true, false]));
  const joins = await new Kvm(jetstream(ear.connection)).open(JOINS_BUCKET);
  let written = 0;
  for await (const key of await joins.keys()) if ((await joins.get(key))?.string().includes('fromTomorrow')) written++;
  expect(written).toBeGreaterThan(0);
}
