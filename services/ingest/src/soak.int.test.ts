import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { connectBus, InventoryPublished, systemClock } from '@chimera/shared/bus';
import type { InventoryRef } from '@chimera/shared/domain';
import { createLogger, noMetrics } from '@chimera/shared/service';
import { folderBlobs } from '@chimera/shared/store';
import { describe, expect, it } from 'vitest';
import { natsServers, PATIENT_MS, startNats } from '../../../test/support/nats.ts';
import { recorder } from '../../../test/support/wait.ts';
import { ingestSettings } from './config.ts';
import { startIngest } from './ingest.ts';

const INVENTORIES = 80;
const FILES = 10;
const MEASURE_EACH = 10;

const [newest] = await natsServers();
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What a process holds after all that can be freed is freed: bytes of its heap, timers and handles, open files. */
type Held = { heap: number; resources: number; files: number };

function held(): Held {
  collectGarbage();
  collectGarbage();
  return {
    heap: process.memoryUsage().heapUsed,
    resources: process.getActiveResourcesInfo().length,
    files: process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0,
  };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe.skipIf(newest === undefined)('one process that takes one inventory after the other', () => {
  it('hazard 19: holds no more memory and handles in the second half than in the first', async () => {
    if (newest === undefined) throw new Error('There is no nats-server.');
    const folder = mkdtempSync(join(tmpdir(), 'chimera-soak-'));
    const bucket = join(folder, 'bucket');
    const put = (n: number) => writeFileSync(join(bucket, `${n % FILES}.csv`), `model,n_ms\nm${n},${n}\nm${n},${n + 0.5}\n`);
    mkdirSync(bucket);
    for (let n = 0; n < FILES; n++) put(n);
    const nats = await startNats(newest);
    const published = recorder<InventoryRef>();
    const bus = await connectBus({ url: nats.url, name: 'ingest', connectTimeoutMs: PATIENT_MS });
    const ear = bus.connection.subscribe(InventoryPublished.subjects, {
      callback: (_, message) => published.add(InventoryPublished.schema.parse(message.json())),
    });
    const settings = ingestSettings({
      CHIMERA_HOME: join(folder, 'home'),
      CHIMERA_BUCKET: bucket,
      CHIMERA_SETTLE_SECONDS: '0.02',
      CHIMERA_SCAN_SECONDS: '0.05',
    });
    mkdirSync(settings.CHIMERA_HOME);
    const service = await startIngest(settings, {
      bus,
      blobs: folderBlobs(join(folder, 'blobs')),
      logger: createLogger('ingest', process.env.TEST_LOG_LEVEL ?? 'silent'),
      metrics: noMetrics,
      clock: systemClock,
      instance: randomUUID(),
    });
    const after: Held[] = [];
    try {
      await published.count(1);
      for (let n = 1; n < INVENTORIES; n++) {
        put(FILES + n);
        await published.count(n + 1);
        if (n % MEASURE_EACH === MEASURE_EACH - 1) after.push(held());
      }
    } finally {
      await service.stop(5_000);
      ear.unsubscribe();
      await bus.close();
      await nats.close();
      rmSync(folder, { recursive: true, force: true });
    }
    // Of the first measurements one is left out: what is loaded when it is first needed is no leak.
    const [first, second] = [after.slice(1, after.length / 2), after.slice(after.length / 2)];
    const ratio = (key: keyof Held) => mean(second.map((one) => one[key])) / Math.max(1, mean(first.map((one) => one[key])));
    expect(ratio('heap')).toBeLessThan(1.1);
    expect(ratio('resources')).toBeLessThan(1.2);
    expect(ratio('files')).toBeLessThan(1.1);
  }, 180_000);
});
