import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_LIMITS } from '@chimera/formats';
import { connectBus } from '@chimera/shared/bus';
import { Evidence } from '@chimera/shared/domain';
import { CURRENT_BUCKET, Current, folderBlobs, getJson } from '@chimera/shared/store';
import { expect, it } from 'vitest';
import { type Fleet, withFleet } from '../../../test/support/fleet.ts';
import { describeOnEachNats, PATIENT_MS } from '../../../test/support/nats.ts';
import { until } from '../../../test/support/wait.ts';
import { evidenceOfBucket } from './bucket-evidence.ts';
import { folderBucket } from './folder.ts';

const GUARD_MS = 120_000;
const LARGE_ROWS = 700_000;

/** Some 30 MB each, so that reading one takes a while. */
const large = (seed: number) =>
  `model,ttft_ms,latency_ms,tokens\n${Array.from({ length: LARGE_ROWS }, (_, i) => `m${i % 3},${((i * seed) % 9_973) / 8},${(i * 7919) % 99_991}.${i % 1_000},${i % 512}\n`).join('')}`;

const holders = (fleet: Fleet) =>
  fleet.names('ingest').filter((name) => fleet.log(name).some(({ msg }) => msg === 'this process now takes the dataset in'));
const readings = (fleet: Fleet, name: string) => fleet.log(name).filter(({ msg }) => msg === 'an artifact is being read for whoever asked');

describeOnEachNats(
  'a process that dies while it reads',
  (binary) => {
    it.each([true, false])(
      'hazard 1: what it had in hand is read by another one; the one that asked dies: %s',
      async (asker) => {
        await withFleet({ binary, start: false, env: { CHIMERA_STREAM_BYTES: '1000000' } }, async (fleet) => {
          const bus = await connectBus({ url: fleet.nats.url, name: 'ear', connectTimeoutMs: PATIENT_MS });
          try {
            for (let i = 0; i < 2; i++) fleet.add('ingest');
            await fleet.started();
            const paths = [3, 5, 11, 17].map((seed) => {
              writeFileSync(join(fleet.folder, `${seed}.csv`), large(seed));
              return `${seed}.csv`;
            });
            // Complete files, all at once.
            for (const path of paths) renameSync(join(fleet.folder, path), join(fleet.bucket, path));
            const victim = () => {
              const [holder] = holders(fleet);
              const name = asker ? holder : fleet.names('ingest').find((one) => one !== holder);
              return holder !== undefined && name !== undefined && readings(fleet, name).length > 0 ? name : null;
            };
            await until('one that reads', () => victim() !== null, GUARD_MS);
            const killed = victim() ?? '';
            await fleet.retire(killed, 'SIGKILL');
            const [other = ''] = fleet.names('ingest');
            const current = await bus.documents(CURRENT_BUCKET, Current);
            await until('the inventory', async () => (await current.get('bucket')) !== null, GUARD_MS);
            const before = readings(fleet, killed).at(-1);
            // It was in the middle of it: the server gave it out once more.
            expect(readings(fleet, other)).toContainEqual(expect.objectContaining({ artifact: before?.artifact, deliveries: 2 }));
            const ref = (await current.get('bucket'))?.inventory;
            const evidence = await getJson(folderBlobs(join(fleet.home, 'blobs')), ref?.evidence ?? '', Evidence);
            expect(evidence.artifacts.map(({ path, status, records }) => [path, status, records])).toEqual(
              ['11.csv', '17.csv', '3.csv', '5.csv'].map((path) => [path, 'read', LARGE_ROWS]),
            );
            const expected = await evidenceOfBucket(folderBucket(fleet.bucket), { ...DEFAULT_LIMITS, streamBytes: 1_000_000 });
            expect(evidence).toEqual(expected);
            expect([...(await bus.held('chimera_work', 'chimera.reading.v1.requested.*'))]).toEqual([]);
          } finally {
            await bus.close();
          }
        });
      },
      GUARD_MS,
    );
  },
  { newest: true },
);
