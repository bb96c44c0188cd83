import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectBus, systemClock } from '@chimera/shared/bus';
import { createLogger, noMetrics } from '@chimera/shared/service';
import { folderBlobs } from '@chimera/shared/store';
import { expect, it } from 'vitest';
import { type LockedNats, startLockedNats } from '../../../test/support/locked-nats.ts';
import { describeOnEachNats, PATIENT_MS } from '../../../test/support/nats.ts';
import { until } from '../../../test/support/wait.ts';
import { ingestSettings } from './config.ts';
import { startIngest } from './ingest.ts';

describeOnEachNats('ingest at a locked NATS', (binary) => {
  it('makes a stream again that is removed while it runs, although it never uses it itself: the others wait for it', async () => {
    const root = mkdtempSync(join(tmpdir(), 'chimera-made-again-'));
    mkdirSync(join(root, 'bucket'));
    const nats: LockedNats = await startLockedNats(binary);
    const as = (user: string) => connectBus({ url: nats.url, credsFile: nats.creds(user), name: user, connectTimeoutMs: PATIENT_MS });
    const [bus, admin] = [await as('ingest'), await as('admin')];
    const insight = await as('insight');
    const settings = ingestSettings({
      CHIMERA_BUCKET: join(root, 'bucket'),
      CHIMERA_HOME: join(root, 'home'),
      CHIMERA_RECONCILE_SECONDS: '0.5',
    });
    const ingest = await startIngest(settings, {
      ...{ bus, blobs: folderBlobs(join(root, 'blobs')), logger: createLogger('test', 'silent'), metrics: noMetrics },
      ...{ clock: systemClock, instance: 'one' },
    });
    try {
      await admin.manager.streams.delete('chimera_work');
      await expect(
        until('the stream', () =>
          insight.assert().then(
            () => true,
            () => null,
          ),
        ),
      ).resolves.toBe(true);
    } finally {
      await ingest.stop(5_000);
      for (const one of [insight, admin, bus]) await one.close();
      await nats.close();
      rmSync(root, { recursive: true, force: true });
    }
  });
});
