import { execFile, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openS3 } from '@chimera/shared/store';
import { GenericContainer, type StartedTestContainer, Wait } from 'testcontainers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findTestTool } from '../../packages/cli/provision/test-tools.mjs';
import { s3Blobs } from '../../packages/shared/src/store/s3-blobs.ts';
import { ROOT } from '../support/seed.ts';
import { baseImage, pinnedImage } from './deployed.ts';
import { buildEnvironment, engineAbsent, imagesAbsent } from './engine.ts';

const PORT = 9000;
const [KEY, SECRET] = ['a-key', 'a-secret'];
const SCRIPT = join(ROOT, 'deploy/s3/serve.sh');

const pinned = pinnedImage('s3');
const engine = engineAbsent();
const pinnedAbsent = engine ?? (await imagesAbsent([pinned]));
// Where the image cannot be had, the same program in another one: if it was built with what speaks S3, as not every package is.
const speaksS3 = (program: string) =>
  spawnSync(program, ['serve', 's3', '--help'], { encoding: 'utf8', timeout: 20_000 }).stdout?.includes('--auth-key');
const programs = pinnedAbsent === null ? [] : [(await findTestTool({ root: ROOT, env: process.env, name: 'rclone' }))?.path, 'rclone'];
const rclone = programs.find((program) => program !== undefined && speaksS3(program)) ?? null;
const made = engine === null && rclone !== null && (await imagesAbsent([baseImage()])) === null;
const absent = made || pinnedAbsent === null ? null : `${pinnedAbsent}, and no rclone that knows "serve s3" is here`;
const shown = made ? `an image of the test's own, because ${pinned} cannot be had` : pinned;

/** An image with the program on the PATH, as the pinned one has it. */
async function makeImage(program: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'chimera-rclone-image-'));
  const name = `chimera-test-rclone-${process.pid}:local`;
  try {
    const { stdout } = spawnSync('sh', ['-c', 'command -v "$0"', program], { encoding: 'utf8' });
    copyFileSync(stdout.trim(), join(folder, 'rclone'));
    writeFileSync(join(folder, 'Dockerfile'), `FROM ${baseImage()}\nCOPY rclone /usr/local/bin/rclone\n`);
    await promisify(execFile)('docker', ['build', '--quiet', '--tag', name, folder], {
      env: { ...process.env, ...(await buildEnvironment()) },
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return name;
}

describe.skipIf(absent)(`the S3 server of docker-compose.yml, in ${shown}${absent ? ` (left out: ${absent})` : ''}`, () => {
  let image = pinned;
  let container: StartedTestContainer;
  const of = () =>
    new GenericContainer(image).withEntrypoint(['sh', '/serve.sh']).withCopyFilesToContainer([{ source: SCRIPT, target: '/serve.sh' }]);
  const settings = (secret: string) => ({
    CHIMERA_S3_ENDPOINT: `http://${container.getHost()}:${container.getMappedPort(PORT)}`,
    AWS_ACCESS_KEY_ID: KEY,
    AWS_SECRET_ACCESS_KEY: secret,
  });

  beforeAll(async () => {
    // This file stops what it starts: the reaper would be one more image to fetch.
    process.env.TESTCONTAINERS_RYUK_DISABLED ??= 'true';
    if (made && rclone !== null) image = await makeImage(rclone);
    container = await of()
      .withEnvironment({ AWS_ACCESS_KEY_ID: KEY, AWS_SECRET_ACCESS_KEY: SECRET })
      .withTmpFs({ '/tmp': '', '/data': '' })
      .withExposedPorts(PORT)
      .withWaitStrategy(Wait.forListeningPorts())
      .start();
  }, 120_000);

  afterAll(async () => {
    await container?.stop();
    if (made) await promisify(execFile)('docker', ['image', 'rm', image]);
  });

  it('keeps blobs, and artifacts in a bucket that is there from the start', async () => {
    const blobs = s3Blobs(await openS3('s3://artifacts/blobs', settings(SECRET)));
    const id = await blobs.put(Buffer.from('a blob'));
    await blobs.name('generation-a', id);
    expect(Buffer.from(await blobs.get(id)).toString()).toBe('a blob');
    expect(await blobs.named('generation-a')).toBe(id);

    const bucket = await openS3('s3://artifacts/runs', settings(SECRET));
    await bucket.put('a folder/é.csv', Buffer.from('model,tokens_s\n'));
    const listed: string[] = [];
    for await (const page of bucket.pages('')) listed.push(...page.map(({ key }) => key));
    expect(listed).toEqual(['a folder/é.csv']);
  }, 60_000);

  it('lets nobody in without the key', async () => {
    const stranger = await openS3('s3://artifacts/runs', settings('another'));
    await expect(stranger.get('a folder/é.csv')).rejects.toThrow();
    const { status } = await fetch(`${settings(SECRET).CHIMERA_S3_ENDPOINT}/artifacts/?list-type=2`);
    expect([400, 401, 403]).toContain(status);
  }, 60_000);

  it('does not start without a key, and says what to do', async () => {
    const { stdout, stderr } = await promisify(execFile)(
      'docker',
      ['run', '--rm', '--network', 'none', '--entrypoint', 'sh', '-v', `${SCRIPT}:/serve.sh:ro`, image, '/serve.sh'],
      { timeout: 60_000 },
    ).catch((error: { stdout: string; stderr: string; code: number }) => error);
    expect(stdout + stderr).toMatch(/set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY/);
  }, 90_000);
});
