import { type BehaviourScript, startReplayServer } from '@chimera/ollama';
import {
  type AgentProfile,
  Analysis,
  EVIDENCE_SCHEMA,
  type Evidence,
  OBSERVATIONS_SCHEMA,
  type Observations,
} from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import type { AgentDefinition, SectionDuty } from './definition.ts';
import { type NarrateInput, narrate, narrateByTemplate } from './narrate.ts';
import { AGENT, factOf, PATIENT, poolOf, RISKS, SUMMARY } from './testing.ts';

const HASH = 'a'.repeat(64);
const third: SectionDuty = { ...SUMMARY, id: 'third', title: 'Third' };
const definition: AgentDefinition = {
  ...AGENT,
  sections: [SUMMARY, RISKS, third],
  template: (view) => ({ ...AGENT.template(view), third: [{ text: 'Third one.' }, { text: 'Third two.' }] }),
};
const facts = Array.from({ length: 12 }, (_, i) => factOf(i + 1));

function inputOf(profile: AgentProfile, agent = definition): NarrateInput {
  const evidence: Evidence = { schema: EVIDENCE_SCHEMA, dataset: 'd', inventory: HASH, title: null, artifacts: [], facts, groups: [] };
  const at = { bucket: '/data', takenAt: '2025-01-01T00:00:00.000Z', modified: [] };
  const observations: Observations = { schema: OBSERVATIONS_SCHEMA, dataset: 'd', inventory: HASH, ...at, facts: [] };
  const run = { id: HASH, dataset: 'd', inventory: HASH, profile: { name: 'p', agents: { insight: profile } }, ordinal: null };
  return { definition: agent, run, profile, evidence, observations };
}

async function analysis(behaviour: BehaviourScript, options: AgentProfile['options'] = {}, agent = definition) {
  const server = await startReplayServer({ behaviour, models: ['tiny:1b'] });
  try {
    const made = await narrated(server.url, options, agent);
    return { ...made, requests: server.calls.length };
  } finally {
    await server.close();
  }
}

async function narrated(url: string, options: AgentProfile['options'], agent = definition) {
  const kept: unknown[] = [];
  const pool = poolOf([url]);
  await pool.look();
  const made = await narrate(inputOf({ model: 'tiny:1b', options }, agent), {
    ...{ pool, lane: null, patienceMs: 0, now: Date.now, elapsed: () => performance.now(), generations: null, gpus: null },
    timeouts: PATIENT,
    keepTranscript: async (transcript) => {
      kept.push(transcript);
      return HASH;
    },
    signal: new AbortController().signal,
  }).finally(() => pool.close());
  return { ...Analysis.parse(made), kept };
}
const busy = { kind: 'error', status: 503, body: { error: 'server busy' } } as const;

describe('narrate', () => {
  it('makes an analysis of sections that a model wrote one by one, with a transcript for each call', async () => {
    const { narrator, sections, account, calls, kept, requests } = await analysis({ kind: 'well-behaved' });
    expect(narrator).toMatchObject({ kind: 'model', model: 'tiny:1b' });
    expect(sections.map(({ id, reason, leftOut }) => [id, reason, leftOut])).toEqual(
      [SUMMARY, RISKS, third].map(({ id }) => [id, null, []]),
    );
    expect(calls.filter(({ repair }) => !repair).map(({ section }) => section)).toEqual(['summary', 'risks', 'third']);
    expect([kept.length, requests]).toEqual([calls.length, calls.length]);
    expect(account.kept + account.repaired + account.withheld.length).toBe(account.written);
    for (const { sentences } of sections) expect(sentences.some(({ by }) => by === 'model')).toBe(true);
  });

  it('has the next section written while it judges this one, and what is to be mended behind that', async () => {
    const faulty = { kind: 'text', text: JSON.stringify({ sentences: ['It is 5.', 'It is told.'] }) } as const;
    const { calls, sections } = await analysis((_, index) => (index === 0 ? faulty : { kind: 'well-behaved' }));
    expect(calls.slice(0, 3).map(({ section, repair }) => [section, repair])).toEqual([
      ['summary', false],
      ['risks', false],
      ['summary', true],
    ]);
    expect(sections.map(({ id }) => id)).toEqual(['summary', 'risks', 'third']);
  });

  it('writes by template from the first section on whose call says that the server or the model is gone', async () => {
    const { narrator, sections, requests } = await analysis((_, index) => (index === 0 ? { kind: 'well-behaved' } : busy));
    expect(narrator.kind).toBe('model');
    expect(sections.map(({ reason }) => reason === null)).toEqual([true, false, false]);
    expect(sections[2]?.reason).toMatch(/busy/);
    expect(requests).toBe(2);
  });

  it('asks again at once where one call broke off, and prints nothing of what had come', async () => {
    const { sections, calls, narrator } = await analysis((_, index) =>
      index === 1 ? { kind: 'error-mid-stream' } : { kind: 'well-behaved' },
    );
    expect(narrator.kind).toBe('model');
    expect(sections.map(({ reason }) => reason)).toEqual([null, null, null]);
    expect(calls.slice(0, 3).map(({ section, outcome }) => [section, outcome])).toEqual([
      ['summary', 'stop'],
      ['risks', 'stream_error'],
      ['risks', 'stop'],
    ]);
  });

  it('writes one section by template where nothing of its answers can be read', async () => {
    const { sections, narrator } = await analysis(({ messages }) =>
      messages.some(({ content }) => content.includes('"Risks"')) ? { kind: 'text', text: 'So be it.' } : { kind: 'well-behaved' },
    );
    expect(narrator.kind).toBe('model');
    expect(sections.map(({ reason }) => reason === null)).toEqual([true, false, true]);
  });

  it('asks no more after two sections in a row of which nothing could be read', async () => {
    const { sections, requests, narrator, account } = await analysis({ kind: 'error-mid-stream' });
    expect(narrator).toMatchObject({ kind: 'template', model: null, reason: sections[0]?.reason });
    expect(requests).toBe(2);
    expect(account).toEqual({ written: 0, kept: 0, repaired: 0, withheld: [] });
    expect(sections.every(({ reason }) => reason !== null)).toBe(true);
  });

  it('says of one section alone that its prompt does not fit, and asks for the others', async () => {
    const wide: SectionDuty = { ...third, words: 500 };
    const { sections, calls, narrator } = await analysis(
      { kind: 'well-behaved' },
      { num_ctx: 1_100 },
      { ...definition, sections: [wide, SUMMARY] },
    );
    expect(narrator.kind).toBe('model');
    expect(sections[0]).toMatchObject({ id: 'third', reason: expect.stringContaining('num_ctx 1100 was asked for') });
    expect(sections[0]?.leftOut).toHaveLength(12);
    expect(new Set(calls.map(({ section }) => section))).toEqual(new Set(['summary']));
  });

  it('names the facts that a context did not hold', async () => {
    const { sections } = await analysis({ kind: 'well-behaved' }, { num_ctx: 900 });
    expect(sections[0]?.reason).toBeNull();
    expect(sections[0]?.leftOut.length).toBeGreaterThan(0);
    expect(sections[0]?.leftOut).toEqual(facts.slice(-(sections[0]?.leftOut.length ?? 0)).map(({ id }) => id));
  });

  it('looks for no server where nothing fits: whether there is one makes no difference', async () => {
    const { sections, calls, narrator } = await narrated('http://127.0.0.1:9', { num_ctx: 256 });
    expect(calls).toEqual([]);
    expect(narrator).toMatchObject({ kind: 'template', reason: sections[0]?.reason });
    expect(sections.map(({ reason }) => /num_ctx 256 was asked for/.test(reason ?? ''))).toEqual([true, true, true]);
    expect((await narrated('http://127.0.0.1:9', {})).sections.map(({ reason }) => reason)).toEqual(
      Array(3).fill(expect.stringContaining('no Ollama server answers')),
    );
  });

  it('gives no section a reason where no model was asked for', () => {
    const { sections, narrator } = narrateByTemplate(inputOf({ model: null, options: {} }), 'no model was asked for', 0, 1);
    expect(sections.map(({ reason }) => reason)).toEqual([null, null, null]);
    expect(narrator.reason).toBe('no model was asked for');
  });

  it('gives each section the reason where an analysis was given up', () => {
    const { sections } = narrateByTemplate(inputOf({ model: 'tiny:1b', options: {} }), 'it was given up', 0, 1);
    expect(sections.map(({ reason }) => reason)).toEqual(Array(3).fill('it was given up'));
  });
});
