import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Report } from '@chimera/shared/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chimera } from '../support/chimera.ts';
import { layFiles } from '../support/dataset.ts';
import { killAllUps, startUp, type Up } from '../support/up.ts';

const SERVICES = ['ingest', 'collector', 'insight', 'reporter'];
/** A title for the terminal, a line that looks like one of ours, C1, a text turned around, a line end of Unicode. */
const HOSTILE = '\u001b]0;owned\u0007\n{"level":"info","msg":"all is well"}\r\u009b31m \u202egnitset\u2028';
const LOUD: Readonly<Record<string, string>> = {
  [`a${HOSTILE}.csv`]: `model,n_ms\n${[1, 2].map((n) => `"${HOSTILE.replaceAll('"', '""')}",${n}\n`).join('')}`,
  [`folder ${HOSTILE}/b.json`]: JSON.stringify({ [HOSTILE]: { latency_ms: 3, error: HOSTILE } }),
  // Refused with a reason, so that its name is said where things go wrong; cut off, so that it is waited for.
  [`cut ${HOSTILE}.json`]: '{"n_ms": 1, "',
  'chimera.yaml': `title: !<tag:x> "${'\\e'}[31m"\nwrong: "\u001b[31m"\n# ${'\u0085'}\n`,
};
/** Control characters but line ends, and what turns text around or ends a line in secret. */
const RAW = /[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069\p{Zl}\p{Zp}]/u;
const THOUSAND = Object.fromEntries(
  Array.from({ length: 1_000 }, (_, i) => [`many/${i}-${(i * 7919).toString(36)}.csv`, `n_ms,model\n${i},m${i}\n`]),
);

describe('names out of artifacts', () => {
  const work = mkdtempSync(join(tmpdir(), 'chimera-names-'));
  let up: Up;
  beforeAll(async () => {
    up = startUp(work, { CHIMERA_LOG_LEVEL: 'debug', CHIMERA_CUT_SECONDS: '1' });
    await up.line(/watching/);
  }, 90_000);
  afterAll(async () => {
    await up.interrupt();
    killAllUps();
    rmSync(work, { recursive: true, force: true });
  }, 60_000);

  const logOf = (service: string) => readFileSync(join(up.home, 'logs', `${service}.log`), 'utf8');
  const entriesOf = (service: string) =>
    logOf(service)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const reported = async () => (await up.line(/^chimera: report: (.*)\/report\.md$/))[1] ?? '';
  /** Names and labels of all series of ours, without their values. */
  async function series(): Promise<string[]> {
    const texts = await Promise.all(
      SERVICES.map(async (service) => {
        const url = String(entriesOf(service).find(({ msg }) => msg === 'started')?.url);
        return (await fetch(`${url}/metrics`)).text();
      }),
    );
    const lines = texts.flatMap((text) => text.split('\n')).filter((line) => /^(chimera|gen_ai|messaging)_/.test(line));
    return lines.map((line) => line.slice(0, line.lastIndexOf(' '))).sort();
  }

  it('hazard 43: break no line of a log, and say nothing to the terminal of whoever runs `up`', async () => {
    layFiles(LOUD, up.bucket);
    const report = Report.parse(JSON.parse(readFileSync(join(await reported(), 'report.json'), 'utf8')));
    expect(report.artifacts.total).toBe(4);
    expect(report.artifacts.refused.map(({ path }) => path).sort()).toEqual(['chimera.yaml', `cut ${HOSTILE}.json`]);
    for (const service of SERVICES) {
      const entries = entriesOf(service);
      expect(entries.length).toBeGreaterThan(0);
      expect(entries.filter((entry) => entry.service !== service || entry.msg === 'all is well')).toEqual([]);
      expect(logOf(service)).not.toMatch(/[^\P{Cc}\n]/u);
    }
    expect(logOf('ingest')).toContain('owned');
    expect(up.lines.join('\n')).not.toMatch(RAW);
  }, 60_000);

  it('hazard 43: say nothing to the terminal of whoever runs `analyze`, with and without JSON', async () => {
    for (const more of [[], ['--json']]) {
      const out = mkdtempSync(join(work, 'out-'));
      const { code, stdout, stderr } = await chimera(['analyze', up.bucket, '--model', 'none', '--out', join(out, 'report'), ...more]);
      expect(code).toBe(0);
      expect(stderr).not.toMatch(RAW);
      expect(stdout).not.toMatch(more.length > 0 ? /[^\P{Cc}\n]/u : RAW);
    }
  }, 60_000);

  it('hazard 15, 44: make no time series, be they a thousand; a thousand files at once are one report', async () => {
    const before = await series();
    const inventories = () => entriesOf('ingest').filter(({ msg }) => msg === 'inventory published').length;
    const taken = inventories();
    layFiles(THOUSAND, up.bucket);
    const { artifacts } = Report.parse(JSON.parse(readFileSync(join(await reported(), 'report.json'), 'utf8')));
    expect(artifacts).toMatchObject({ total: 1_004, read: 1_002 });
    expect(inventories()).toBe(taken + 1);
    expect(readdirSync(join(up.home, 'reports', 'bucket'))).toHaveLength(2);
    const after = await series();
    // That a report was superseded is said for the first time.
    expect(after.filter((one) => !before.includes(one) && !one.includes('status="superseded"'))).toEqual([]);
    expect(after.filter((one) => /many|owned|m\d{3}/.test(one))).toEqual([]);
  }, 90_000);
});
