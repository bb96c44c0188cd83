import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Report } from '@chimera/shared/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chimera } from '../support/chimera.ts';
import { layFiles, SMALL } from '../support/dataset.ts';
import { type Nats, natsServers, startNats } from '../support/nats.ts';
import { ROOT } from '../support/seed.ts';
import { until } from '../support/wait.ts';

const [newest] = await natsServers();

/** Each service as on a host of its own: nothing shared but NATS. */
describe.skipIf(newest === undefined)('chimera work, one service a host', () => {
  const work = mkdtempSync(join(tmpdir(), 'chimera-hosts-'));
  const bucket = join(work, 'bucket');
  const children: ChildProcess[] = [];
  let nats: Nats;

  const host = (service: string): ChildProcess => {
    const child = spawn(
      join(ROOT, 'packages/cli/bin/chimera'),
      ['work', service, '--nats', nats.url, '--model', 'none', ...(service === 'ingest' ? ['--bucket', bucket] : [])],
      {
        env: {
          ...process.env,
          CHIMERA_HOME: join(work, service),
          CHIMERA_BLOBS: 'nats',
          CHIMERA_HTTP_PORT: '0',
          CHIMERA_SETTLE_SECONDS: '0.5',
        },
        stdio: 'ignore',
      },
    );
    children.push(child);
    return child;
  };
  const reports = () => {
    const root = join(work, 'reporter', 'reports', 'bucket');
    if (!existsSync(root)) return [];
    return readdirSync(root).flatMap((run) =>
      existsSync(join(root, run, 'report.json')) ? [Report.parse(JSON.parse(readFileSync(join(root, run, 'report.json'), 'utf8')))] : [],
    );
  };

  beforeAll(async () => {
    if (newest === undefined) throw new Error('There is no nats-server.');
    nats = await startNats(newest);
    mkdirSync(bucket);
    for (const service of ['ingest', 'collector', 'insight', 'reporter']) host(service);
  });
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await nats.close();
    rmSync(work, { recursive: true, force: true });
  });

  it('hazard 7: prints a report where the reporter is, and a second insight takes its share of the work', async () => {
    host('insight');
    layFiles(SMALL, bucket);
    await until('the report', () => reports().length === 1, 90_000);
    layFiles({ 'more.csv': 'n_ms\n1\n' }, bucket);
    await until('the second report', () => reports().length === 2 && reports().filter((r) => r.status === 'current').length === 1, 90_000);
    expect(reports().find((r) => r.status === 'current')?.artifacts.total).toBe(Object.keys(SMALL).length + 1);
  }, 240_000);

  it('hazard 20: stops in order on SIGTERM', async () => {
    const codes = await Promise.all(
      children.map((child) => {
        const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
        child.kill('SIGTERM');
        return ended;
      }),
    );
    expect(codes).toEqual(children.map(() => 0));
  }, 240_000);
});

describe('chimera doctor', () => {
  it('says what is there, what is not, and what to do about it', async () => {
    const { code, stdout } = await chimera(['doctor', '--json'], {
      env: { CHIMERA_NATS_URL: 'nats://127.0.0.1:9', OLLAMA_HOST: 'http://127.0.0.1:9' },
    });
    const findings = JSON.parse(stdout) as { check: string; state: string; says: string; next: string | null }[];
    expect(code).toBe(0);
    expect(findings.find((f) => f.check === 'nats-server to start')).toMatchObject({ state: 'ok' });
    expect(findings.find((f) => f.check === 'NATS at nats://127.0.0.1:9')).toMatchObject({ state: 'note' });
    expect(findings.find((f) => f.check === 'Ollama at http://127.0.0.1:9')?.next).toContain('OLLAMA_HOST');
    expect(findings.find((f) => f.check.startsWith('model '))?.next).toContain('ollama pull');
  });

  it('lists all faults of the configuration at once and ends with 2', async () => {
    const { code, stderr } = await chimera(['doctor'], { env: { CHIMERA_HTTP_PORT: 'x', CHIMERA_LOG_LEVEL: 'loud' } });
    expect(code).toBe(2);
    expect(stderr).toContain('CHIMERA_HTTP_PORT="x"');
    expect(stderr).toContain('CHIMERA_LOG_LEVEL="loud"');
  });
});
