import type { Behaviour, BehaviourScript } from '@chimera/ollama';
import { expect } from 'vitest';
import { isOfInsight, type ModelReport, type modelReports, SECTIONS } from './model-report.ts';
import { factsIn, faultsOf } from './page-judge.ts';

/** Each agent asks servers for itself, so that one report shows two faults: what the collector meets, and what insight meets. */
const met =
  (collector: Behaviour, insight: Behaviour): BehaviourScript =>
  (request) =>
    isOfInsight(request) ? insight : collector;

/** A busy server that asks for one second of rest. */
const BUSY: Behaviour = { kind: 'error', status: 503, body: { error: 'server busy' }, headers: { 'retry-after': '1' } };

/** Faults after which another server is asked, and how a call that met one ends. */
export const FAULTS = [
  ['not-found', 'model_not_found'],
  ['out-of-memory', 'out_of_memory'],
  ['busy', 'busy'],
  ['error-mid-stream', 'stream_error'],
  ['hang', 'first_token_timeout'],
  ['stall', 'idle_timeout'],
] as const;
const AT_ONCE: NodeJS.ProcessEnv = { CHIMERA_OLLAMA_PATIENCE: '0.2' };
/** What a model says again and again. */
export const REPEATED = 'The evidence points at {{F1}}, and that is all there is to it.';
const repeating = `{"sentences":[${`"${REPEATED}",`.repeat(2_000)}`;

/** Reports whose models fail, by name; each is made once, when a test first asks for it. */
export function faultyReports({ reportWith }: Pick<ReturnType<typeof modelReports>, 'reportWith'>) {
  const made = {
    absent: () => reportWith([{ behaviour: met({ kind: 'not-found' }, { kind: 'out-of-memory' }) }], { env: AT_ONCE }),
    busy: () => reportWith([{ behaviour: met({ kind: 'busy' }, { kind: 'error-mid-stream' }) }], { env: AT_ONCE }),
    silent: () =>
      reportWith([{ behaviour: met({ kind: 'hang' }, { kind: 'endless' }), config: { rates: { tokensPerSecond: 20 } } }], {
        env: { ...AT_ONCE, CHIMERA_OLLAMA_FIRST_TOKEN_TIMEOUT: '1', CHIMERA_OLLAMA_TOTAL_TIMEOUT: '2' },
      }),
    stalled: () =>
      reportWith([{ behaviour: met({ kind: 'stall' }, { kind: 'empty' }) }], {
        env: { ...AT_ONCE, CHIMERA_OLLAMA_IDLE_TIMEOUT: '0.5' },
      }),
    halves: () => reportWith([{ behaviour: met({ kind: 'no-done' }, { kind: 'half-json' }) }], { env: AT_ONCE }),
    loops: () =>
      reportWith(
        [{ behaviour: met({ kind: 'endless' }, { kind: 'text', text: repeating }), config: { rates: { tokensPerSecond: 20_000 } } }],
        { env: AT_ONCE },
      ),
    passing: () => {
      const calls = { collector: 0, insight: 0 };
      const behaviour: BehaviourScript = (request) => {
        const agent = isOfInsight(request) ? 'insight' : 'collector';
        if (calls[agent]++ > 0) return { kind: 'well-behaved' };
        return agent === 'insight' ? { kind: 'error-mid-stream' } : BUSY;
      };
      return reportWith([{ behaviour }]);
    },
    others: () =>
      reportWith(['http://127.0.0.1:9', ...FAULTS.map(([kind]) => ({ behaviour: { kind } })), { behaviour: { kind: 'well-behaved' } }], {
        env: { CHIMERA_OLLAMA_FIRST_TOKEN_TIMEOUT: '3', CHIMERA_OLLAMA_IDLE_TIMEOUT: '3' },
      }),
  } satisfies Record<string, () => Promise<ModelReport>>;
  const reports = new Map<keyof typeof made, Promise<ModelReport>>();
  return (name: keyof typeof made): Promise<ModelReport> => {
    const report = reports.get(name) ?? made[name]();
    reports.set(name, report);
    return report;
  };
}
export type FaultyReport = Parameters<ReturnType<typeof faultyReports>>[0];

/** What every report must be, whatever its model did. */
export function expectHonest({ report, agents, markdown, html, urls }: ModelReport): void {
  const { account } = report.record;
  expect(account.sections.map(({ narrator }) => narrator)).not.toContain('nobody');
  expect(account.sections).toHaveLength(SECTIONS.flat().length);
  for (const { title } of account.sections) {
    // A heading, and words under it before the next one.
    expect(markdown).toMatch(new RegExp(`^##+ ${title === 'Gaps' ? 'Gaps.*' : title}\n\n(?!#)\\S`, 'm'));
  }
  const { printed, fromFacts, fromRecord, withoutSource } = account.numbers;
  expect([printed - fromFacts - fromRecord, withoutSource]).toEqual([0, 0]);
  expect(faultsOf(html)).toEqual([]);
  for (const { fact } of factsIn(html)) expect(report.facts).toHaveProperty(fact);
  for (const { narrator, account: of, calls } of agents) {
    expect(of.kept + of.repaired + of.withheld.length).toBe(of.written);
    // One that was cut off may begin as one that stands.
    for (const { text } of of.withheld.filter(({ text }) => /[.!?]$/.test(text))) expect(markdown).not.toContain(text);
    // Whoever speaks, the servers that were asked are named, and that they are no models.
    for (const { server } of calls) expect(urls).toContain(server);
    if (narrator.kind === 'model') expect(narrator.reason).toContain('replay server');
  }
  expect(markdown).toContain('replay server, not a model');
}
