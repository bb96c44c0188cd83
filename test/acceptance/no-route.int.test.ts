import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Report } from '@chimera/shared/domain';
import { afterAll, describe, expect, it } from 'vitest';
import { cutOff, cutOffAbsent, endAllCutOff } from '../support/cut-off.ts';
import { layFiles, SMALL } from '../support/dataset.ts';
import { ROOT } from '../support/seed.ts';
import { until } from '../support/wait.ts';

const CHIMERA = `'${join(ROOT, 'packages/cli/bin/chimera')}'`;
const NODE = `'${process.execPath}'`;
const GUARD_MS = 120_000;
/** What somebody says who has tried to reach another host. */
const TRIED = /ENETUNREACH|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|getaddrinfo/;

const absent = cutOffAbsent();

describe.skipIf(absent)(`without a route out${absent ? ` (left out: ${absent})` : ''}`, () => {
  const work = mkdtempSync(join(tmpdir(), 'chimera-no-route-'));
  afterAll(() => {
    endAllCutOff();
    rmSync(work, { recursive: true, force: true, maxRetries: 5 });
  });
  function folder(name: string): string {
    const made = join(work, name);
    mkdirSync(made);
    return made;
  }
  const env = {
    ...{ CHIMERA_OLLAMA_URLS: 'http://127.0.0.1:11434#slots=2', CHIMERA_MODEL: 'gemma3:latest', CHIMERA_SETTLE_SECONDS: '0.5' },
    ...{ CHIMERA_NATS_URL: '', CHIMERA_HTTP_PORT: '', CHIMERA_HTTP_TOKEN: '', OTEL_EXPORTER_OTLP_ENDPOINT: '' },
  };
  const replay = `${CHIMERA} replay-ollama --port 11434 & replay=$!
until ${NODE} -e "fetch('http://127.0.0.1:11434/api/version').catch(() => process.exit(1))"; do sleep 0.1; done`;

  it(
    'would notice an attempt to reach an address, or to look up a name',
    async () => {
      const attempt = async (name: string, script: string) => {
        const run = cutOff(`${NODE} -e "${script}"`, folder(name), {});
        expect(await run.ended, run.said()).toBe(0);
        return run.attempts();
      };
      const dial = (host: string) => `require('net').connect(80, '${host}').on('error', () => 0)`;
      expect(await attempt('loopback', dial('127.0.0.1'))).toEqual({ ipv4: 0, ipv6: 0 });
      expect((await attempt('address', dial('192.0.2.1'))).ipv4).toBeGreaterThan(0);
      expect((await attempt('address-6', dial('2001:db8::1'))).ipv6).toBeGreaterThan(0);
      const looked = await attempt('name', "require('dns').lookup('chimera.invalid', () => 0)");
      expect(looked.ipv4 + looked.ipv6).toBeGreaterThan(0);
    },
    GUARD_MS,
  );

  it(
    'hands analyze its report, written by a model on this host, and tries to reach nobody else',
    async () => {
      const at = folder('analyze');
      const artifacts = layFiles(SMALL, folder('artifacts'));
      const run = cutOff(`${replay}\n${CHIMERA} analyze '${artifacts}' --out '${at}/report'\nkill $replay`, at, {
        ...env,
        CHIMERA_LOG_LEVEL: 'info',
      });
      expect(await run.ended, run.said()).toBe(0);
      const report = Report.parse(JSON.parse(readFileSync(join(at, 'report', 'report.json'), 'utf8')));
      expect(report.record.agents.insight?.narrator).toMatchObject({ kind: 'model', model: 'gemma3:latest' });
      expect(run.attempts()).toEqual({ ipv4: 0, ipv6: 0 });
      expect(run.said()).not.toMatch(TRIED);
    },
    GUARD_MS,
  );

  it(
    'runs the whole system: a drop has its report, the page shows it, and nothing is tried elsewhere',
    async () => {
      const at = folder('up');
      const [home, bucket] = [join(at, 'home'), join(at, 'bucket')];
      // `up` ends by the same Ctrl-C as this script, which waits for it.
      const run = cutOff(
        `${replay}
${CHIMERA} up --bucket '${bucket}' --home '${home}' & up=$!
until [ -e '${at}/asked' ]; do sleep 0.1; done
${NODE} -e "for (const path of [8601, 8602, 8603, 8604].flatMap((port) => [port + '/readyz', port + '/metrics']).concat('8604/'))
  fetch('http://127.0.0.1:' + path).then(async (answer) => console.log('GOT', path, answer.status, (await answer.text()).includes('<strong>current</strong>')))"
kill -INT $up
wait $up
kill $replay`,
        at,
        env,
      );
      await until('the buckets of the system', () => existsSync(bucket), GUARD_MS);
      layFiles(SMALL, bucket);
      const reports = join(home, 'reports', 'bucket');
      const printed = () =>
        existsSync(reports) ? readdirSync(reports).find((name) => existsSync(join(reports, name, 'report.json'))) : undefined;
      const folderOfRun = await until('the report', () => printed() ?? null, GUARD_MS).catch((error: Error) => {
        throw new Error(`${error.message} The system said:\n${run.said()}`);
      });
      layFiles({ asked: '' }, at);
      expect(await run.ended, run.said()).toBe(0);
      const report = Report.parse(JSON.parse(readFileSync(join(reports, folderOfRun, 'report.json'), 'utf8')));
      expect(report).toMatchObject({ status: 'current', artifacts: { total: Object.keys(SMALL).length } });
      expect(report.record.agents.collector?.narrator).toMatchObject({ kind: 'model' });
      expect(run.said().match(/^GOT .* 200 /gm)).toHaveLength(9);
      expect(run.said()).toContain('GOT 8604/ 200 true');

      expect(run.attempts()).toEqual({ ipv4: 0, ipv6: 0 });
      const logs = readdirSync(join(home, 'logs')).map((name) => readFileSync(join(home, 'logs', name), 'utf8'));
      expect(logs).toHaveLength(4);
      for (const text of [run.said(), ...logs]) expect(text).not.toMatch(TRIED);
    },
    2 * GUARD_MS,
  );
});
