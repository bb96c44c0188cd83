import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';

const GUARD_MS = 60_000;
const STORE = new URL('./mod.ts', import.meta.url).href;

/** What a process of its own prints that runs this with the store at hand; the SDK reads that process's environment. */
async function printed(script: string, env: Record<string, string> = {}): Promise<string> {
  const code = `const store = await import(${JSON.stringify(STORE)});\n${script}`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', code], {
    env: { PATH: process.env.PATH, HOME: '/nonexistent', ...env },
    timeout: GUARD_MS,
  });
  return stdout.trim();
}

/** Stands where the metadata service of a machine would, and counts who asks. */
let metadata: Server;
let asked = 0;
let at = '';
beforeEach(async () => {
  asked = 0;
  metadata = createServer((_, answer) => {
    asked++;
    answer.writeHead(404).end();
  });
  await new Promise<void>((resolve) => metadata.listen(0, '127.0.0.1', resolve));
  at = `http://127.0.0.1:${(metadata.address() as AddressInfo).port}`;
});
afterEach(() => {
  metadata.closeAllConnections();
  metadata.close();
});

it('is not loaded by whoever keeps nothing in S3', { timeout: GUARD_MS }, async () => {
  const loaded = `(await import('node:module')).default._cache`;
  const ours = `Object.keys(${loaded}).filter((file) => file.includes('@aws-sdk')).length > 0`;
  expect(await printed(`await store.openBlobs('/nowhere', '/nowhere', null); console.log(${ours});`)).toBe('false');
  const key = `{ AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', CHIMERA_S3_ENDPOINT: 'http://127.0.0.1:9' }`;
  expect(await printed(`await store.openBlobs('s3://bucket', '/nowhere', null, ${key}); console.log(${ours});`)).toBe('true');
});

it('asks the metadata service of the machine for credentials only where the configuration says so', { timeout: GUARD_MS }, async () => {
  const look = `
    const settings = { AWS_REGION: 'eu-central-1', AWS_PROFILE: process.env.AWS_PROFILE, AWS_EC2_METADATA_DISABLED: process.env.AWS_EC2_METADATA_DISABLED };
    const s3 = await store.openS3('s3://bucket', settings, { connectMs: 1000, idleMs: 1000, attempts: 1 });
    await s3.head('x').then(() => console.log('found'), (error) => console.log(error.message));`;
  const env = {
    AWS_EC2_METADATA_SERVICE_ENDPOINT: at,
    AWS_PROFILE: 'nobody',
    AWS_CONFIG_FILE: '/nonexistent',
    AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
  };
  expect(await printed(look, env)).toMatch(/CredentialsProviderError.*docs\/operations\/s3\.md/);
  expect(asked).toBe(0);
  await printed(look, { ...env, AWS_EC2_METADATA_DISABLED: 'false' });
  expect(asked).toBeGreaterThan(0);
});
