import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, it } from 'vitest';
import { findTestTool } from '../../packages/cli/provision/test-tools.mjs';
import { startS3Double } from './s3-double.ts';
import { KEY, passOn, type S3Server, SECRET, s3Front } from './s3-front.ts';
import { ROOT } from './seed.ts';

const GUARD_MS = 120_000;

/** The program rclone where it can be a server of S3: packages of some distributions are built without that. */
async function findRclone(): Promise<string | null> {
  const cached = (await findTestTool({ root: ROOT, name: 'rclone' }))?.path;
  const canServe = (program: string) =>
    spawnSync(program, ['serve', 's3', '--help'], { encoding: 'utf8', timeout: GUARD_MS }).stdout?.includes('--auth-key');
  return [cached, 'rclone'].find((program) => program !== undefined && canServe(program)) ?? null;
}

const rclone = await findRclone();

/** `rclone serve s3` over a folder of its own: a real server of S3. */
async function startRclone(program: string): Promise<S3Server> {
  const folder = mkdtempSync(join(tmpdir(), 'chimera-rclone-'));
  const child: ChildProcess = spawn(
    program,
    ['serve', 's3', '--addr', '127.0.0.1:0', '--auth-key', `${KEY},${SECRET}`, '--config', join(folder, 'none.conf'), join(folder)],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const address = await new Promise<string>((resolve, reject) => {
    const lines: string[] = [];
    const say = () => reject(new Error(`rclone did not say where it listens:\n${lines.join('\n')}`));
    const timer = setTimeout(say, GUARD_MS);
    void ended.then(say);
    if (child.stderr === null) throw new Error('rclone was started without a pipe.');
    createInterface({ input: child.stderr }).on('line', (line) => {
      lines.push(line);
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
      if (url === undefined) return;
      clearTimeout(timer);
      resolve(url);
    });
  });
  return s3Front(passOn(address), async () => {
    child.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });
}

const SERVERS: { name: string; start: () => Promise<S3Server>; absent: string | null }[] = [
  { name: 'a server in memory', start: startS3Double, absent: null },
  {
    name: 'rclone serve s3',
    start: () => startRclone(rclone ?? ''),
    absent: rclone === null ? 'needs an rclone that knows "serve s3" on the PATH or in .cache/tools/rclone' : null,
  },
];

// Any other one, such as MinIO in a container.
const { TEST_S3_ENDPOINT: other, TEST_S3_KEY = '', TEST_S3_SECRET = '' } = process.env;
if (other) SERVERS.push({ name: other, start: () => s3Front(passOn(other), () => undefined, [TEST_S3_KEY, TEST_S3_SECRET]), absent: null });

/** Registers a suite for each server of S3; one that this machine does not have shows as a skipped suite that says so. */
export function describeOnEachS3(name: string, suite: (start: () => Promise<S3Server>) => void): void {
  for (const { name: server, start, absent } of SERVERS)
    if (absent === null) describe(`${name} (${server})`, { timeout: GUARD_MS }, () => suite(start));
    else
      describe.skip(`${name} (${server})`, () => {
        it(absent, () => undefined);
      });
}

/** The most real server of S3 that this machine has, with its name. */
export const bestS3 = { name: SERVERS.findLast(({ absent }) => absent === null)?.name ?? '', start: () => start() };

function start(): Promise<S3Server> {
  const best = SERVERS.findLast(({ absent }) => absent === null);
  if (best === undefined) throw new Error('There is no server of S3.');
  return best.start();
}
