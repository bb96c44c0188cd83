import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chimera } from '../support/chimera.ts';
import { layFiles, SMALL } from '../support/dataset.ts';
import { type Fleet, SERVICE_NAMES, withFleet } from '../support/fleet.ts';
import { startLockedNats } from '../support/locked-nats.ts';
import { natsServers } from '../support/nats.ts';
import { until } from '../support/wait.ts';

const [newest] = await natsServers();
const GUARD_MS = 60_000;

/** Each secret in its own words, so that what leaks can be told. */
const SECRETS: Readonly<Record<string, string>> = {
  CHIMERA_HTTP_TOKEN: 'hush-http-4711',
  CHIMERA_METRICS_TOKEN: 'hush-metrics-4712',
  CHIMERA_NATS_TOKEN: 'hush-nats-4713',
  AWS_ACCESS_KEY_ID: 'HUSHACCESSKEY4714',
  AWS_SECRET_ACCESS_KEY: 'hush/aws+4715',
  AWS_SESSION_TOKEN: 'hush-session-4716',
  OTEL_EXPORTER_OTLP_HEADERS: 'authorization=hush-otel-4717',
};

/** What must stand nowhere: the secrets, what of them could be told apart, and the seeds of credentials. */
function leaks(text: string, seeds: readonly string[] = []): string[] {
  const hushed = [...Object.values(SECRETS), 'hush-otel-4717', ...seeds];
  return hushed.filter(
    (secret) => text.includes(secret) || text.includes(encodeURIComponent(secret)) || text.includes(Buffer.from(secret).toString('base64')),
  );
}

describe.skipIf(newest === undefined)('secrets', () => {
  it.each(Object.entries(SECRETS))('%s would be found', (_, secret) => {
    for (const said of [secret, Buffer.from(secret).toString('base64'), encodeURIComponent(secret)])
      expect(leaks(`x ${said} x`)).toContain(secret);
  });

  it('from files work, and stand in no log, however much is logged', async () => {
    if (newest === undefined) throw new Error('There is no nats-server.');
    const nats = await startLockedNats(newest);
    const files = Object.fromEntries(
      Object.entries(SECRETS).map(([name, secret]) => {
        const path = join(nats.access, `${name}.secret`);
        writeFileSync(path, `${secret}\n`, { mode: 0o600 });
        return [`${name}_FILE`, path];
      }),
    );
    const env = { ...files, CHIMERA_LOG_LEVEL: 'trace', CHIMERA_NATS_CREDS: `${nats.access}/creds` };
    await withFleet({ binary: newest, nats, env }, async (fleet) => {
      await fleet.started();
      layFiles(SMALL, fleet.bucket);
      await until('the report', () => said(fleet, 'reporter-1').includes('report written'), GUARD_MS);
      for (const service of SERVICE_NAMES) {
        const url = fleet.log(`${service}-1`).find(({ msg }) => msg === 'started')?.url;
        const ask = (path: string, token?: string) =>
          fetch(`${url}${path}`, token ? { headers: { authorization: `Bearer ${token}` } } : {});
        expect([(await ask('/metrics')).status, (await ask('/metrics', 'wrong')).status], service).toEqual([401, 401]);
        expect((await ask('/metrics', SECRETS.CHIMERA_METRICS_TOKEN)).status, service).toBe(200);
        if (service !== 'reporter') continue;
        expect([(await ask('/')).status, (await ask('/', SECRETS.CHIMERA_HTTP_TOKEN)).status]).toEqual([401, 200]);
      }
      await nats.stop();
      await until('the word that NATS is away', () => said(fleet, 'ingest-1').includes('the connection to NATS is lost'), GUARD_MS);
      for (const service of SERVICE_NAMES) {
        await fleet.retire(`${service}-1`, 'SIGTERM');
        const seed = /SU[A-Z2-7]{40,}/.exec(readFileSync(nats.creds(service), 'utf8'))?.[0] ?? '';
        const log = said(fleet, `${service}-1`);
        expect(log).toContain('"msg":"configuration"');
        expect(log).toContain('"CHIMERA_HTTP_TOKEN":"(not shown)"');
        expect(leaks(log, [seed]), service).toEqual([]);
      }
    });
  }, 180_000);

  it('stand in no word about what is wrong', async () => {
    const env = { ...SECRETS, CHIMERA_NATS_URL: 'nats://me:hush-nats-4713@127.0.0.1:9' };
    for (const [args, wrong] of [
      [['work', 'reporter'], { CHIMERA_HTTP_PORT: '70000', AWS_REGION: '!' }],
      [['work', 'ingest'], { CHIMERA_BUCKET: 's3://!' }],
      [['doctor'], { CHIMERA_LOG_LEVEL: 'loud' }],
      [['doctor'], {}],
      [['dead', 'list'], {}],
    ] as const) {
      const { code, stdout, stderr } = await chimera(args, { env: { ...env, ...wrong } });
      expect(code, args.join(' ')).not.toBeNull();
      expect((stdout + stderr).length).toBeGreaterThan(20);
      expect(leaks(stdout + stderr), args.join(' ')).toEqual([]);
    }
  }, 90_000);

  it('given twice are refused, with the names alone', async () => {
    const { code, stderr } = await chimera(['work', 'collector'], { env: { ...SECRETS, CHIMERA_HTTP_TOKEN_FILE: '/nowhere' } });
    expect(code).toBe(2);
    expect(stderr).toContain('CHIMERA_HTTP_TOKEN_FILE="/nowhere": CHIMERA_HTTP_TOKEN is set too; give one of them');
    expect(leaks(stderr)).toEqual([]);
  }, 60_000);
});

/** All that a process has logged, as text. */
function said(fleet: Fleet, name: string): string {
  return readFileSync(join(fleet.folder, 'logs', `${name}.log`), 'utf8');
}
