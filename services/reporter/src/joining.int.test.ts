import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { connectBus, type NatsBus, subjectToken, systemClock } from '@chimera/shared/bus';
import { createLogger, noMetrics, type Service } from '@chimera/shared/service';
import { CURRENT_BUCKET, Current, folderBlobs, JOINS_BUCKET, Join, putJson, runOf } from '@chimera/shared/store';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeOnEachNats, type Nats, PATIENT_MS, startNats } from '../../../test/support/nats.ts';
import { column, reportInput } from '../../../test/support/report-input.ts';
import { until } from '../../../test/support/wait.ts';
import { reporterSettings } from './config.ts';
import { reportFolder, startReporter } from './reporter.ts';

const GUARD_MS = 60_000;

const input = reportInput({
  files: { 'runs/a.csv': column('output_token_throughput', 'tok/s', { model: 'tiny' }, [100, 101, 102, 103, 104, 105]) },
  model: null,
  analyses: () => ({ collector: {}, insight: {} }),
});
/** The median of what was measured, and what somebody would rather read. */
const [TRUE, FALSE] = ['102.5', '9999.5'];

describeOnEachNats('a join', (binary) => {
  let home = '';
  let nats: Nats;
  let bus: NatsBus;
  let service: Service | null = null;
  beforeEach(async () => {
    home = mkdtempSync(joinPath(tmpdir(), 'chimera-joining-'));
    nats = await startNats(binary);
    bus = await connectBus({ url: nats.url, name: 'test', connectTimeoutMs: PATIENT_MS });
  });
  afterEach(async () => {
    await service?.stop(5_000);
    service = null;
    await bus.close();
    await nats.close();
    rmSync(home, { recursive: true, force: true });
  });

  it('whose evidence is another than that of ingest gives no number of it: agents write into joins, and only ingest says what is current', async () => {
    const blobs = folderBlobs(joinPath(home, 'blobs'));
    const inventory = {
      ...input.inventory,
      evidence: await putJson(blobs, input.evidence),
      observations: await putJson(blobs, input.observations),
      measurements: await blobs.put(Buffer.from('none')),
    };
    const lie = JSON.stringify(input.evidence).replaceAll(TRUE, FALSE);
    expect(lie).toContain(FALSE);
    const forged = { ...inventory, evidence: await putJson(blobs, JSON.parse(lie)) };
    const settings = reporterSettings({ CHIMERA_HOME: home, CHIMERA_MODEL: 'none', CHIMERA_SWEEP_SECONDS: '0.2' });
    const run = runOf(input.run.dataset, inventory.inventory, settings.profile);
    const part = { state: 'done' as const, analysis: await blobs.put(Buffer.from('{}')) };
    await (await bus.documents(CURRENT_BUCKET, Current)).change(subjectToken(run.dataset), () => ({
      inventory,
      fence: { token: 1, holder: 'ingest' },
    }));
    await (await bus.documents(JOINS_BUCKET, Join)).change(run.id, () => ({
      run,
      inventory: forged,
      openedAt: '2026-03-04T05:06:07.000Z',
      parts: { collector: part, insight: part },
      printed: { revision: 0, analyses: {}, report: null },
    }));
    const deps = { bus, blobs, logger: createLogger('reporter', 'silent'), metrics: noMetrics, clock: systemClock, instance: 'one' };
    service = await startReporter(settings, deps);
    const folder = reportFolder(home, { dataset: run.dataset, run: run.id });
    await until('The report', () => existsSync(joinPath(folder, 'report.json')), GUARD_MS);
    for (const file of ['report.md', 'report.html', 'report.json', 'evidence.json']) {
      const text = readFileSync(joinPath(folder, file), 'utf8');
      expect(text, file).toContain(TRUE);
      expect(text.replaceAll(',', ''), file).not.toContain(FALSE);
    }
  });
});
