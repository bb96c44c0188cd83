import { judgeSentence, truthOf } from '@chimera/grounding';
import { type Analysis, type Fact, indexFacts, type Section } from '@chimera/shared/domain';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Ground, lastGate } from '../../services/reporter/src/last-gate.ts';
import { namedFacts, readArtifacts } from './sample-facts.ts';
import { GOOD, WRONG } from './sentences.ts';

let named: Map<string, Fact>;
let ground: Ground;

beforeAll(async () => {
  const { evidence, observations } = await readArtifacts();
  const facts = indexFacts([...evidence.facts, ...observations.facts]);
  const truth = truthOf(evidence, observations);
  named = namedFacts(facts.facts);
  ground = { facts, artifacts: evidence.artifacts, truth: () => truth };
});

const isKept = (sentence: string) => judgeSentence(sentence, named, []).passes;

/** Which of some sentences stand after the last gate, each as a section of its own. */
function standing(sentences: readonly string[]): string[] {
  const withIds = (text: string) => text.replace(/\{\{(\w+)/g, (_, name: string) => `{{${named.get(name)?.id}`);
  const sections = sentences.map((text, i): Section => {
    const own = { text: withIds(text), mitigation: null, kind: 'observation', by: 'model' } as const;
    return { id: `s${i}`, title: 'Findings', layout: 'bullets', sentences: [own], reason: null, leftOut: [], template: [] };
  });
  const passed = lastGate(analysisOf(sections), ground).sections;
  return sentences.filter((_, i) => passed[i]?.sentences.some(({ by }) => by === 'model'));
}

function analysisOf(sections: Section[]): Analysis {
  const hash = 'a'.repeat(64);
  const at = '2025-01-01T00:00:00.000Z';
  return {
    ...{ schema: 'chimera.analysis/v1', run: hash, inventory: hash, agent: 'insight', title: 'InsightAgent', persona: 'You are.' },
    profile: { model: 'm', options: {} },
    narrator: { kind: 'model', model: 'm', digest: null, server: null, serverVersion: null, reason: null },
    sections,
    account: { written: sections.length, kept: sections.length, repaired: 0, withheld: [] },
    found: [],
    warnings: [],
    calls: [],
    ...{ startedAt: at, finishedAt: at },
  };
}

describe('sentences over the samples, as a careful model writes them', () => {
  it('are at least sixty, each of its own words', () => {
    expect(new Set(GOOD).size).toBe(GOOD.length);
    expect(GOOD.length).toBeGreaterThanOrEqual(60);
  });

  it('pass the gate of the agents, nearly all', () => {
    const stopped = GOOD.filter((sentence) => !isKept(sentence));
    expect(stopped.length / GOOD.length, stopped.join('\n')).toBeLessThanOrEqual(0.05);
  });

  it('pass the last gate, which knows all facts, nearly all', () => {
    const kept = standing(GOOD);
    const stopped = GOOD.filter((sentence) => !kept.includes(sentence));
    expect(stopped.length / GOOD.length, stopped.join('\n')).toBeLessThanOrEqual(0.05);
  });
});

describe('sentences over the samples that say of a fact what it is not', () => {
  it('are at least sixty, each of its own words', () => {
    expect(new Set(WRONG).size).toBe(WRONG.length);
    expect(WRONG.length).toBeGreaterThanOrEqual(60);
  });

  it('hazard 52: are stopped by the gate of the agents, nearly all, though each of their numbers is a reference', () => {
    const passed = WRONG.filter(isKept);
    expect(passed.length / WRONG.length, passed.join('\n')).toBeLessThanOrEqual(0.05);
  });

  it('hazard 52: are stopped by the last gate, nearly all', () => {
    const passed = standing(WRONG);
    expect(passed.length / WRONG.length, passed.join('\n')).toBeLessThanOrEqual(0.05);
  });
});
