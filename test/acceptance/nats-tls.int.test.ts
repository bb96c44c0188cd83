import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectBus } from '@chimera/shared/bus';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DialOptions, dial } from '../../packages/shared/src/bus/dial.ts';
import { Authority, type Certificate, hasOpenssl } from '../support/certificates.ts';
import { chimera } from '../support/chimera.ts';
import { type LockedNats, startLockedNats } from '../support/locked-nats.ts';
import { describeOnEachNats, PATIENT_MS } from '../support/nats.ts';

const can = hasOpenssl();
// They mostly wait.
const SIDE_BY_SIDE = { concurrent: true };

describe.skipIf(!can)(`NATS over TLS${can ? '' : ' (needs openssl 3 on the PATH, which makes the certificates)'}`, () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'chimera-tls-')));
  let [ours, others]: Authority[] = [];
  let server: Certificate;
  let client: Certificate;

  beforeAll(() => {
    ours = new Authority(folder, 'ours');
    others = new Authority(folder, 'others');
    server = ours.sign('server', 'IP:127.0.0.1');
    client = ours.sign('client', 'DNS:worker');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** What a connection fails with, or `connected`, and whether it is encrypted. */
  async function outcome(options: Omit<DialOptions, 'name' | 'connectTimeoutMs'>): Promise<string> {
    try {
      const connection = await dial({ name: 'test', connectTimeoutMs: 0, ...options });
      const secured = connection.info?.tls_required === true;
      await connection.close();
      return secured ? 'connected over TLS' : 'connected';
    } catch (error) {
      return (error as Error).message;
    }
  }

  describeOnEachNats(
    'a server',
    (binary) => {
      let plain: LockedNats;
      let secure: LockedNats;
      let strict: LockedNats;
      let expired: LockedNats;
      const start = (tls: { cert: string; key: string; ca: string | null; verifyClients: boolean } | null) =>
        startLockedNats(binary, { server: { tls } });
      beforeAll(async () => {
        const old = ours?.sign('old', 'IP:127.0.0.1', -1) ?? server;
        const ca = ours?.cert ?? null;
        [plain, secure, strict, expired] = await Promise.all([
          start(null),
          start({ ...server, ca: null, verifyClients: false }),
          start({ ...server, ca, verifyClients: true }),
          start({ ...old, ca: null, verifyClients: false }),
        ]);
      });
      afterAll(async () => {
        for (const one of [plain, secure, strict, expired]) await one?.close();
      });
      const to = (nats: LockedNats, tls: DialOptions['tls'] = {}, url = nats.url) => outcome({ url, credsFile: nats.creds('admin'), tls });

      it('is reached with its authority, also where the address does not say tls', async () => {
        const ca = ours?.cert;
        expect(secure.url).toMatch(/^tls:/);
        expect(await to(secure, { ca })).toBe('connected over TLS');
        expect(await to(secure, { ca }, secure.url.replace('tls:', 'nats:'))).toBe('connected over TLS');
        expect(await to(plain)).toBe('connected');
      });

      it('is not believed without its authority, nor with another one', async () => {
        expect(await to(secure)).toMatch(
          /^The certificate of the nats-server at tls:\/\/\S+ is of no authority that is known here \(\w+\)\. Name the certificate of the authority that signed the server's with CHIMERA_NATS_TLS_CA\.$/,
        );
        expect(await to(secure, {}, secure.url.replace('tls:', 'nats:'))).toMatch(/^The certificate of .* is of no authority/);
        expect(await to(secure, { ca: others?.cert })).toMatch(
          / is of no authority that is known here .*\. CHIMERA_NATS_TLS_CA names \S+others\/ca\.pem: /,
        );
      });

      it('is not believed past its end, or under another name', async () => {
        const ca = ours?.cert;
        expect(await to(expired, { ca })).toMatch(
          /^The certificate of the nats-server at \S+ is past its end .* Renew it and let the server load it \(SIGHUP\)/,
        );
        expect(await to(secure, { ca }, secure.url.replace('127.0.0.1', 'localhost'))).toMatch(
          /^The certificate of the nats-server at \S+ is for another name /,
        );
      });

      it('that wants to know its clients is shown a certificate', async () => {
        const ca = ours?.cert;
        const foreign = others?.sign('foreign', 'DNS:worker');
        // The client waits ten seconds for each of these answers: for both at once.
        const [none, another] = await Promise.all([to(strict, { ca }), to(strict, { ca, ...foreign })]);
        expect(none).toMatch(
          /^The nats-server at \S+ does not take the certificate of this client .*It asks for one: name it with CHIMERA_NATS_TLS_CERT/,
        );
        expect(another).toMatch(/ does not take the certificate of this client .* in place of \S+foreign\.pem\.$/);
        expect(await to(strict, { ca, ...client })).toBe('connected over TLS');
      }, 60_000);

      it('without TLS is not spoken to where TLS is asked for', async () => {
        expect(await to(plain, {}, plain.url.replace('nats:', 'tls:'))).toMatch(
          /^The nats-server at \S+ speaks no TLS, and it is asked for\. /,
        );
        expect(await to(plain, { ca: ours?.cert })).toMatch(/ speaks no TLS, and it is asked for\. /);
      });

      it('is not asked at all where a file is missing or none', async () => {
        const [none, junk] = [join(folder, 'none.pem'), join(folder, 'junk.pem')];
        writeFileSync(junk, 'no certificate\n');
        expect(await to(secure, { ca: none })).toBe(
          `The file ${none}, which CHIMERA_NATS_TLS_CA names, cannot be read (ENOENT). Name one that can.`,
        );
        expect(await to(secure, { ca: ours?.cert, cert: client.cert })).toBe(
          'CHIMERA_NATS_TLS_CERT and CHIMERA_NATS_TLS_KEY go together: give both, or none.',
        );
        expect(await to(secure, { ca: junk })).toMatch(/no authority that is known here|TLS with the nats-server at \S+ fails/);
        expect(await to(secure, { ca: ours?.cert, cert: client.cert, key: server.key })).toMatch(
          /^TLS with the nats-server at \S+ fails .* PEM files that belong together\.$/,
        );
      });

      it('carries the system over TLS, and doctor says so', async () => {
        const bus = await connectBus({
          url: secure.url,
          credsFile: secure.creds('ingest'),
          tls: { ca: ours?.cert },
          name: 'test',
          connectTimeoutMs: PATIENT_MS,
        });
        expect(bus.ready()).toBe(true);
        await bus.close();
        const doctor = async (ca: string) => {
          const env = {
            CHIMERA_NATS_URL: secure.url,
            CHIMERA_NATS_CREDS: secure.creds('admin'),
            CHIMERA_NATS_TLS_CA: ca,
            CHIMERA_MODEL: 'none',
          };
          const { stdout } = await chimera(['doctor', '--json'], { env });
          return (JSON.parse(stdout) as { check: string }[]).find(({ check }) => check.startsWith('NATS at'));
        };
        expect(await doctor(ours?.cert ?? '')).toMatchObject({
          state: 'ok',
          says: `version ${binary.version} over TLS; streams are there`,
        });
        expect(await doctor(others?.cert ?? '')).toMatchObject({
          state: 'fault',
          says: expect.stringContaining('of no authority that is known here'),
        });
      });
    },
    SIDE_BY_SIDE,
  );
});
