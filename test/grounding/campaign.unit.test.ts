import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { judgeSentence, truthOf } from '@chimera/grounding';
import { type Analysis, CAMPAIGN_RUN_SCHEMA, type CampaignRun, type Fact, indexFacts, type Section } from '@chimera/shared/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ground, lastGate } from '../../services/reporter/src/last-gate.ts';
import { readArtifacts } from './sample-facts.ts';

const HASH = 'a'.repeat(64);
const folder = mkdtempSync(join(tmpdir(), 'chimera-campaign-words-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Six runs of a cell around a wall clock. */
function runs(arrangement: CampaignRun['arrangement'], wall: number): string[] {
  return Array.from({ length: 6 }, (_, i) => {
    const labels = {
      campaign_profile: 'plain',
      arrangement,
      start: 'warm',
      agents: 'collector, insight',
      model: 'tiny:1b',
      server: 'http://a:1',
    };
    const run: CampaignRun = {
      ...{ schema: CAMPAIGN_RUN_SCHEMA, campaign: 'c', ordinal: i + 1, repeat: i + 1, attempt: 1, run: HASH, inventory: HASH },
      ...{ profile: 'plain', arrangement, start: 'warm', agents: ['collector', 'insight'], servers: ['http://a:1'] },
      ...{ startedAt: '2026-01-01T00:00:00.000Z', outcome: 'measured', reason: null, warnings: [], labels },
      measured: { wall_clock: { value: wall + i / 100, unit: 's' } },
    };
    return JSON.stringify({ ...run, ordinal: arrangement === 'serial' ? i + 1 : i + (arrangement === 'parallel' ? 7 : 13) });
  });
}

/** By the names that a model would refer to them with. */
let facts: Map<string, Fact>;
let ground: Ground;
beforeAll(async () => {
  // Two at once are slower than one after the other; over two servers they are faster.
  writeFileSync(join(folder, 'runs.jsonl'), `${[...runs('serial', 20), ...runs('parallel', 24), ...runs('spread', 12)].join('\n')}\n`);
  const { evidence, observations } = await readArtifacts(folder);
  const truth = truthOf(evidence, observations);
  ground = { facts: indexFacts([...evidence.facts, ...observations.facts]), artifacts: evidence.artifacts, truth: () => truth };
  const speedUp = (arrangement: string) =>
    evidence.facts.find((fact) => fact.metric === 'speed_up' && fact.statistic === `${arrangement} against serial`);
  const [parallel, spread] = [speedUp('parallel'), speedUp('spread')];
  if (!parallel || !spread) throw new Error('There are no speed-ups.');
  facts = new Map([
    ['F1', parallel],
    ['F2', spread],
  ]);
});

/** Whether a sentence of a model is printed: it passes the agent's gate, and then the reporter's. */
function passes(sentence: string): boolean {
  if (!judgeSentence(sentence, facts, []).passes) return false;
  const text = sentence.replace(/\{\{(\w+)/g, (_, name: string) => `{{${facts.get(name)?.id}`);
  const own = { text, mitigation: null, kind: 'observation', by: 'model' } as const;
  const section: Section = { id: 's', title: 'Findings', layout: 'bullets', sentences: [own], reason: null, leftOut: [], template: [] };
  const at = '2026-01-01T00:00:00.000Z';
  const analysis: Analysis = {
    ...{ schema: 'chimera.analysis/v1', run: HASH, inventory: HASH, agent: 'insight', title: 'InsightAgent', persona: 'You are.' },
    profile: { model: 'm', options: {} },
    narrator: { kind: 'model', model: 'm', digest: null, server: null, serverVersion: null, reason: null },
    sections: [section],
    account: { written: 1, kept: 1, repaired: 0, withheld: [] },
    ...{ calls: [], found: [], warnings: [], startedAt: at, finishedAt: at },
  };
  return lastGate(analysis, ground).sections.some(({ sentences }) => sentences.some(({ by }) => by === 'model'));
}

describe('a sentence about a campaign', () => {
  it('rests on facts of which one is a slow-down and one a speed-up', () => {
    expect(Number(facts.get('F1')?.value)).toBeLessThan(1);
    expect(Number(facts.get('F2')?.value)).toBeGreaterThan(1);
  });

  it.each([
    'The parallel arrangement has a speed-up of {{F1}} over serial.',
    'The parallel arrangement is slower than serial, with a speed-up of {{F1}}.',
    'The spread arrangement is faster than serial, with a speed-up of {{F2}}.',
  ])('that is true passes: %s', (sentence) => expect(passes(sentence)).toBe(true));

  it.each([
    'The parallel arrangement is faster than serial, with a speed-up of {{F1}}.',
    'The spread arrangement is slower than serial, with a speed-up of {{F2}}.',
    'The parallel arrangement has a speed-up of {{F2}} over serial.',
    'The parallel arrangement speeds up the report by {{F1}} over serial.',
  ])('that is a lie does not: %s', (sentence) => expect(passes(sentence)).toBe(false));
});
