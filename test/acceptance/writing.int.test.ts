import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collector } from '@chimera/collector';
import { insight } from '@chimera/insight';
import { type Behaviour, type Rates, startReplayServer } from '@chimera/ollama';
import { connectBus } from '@chimera/shared/bus';
import { ANSWER_TOKENS, Report } from '@chimera/shared/domain';
import { CURRENT_BUCKET, Current } from '@chimera/shared/store';
import { afterAll, describe, expect, it } from 'vitest';
import { chimera } from '../support/chimera.ts';
import { layFiles, SMALL } from '../support/dataset.ts';
import { natsServers, PATIENT_MS, startNats } from '../support/nats.ts';
import { startSystem } from '../support/system.ts';
import { signal, until } from '../support/wait.ts';

const [newest] = await natsServers();
const work = mkdtempSync(join(tmpdir(), 'chimera-writing-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

const reportIn = (folder: string) => Report.parse(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')));

describe.skipIf(newest === undefined)('files that change while models write', () => {
  it('hazard 7: make what is written void: one report comes, of what is there now', async () => {
    if (newest === undefined) throw new Error('There is no nats-server.');
    const folder = join(work, 'change');
    const gate = signal();
    // The first two answers stop behind their first tokens, until they are let go on.
    const begun = () => replay.calls.length > 1 && replay.calls.slice(0, 2).every(({ firstTokenAt }) => firstTokenAt !== null);
    const held: Behaviour = { kind: 'slow', rates: { tokensPerSecond: 20 } };
    const replay = await startReplayServer({
      behaviour: (_, index) => (index < 2 ? held : { kind: 'well-behaved' }),
      timers: {
        now: () => performance.now(),
        wait: async (ms) => {
          if (ms > 0) await (begun() ? gate.promise : new Promise((resolve) => setTimeout(resolve, ms)));
          await new Promise(setImmediate);
        },
      },
    });
    const nats = await startNats(newest);
    const system = await startSystem(nats.url, folder, { CHIMERA_MODEL: 'gemma3:latest', CHIMERA_OLLAMA_URLS: `${replay.url}#slots=2` });
    const bus = await connectBus({ url: nats.url, name: 'test', connectTimeoutMs: PATIENT_MS });
    try {
      layFiles(SMALL, system.bucket);
      await replay.call(1);
      await until('the first tokens', begun);
      layFiles({ 'more.csv': 'n_ms\n1\n' }, system.bucket);
      const current = await bus.documents(CURRENT_BUCKET, Current);
      await until('the newer inventory', async () => (await current.get('bucket'))?.inventory.generation === 2);
      expect(replay.calls.map(({ end }) => end)).toEqual([null, null]);
      gate.resolve();
      const [notice] = await system.reports.count(1);
      expect(reportIn(notice?.folder ?? '')).toMatchObject({
        status: 'current',
        revision: 1,
        artifacts: { total: Object.keys(SMALL).length + 1 },
      });
      // What had produced something was written to its end, for nothing; no other run was, and nothing else printed.
      await until('the end of all work', async () => (await bus.manager.streams.info('chimera_work')).state.messages === 0);
      const all = [...collector.sections, ...insight.sections];
      const asked = replay.calls.filter(({ request }) => !request.messages.some(({ content }) => content.includes('\n```sentences\n')));
      expect(asked.length).toBeGreaterThan(all.length);
      expect(asked.length).toBeLessThanOrEqual(2 * all.length);
      expect(new Set(await Promise.all(replay.calls.map(({ ended }) => ended)))).toEqual(new Set(['answered']));
      expect(readdirSync(join(system.home, 'reports', 'bucket'))).toHaveLength(1);
      expect(new Set(system.reports.all.map(({ run }) => run)).size).toBe(1);
    } finally {
      gate.resolve();
      await bus.close();
      await system.stop();
      await nats.close();
      await replay.close();
    }
  }, 60_000);
});

describe('an answer', () => {
  async function reportWith(name: string, behaviour: Behaviour, env: NodeJS.ProcessEnv, rates: Rates = {}) {
    const data = layFiles(SMALL, join(work, name, 'data'));
    const replay = await startReplayServer({ behaviour, rates });
    try {
      const outcome = await chimera(['analyze', data, '--out', join(work, name, 'out'), '--ollama', replay.url], { env });
      expect(outcome).toMatchObject({ code: 0 });
    } finally {
      await replay.close();
    }
    return { report: reportIn(join(work, name, 'out')), calls: replay.calls };
  }

  it('hazard 13: that never ends is broken off in time, and the template writes', async () => {
    const { report, calls } = await reportWith(
      'endless',
      { kind: 'endless' },
      { CHIMERA_OLLAMA_TOTAL_TIMEOUT: '0.5' },
      { tokensPerSecond: 50 },
    );
    for (const agent of Object.values(report.record.agents)) {
      expect(agent?.narrator).toMatchObject({ kind: 'template', reason: expect.stringMatching(/0\.5 s/) });
      expect(agent?.calls).toMatchObject([{ outcome: 'total_timeout' }]);
    }
    expect(await Promise.all(calls.map(({ ended }) => ended))).toEqual(['aborted', 'aborted']);
  });

  it('hazard 13, 45: that never ends is cut off by a limit of tokens where none was set', async () => {
    const { report, calls } = await reportWith('limited', { kind: 'endless' }, {}, { tokensPerSecond: 50_000 });
    const limits = calls.map(({ request }) => Number(request.options.num_predict));
    for (const limit of limits) expect(limit).toBeLessThanOrEqual(ANSWER_TOKENS);
    for (const agent of Object.values(report.record.agents)) {
      expect(agent?.narrator).toMatchObject({ kind: 'template', reason: expect.stringContaining('length') });
      expect(agent?.calls.length).toBeGreaterThan(0);
      for (const { outcome, outputTokens } of agent?.calls ?? []) {
        expect(outcome).toBe('unusable_answer');
        expect(limits).toContain(outputTokens);
      }
    }
  });

  it.each(['NaN', '-Infinity'])(
    'hazard 13: that holds %s is none, and the template writes',
    async (nonsense) => {
      const text = `{"coverage": [{"text": "The median stands.", "facts": ["F1"], "value": ${nonsense}}]}`;
      const { report } = await reportWith(`holds ${nonsense}`, { kind: 'text', text }, {});
      for (const agent of Object.values(report.record.agents)) {
        expect(agent?.narrator).toMatchObject({ kind: 'template', reason: expect.stringContaining('not a whole JSON document') });
      }
      expect(JSON.stringify(report.page)).not.toMatch(/\b(NaN|Infinity)\b/);
    },
    30_000,
  );
});
