// Measures ingest as it runs: a process of its own, a real nats-server, a watched bucket. From the moment that a
// dataset says that it is complete (`.done`) to the published inventory.
//   npm run bench:watch [-- N [MORE]]
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectBus, InventoryPublished } from '@chimera/shared/bus';
import type { InventoryRef } from '@chimera/shared/domain';
import { natsServers, startNats } from '../test/support/nats.ts';
import { ROOT } from '../test/support/seed.ts';
import { recorder } from '../test/support/wait.ts';
import { asService } from './as-service.ts';
import { machine, median, smallArtifact } from './small-artifacts.ts';

const FOLDERS = 100;
const GUARD_MS = 600_000;
// After a look at the folder ingest rests four times as long as it took: a drop while it rests waits for that, and one at any other time does not.
const REST_MS = 4_000;

const [n = 10_000, MORE = 50] = process.argv.slice(2).map(Number);
// Of ten thousand artifacts, and of more.
const ASKED = n <= 10_000 ? { first: 5, more: 1 } : { first: 60, more: 2 };
const [binary] = await natsServers();
if (binary === undefined) throw new Error('There is no nats-server: run npm run setup first.');
const work = mkdtempSync(join(tmpdir(), 'chimera-bench-watch-'));
const nats = await startNats(binary);
const [bucket, staging] = [join(work, 'bucket'), join(work, 'staging')];
mkdirSync(bucket);
for (let i = 0; i < FOLDERS; i++) mkdirSync(join(staging, `d${i}`), { recursive: true });
for (let i = 0; i < n; i++) {
  const { path, text } = smallArtifact(i);
  writeFileSync(join(staging, path), text);
}
const log = join(work, 'ingest.log');
const out = openSync(log, 'a');
const ingest = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(ROOT, 'services/ingest/src/main.ts')], {
  env: {
    ...asService(),
    CHIMERA_NATS_URL: nats.url,
    CHIMERA_HOME: join(work, 'home'),
    CHIMERA_BUCKET: bucket,
    CHIMERA_HTTP_PORT: '0',
    CHIMERA_END_WITH_STDIN: '1',
  },
  stdio: ['pipe', out, out],
});
const bus = await connectBus({ url: nats.url, name: 'bench', connectTimeoutMs: 10_000 });
const published = recorder<{ ref: InventoryRef; at: number }>();
void (async () => {
  for await (const message of bus.connection.subscribe(InventoryPublished.subjects))
    published.add({ ref: InventoryPublished.schema.parse(message.json()), at: performance.now() });
})();

const resident = () => {
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${ingest.pid}/status`, 'utf8'))?.[1];
  return line === undefined ? 'cannot be told here' : `${(Number(line) / 1_000).toFixed(0)} MB`;
};
const done = () => {
  rmSync(join(bucket, '.done'), { force: true });
  writeFileSync(join(bucket, '.done'), '');
};
/** Seconds from the moment that the dataset is complete to its published inventory. */
async function secondsTo(inventories: number, complete: () => void): Promise<number> {
  const from = performance.now();
  complete();
  const all = await published.count(inventories, GUARD_MS);
  return ((all[inventories - 1]?.at ?? Number.NaN) - from) / 1_000;
}

try {
  while (!readFileSync(log, 'utf8').includes('"started"')) await new Promise((resolve) => setTimeout(resolve, 20));
  const first = await secondsTo(1, () => {
    for (let i = 0; i < FOLDERS; i++) renameSync(join(staging, `d${i}`), join(bucket, `d${i}`));
    done();
  });
  const memory = [resident()];
  const more: number[] = [];
  for (let i = 0; i < MORE; i++) {
    await new Promise((resolve) => setTimeout(resolve, REST_MS));
    const { path, text } = smallArtifact(n + i);
    writeFileSync(join(bucket, `${path}.part`), text);
    more.push(
      await secondsTo(2 + i, () => {
        renameSync(join(bucket, `${path}.part`), join(bucket, path));
        done();
      }),
    );
    if (i + 1 === 10 || i + 1 === MORE) memory.push(resident());
  }
  if (published.all.at(-1)?.ref.artifacts !== n + MORE) throw new Error('The last inventory does not hold all files.');
  console.log(
    [
      `ingest as a process, over a watched bucket: ${n} small artifacts, then ${MORE} times one more; from .done to the published inventory.`,
      machine(),
      '',
      '| first | asked | one more, median | worst | asked | resident after the first | after 10 more | at the end |',
      '| --- | --- | --- | --- | --- | --- | --- | --- |',
      `| ${first.toFixed(2)} s | ${ASKED.first} s | ${median(more).toFixed(2)} s | ${Math.max(...more).toFixed(2)} s | ${ASKED.more} s | ${memory.join(' | ')} |`,
    ].join('\n'),
  );
} finally {
  ingest.stdin?.end();
  await new Promise((resolve) => ingest.once('exit', resolve));
  await bus.close();
  await nats.close();
  rmSync(work, { recursive: true, force: true });
}
