// Measures how reading spreads: large artifacts are dropped at once, and one process of ingest, or several, read them. Real processes,
// a real nats-server, a watched bucket; from the moment that the dataset says that it is complete (`.done`) to the published inventory.
//   sh scripts/node.sh bench/spread.ts [FILES [MEGABYTES]]
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connectBus, InventoryPublished } from '@chimera/shared/bus';
import type { InventoryRef } from '@chimera/shared/domain';
import { natsServers, startNats } from '../test/support/nats.ts';
import { ROOT } from '../test/support/seed.ts';
import { recorder, until } from '../test/support/wait.ts';
import { asService } from './as-service.ts';
import { machine } from './small-artifacts.ts';

const MEGABYTE = 1_000_000;
const ROWS_AT_ONCE = 10_000;
const GUARD_MS = 600_000;
const ASKED = 1.8;

/** How many processes, whether they ask each other, and whether each is kept on one core of its own. */
type Way = { processes: number; spread: boolean; pinned: boolean };

/** What was measured of one way. */
type Measured = Way & { seconds: number; cpuSeconds: number; evidence: string };

/** A table of numbers with two labels: some 65 bytes a row, other ones for each seed. */
function writeCsv(path: string, bytes: number, seed: number): void {
  const file = openSync(path, 'wx');
  let state = seed;
  const next = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
  let written = writeSync(file, 'request,model,concurrency,ttft_ms,latency_ms,itl_ms,output_tokens,tokens_per_second\n');
  for (let row = 0; written < bytes; ) {
    let text = '';
    for (const end = row + ROWS_AT_ONCE; row < end; row++)
      text += `r${row},m${row % 3},${2 ** (row % 4)},${(next() * 400).toFixed(3)},${(next() * 4_000).toFixed(3)},${(next() * 40).toFixed(4)},${Math.trunc(next() * 500)},${(next() * 80).toFixed(3)}\n`;
    written += writeSync(file, text);
  }
  closeSync(file);
}

/** CPU seconds of a process so far, where the system tells. */
function cpuSecondsOf({ pid }: ChildProcess): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Number.NaN;
    throw error;
  }
}

async function measure(work: string, staging: string, { processes, spread, pinned }: Way): Promise<Measured> {
  const [binary] = await natsServers();
  if (binary === undefined) throw new Error('There is no nats-server: run npm run setup first.');
  const place = mkdtempSync(join(work, 'run-'));
  const bucket = join(place, 'bucket');
  mkdirSync(bucket);
  writeFileSync(join(bucket, 'first.csv'), 'x_ms\n1\n');
  const nats = await startNats(binary);
  const bus = await connectBus({ url: nats.url, name: 'bench', connectTimeoutMs: 10_000 });
  const children: ChildProcess[] = [];
  try {
    const published = recorder<{ ref: InventoryRef; at: number }>();
    void (async () => {
      for await (const message of bus.connection.subscribe(InventoryPublished.subjects))
        published.add({ ref: InventoryPublished.schema.parse(message.json()), at: performance.now() });
    })();
    const logs = Array.from({ length: processes }, (_, i) => join(place, `${i}.log`));
    for (const [core, log] of logs.entries()) {
      const out = openSync(log, 'a');
      const command = [process.execPath, '--disable-warning=ExperimentalWarning', join(ROOT, 'services/ingest/src/main.ts')];
      const [program = '', ...rest] = pinned ? ['taskset', '-c', `${core}`, ...command] : command;
      const child = spawn(program, rest, {
        env: {
          ...asService(),
          CHIMERA_NATS_URL: nats.url,
          CHIMERA_HOME: join(place, 'home'),
          CHIMERA_BUCKET: bucket,
          CHIMERA_HTTP_PORT: '0',
          CHIMERA_SETTLE_SECONDS: '0.5',
          CHIMERA_END_WITH_STDIN: '1',
          ...(spread ? {} : { CHIMERA_SPREAD_BYTES: '0' }),
        },
        stdio: ['pipe', out, out],
      });
      closeSync(out);
      children.push(child);
    }
    const started = () => logs.every((log) => readFileSync(log, 'utf8').includes('"started"'));
    await until('the start of all processes', started, GUARD_MS);
    // The first inventory loads what is loaded once.
    await published.count(1, GUARD_MS);
    const cpuBefore = children.map(cpuSecondsOf);
    for (const name of readdirSync(staging)) renameSync(join(staging, name), join(bucket, name));
    const from = performance.now();
    writeFileSync(join(bucket, '.done'), '');
    const last = (await published.count(2, GUARD_MS)).at(-1);
    const cpuSeconds = children.reduce((sum, child, i) => sum + cpuSecondsOf(child) - (cpuBefore[i] ?? 0), 0);
    return {
      processes,
      spread,
      pinned,
      seconds: ((last?.at ?? Number.NaN) - from) / 1_000,
      cpuSeconds,
      evidence: last?.ref.evidence ?? '',
    };
  } finally {
    const gone = children.map((child) => new Promise((resolve) => child.once('exit', resolve)));
    for (const child of children) child.kill('SIGTERM');
    await Promise.all(gone);
    await bus.close();
    await nats.close();
    for (const name of readdirSync(bucket).filter((one) => one.startsWith('large-'))) renameSync(join(bucket, name), join(staging, name));
    rmSync(place, { recursive: true, force: true });
  }
}

/** Whether a process can be kept on a core of its own here. */
const canPin = () => spawnSync('taskset', ['-c', '0,1', process.execPath, '--version']).status === 0;

/**
 * The table of what was measured, as Markdown: one process that reads alone, one, and two, then one and two with a core each. On a
 * machine of two cores the first ones cannot tell how reading scales: the engine's own threads (garbage, compiling, files) already
 * use the second core of one process.
 * @param folder where some `files * megabytes` MB have room, which are removed afterwards; default: the system's folder for such
 */
export async function spreadBench({ files = 24, megabytes = 40, folder = tmpdir() } = {}): Promise<string> {
  const room = statfsSync(folder);
  const bytes = files * megabytes * MEGABYTE;
  if (room.bavail * room.bsize < bytes * 1.5)
    throw new Error(`${folder} has no room for ${files} files of ${megabytes} MB: free some, or name another folder by TMPDIR.`);
  const work = mkdtempSync(join(folder, 'chimera-bench-spread-'));
  try {
    const staging = join(work, 'staging');
    mkdirSync(staging);
    for (let i = 0; i < files; i++) writeCsv(join(staging, `large-${i}.csv`), megabytes * MEGABYTE, i + 1);
    const ways: Way[] = [
      { processes: 1, spread: false, pinned: false },
      { processes: 1, spread: true, pinned: false },
      { processes: 2, spread: true, pinned: false },
      ...(canPin() ? [1, 2].map((processes) => ({ processes, spread: true, pinned: true })) : []),
    ];
    const all: Measured[] = [];
    for (const way of ways) all.push(await measure(work, staging, way));
    const lines = all.map(({ processes, spread, pinned, seconds, cpuSeconds }) => {
      const one = all.find((other) => other.processes === 1 && other.spread && other.pinned === pinned)?.seconds ?? Number.NaN;
      const name = `${processes}${spread ? '' : ', reading alone'}`;
      const cores = pinned ? 'one each' : 'any';
      return [
        name,
        cores,
        seconds.toFixed(1),
        (bytes / MEGABYTE / seconds).toFixed(0),
        cpuSeconds.toFixed(1),
        (one / seconds).toFixed(2),
      ].join(' | ');
    });
    const same = new Set(all.map(({ evidence }) => evidence)).size === 1;
    return [
      `${files} csv files of ${megabytes} MB, dropped at once, to the published inventory. ${machine()}`,
      '',
      '| processes of ingest | cores | s | MB/s | CPU s of all | times as fast as one |',
      '|---|---|---|---|---|---|',
      ...lines.map((line) => `| ${line} |`),
      '',
      ...(canPin()
        ? []
        : ['Not measured: processes with one core each, because there is no `taskset` here, or there are fewer than two cores.', '']),
      `Asked for: two at least ${ASKED} times as fast as one. The evidence of all is ${same ? 'the same' : 'NOT the same'}.`,
    ].join('\n');
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [files = 24, megabytes = 40] = process.argv.slice(2).map(Number);
  process.stdout.write(`${await spreadBench({ files, megabytes })}\n`);
}
