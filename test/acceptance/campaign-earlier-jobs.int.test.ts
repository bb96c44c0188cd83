import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ReplayServer, startReplayServer } from '@chimera/ollama';
import { Evidence } from '@chimera/shared/domain';
import { afterAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { runCampaign, runReports } from '../support/campaign.ts';
import { chimera } from '../support/chimera.ts';
import { laySeed, ROOT, seedAbsent } from '../support/seed.ts';

const work = mkdtempSync(join(tmpdir(), 'chimera-earlier-jobs-'));
const servers: ReplayServer[] = [];
afterAll(async () => {
  await Promise.all(servers.map((server) => server.close()));
  rmSync(work, { recursive: true, force: true });
});

/** An example of the project, over another dataset and server. */
function example(name: string, changes: object): string {
  const content = parse(readFileSync(join(ROOT, 'examples/campaigns', name), 'utf8'));
  const path = join(work, name);
  writeFileSync(path, stringify({ ...content, ...changes }));
  return path;
}

/** What was recorded of gemma3 on one card: with one caller, and with two at once. */
const RECORDED = { tokensPerSecond: [98, 41], loadMs: 500, promptMs: 800 };

describe.skipIf(seedAbsent !== null)(
  `the earlier system's five jobs${seedAbsent === null ? '' : ` (left out: ${seedAbsent})`}`,
  { timeout: 300_000 },
  () => {
    it('print five reports of the right agents and configurations, without a wrong number', async () => {
      const dataset = laySeed(work);
      const server = await startReplayServer({ rates: RECORDED, parallel: 2, speed: 20 });
      servers.push(server);
      const { lines, out } = await runCampaign(example('earlier-jobs.yaml', { dataset, servers: [server.url] }), join(work, 'out'));
      const reports = [...runReports(out).values()];
      expect(reports).toHaveLength(5);
      const told = (text: RegExp) => reports.filter(({ page }) => text.test(JSON.stringify(page)));
      const types = reports.map(({ agentType, record }) => {
        const [agent] = Object.values(record.profile.agents);
        const { num_gpu, num_ctx, temperature } = agent?.options ?? {};
        return `${agentType} ${num_gpu}/${num_ctx}/${temperature}`;
      });
      expect(types.sort()).toEqual([
        'collector (DataCollector-9000) 60/1024/0.8',
        'collector (DataCollector-9000) 80/1024/1',
        'insight (InsightAgent) 60/512/0.8',
        expect.stringMatching(/^single agent \(.*\) 120\/1024\/0\.8$/),
        expect.stringMatching(/^single agent \(.*\) 60\/256\/0\.8$/),
      ]);
      // No prompt fits 256 tokens: the report says so, and the run is in no statistic.
      expect(told(/num_ctx 256 was asked for/)).toHaveLength(1);
      const unfit = lines.find(({ labels }) => labels.num_ctx === '256');
      expect(unfit).toMatchObject({ outcome: 'excluded', reason: expect.stringContaining('num_ctx 256') });
      // Whatever a report prints of the dataset is a fact of it; what the facts are, the template's report over the same files says.
      const plain = await chimera(['analyze', dataset, '--model', 'none', '--out', join(work, 'plain')]);
      expect(plain.code).toBe(0);
      const evidence = Evidence.parse(JSON.parse(readFileSync(join(work, 'plain/evidence.json'), 'utf8')));
      const known = new Map(evidence.facts.map((fact) => [fact.id, fact]));
      for (const report of reports) {
        expect(report.artifacts.total).toBe(101);
        expect(report.record.account.numbers.withoutSource).toBe(0);
        const facts = Object.values(report.facts);
        expect(facts.length).toBeGreaterThan(100);
        for (const fact of facts.filter(({ kind }) => kind !== 'modification' && kind !== 'change'))
          expect(fact).toEqual(known.get(fact.id));
        // From the manifest beside the artifacts, not from the program.
        const told = (kind: string) => facts.find(({ metric, labels }) => metric === 'artifact_count' && labels.kind === kind)?.value;
        expect([told('csv'), told('json'), told('markdown')]).toEqual([28, 44, 29]);
        const page = JSON.stringify(report.page);
        for (const date of ['2025-11-14 18:53:30', '2025-10-08 17:20:51', '2025-11-14 18:54:07']) expect(page).toContain(date);
      }
    });

    it('run as the examples that they are: each file is read, and says what it would do', async () => {
      for (const name of ['earlier-jobs', 'baseline-against-tuned', 'two-alike', 'two-different', 'sweep']) {
        const copy = join(work, `${name}.yaml`);
        cpSync(join(ROOT, 'examples/campaigns', `${name}.yaml`), copy);
        const outcome = await chimera([
          'campaign',
          join(ROOT, 'examples/campaigns', `${name}.yaml`),
          '--dry-run',
          '--out',
          join(work, `dry-${name}`),
        ]);
        expect(outcome).toMatchObject({ code: 0 });
        expect(outcome.stdout + outcome.stderr).toMatch(/\d+ runs/);
      }
    });
  },
);
