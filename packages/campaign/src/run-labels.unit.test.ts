import { describe, expect, it } from 'vitest';
import { parseCampaign } from './campaign-file.ts';
import { planOf } from './plan.ts';
import { labelsOf } from './run-labels.ts';
import { analysisOf, callOf, foundOf, outcomeOf, SERVER } from './testing.ts';

const TEXT = `
name: a
dataset: b
model: tiny:1b
repeats: 1
arrangements: serial
profiles:
  - { name: alike, agents: { collector: { num_gpu: 60 }, insight: { num_gpu: 60 } } }
  - { name: apart, agents: { collector: { num_gpu: 60, model: big:7b }, insight: { num_gpu: 120, temperature: 0 } } }
  - { name: one, agents: { insight: {} } }
`;
const file = parseCampaign(TEXT, 'a.yaml');

function labels(name: string, outcome = outcomeOf()) {
  const run = planOf(file).find(({ cell }) => cell.name === name);
  if (run === undefined) throw new Error(`no ${name}`);
  return labelsOf(file, run, outcome);
}

describe('labelsOf', () => {
  it('tells what was asked for and what was found', () => {
    expect(labels('alike')).toEqual({
      campaign_profile: 'alike',
      arrangement: 'serial',
      start: 'warm',
      agents: 'collector, insight',
      engine: 'ollama',
      engine_version: '0.33.0',
      model: 'tiny:1b',
      quantization: 'Q4_K_M',
      num_gpu: '60',
      temperature: 'default',
      context_in_force: '4096',
      layers_on_gpu: '35',
      server: SERVER,
    });
  });

  it('names both agents where they differ', () => {
    const analyses = {
      collector: analysisOf('collector', [callOf(0)], {
        found: [foundOf({ layersOnGpu: null, server: 'http://a:1' }), foundOf({ server: 'http://b:1' })],
      }),
      insight: analysisOf('insight', [callOf(0)], { found: [foundOf({ replay: true, layersOnGpu: 20 })] }),
    };
    expect(labels('apart', outcomeOf({ analyses }))).toMatchObject({
      model: 'collector big:7b, insight tiny:1b',
      num_gpu: 'collector 60, insight 120',
      temperature: 'collector default, insight 0',
      engine: 'collector ollama, insight replay server',
      layers_on_gpu: 'collector 35 and not told, insight 20',
      server: `collector http://a:1 and http://b:1, insight ${SERVER}`,
    });
  });

  it('is the same in whatever order servers answered', () => {
    const [a, b] = [foundOf({ server: 'http://a:1' }), foundOf({ server: 'http://b:1', context: 2_048 })];
    const of = (found: ReturnType<typeof foundOf>[]) =>
      labels('one', outcomeOf({ analyses: { insight: analysisOf('insight', [], { found }) } }));
    expect(of([a, b])).toEqual(of([b, a]));
    expect(of([b, a])).toMatchObject({ server: 'http://a:1 and http://b:1', context_in_force: '2048 and 4096' });
  });

  it('tells duties apart where a profile keeps to its own', () => {
    const text = `${TEXT}  - { name: own, agents: { insight: {} }, duties: own }\n`;
    const [one, own] = planOf(parseCampaign(text, 'a.yaml'))
      .filter(({ cell }) => cell.arrangement === 'alone')
      .sort((x, y) => (x.cell.name < y.cell.name ? -1 : 1))
      .map((run) => labelsOf(parseCampaign(text, 'a.yaml'), run, outcomeOf()));
    expect([one?.duties, own?.duties]).toEqual(['all', 'own']);
    expect(labels('one')).not.toHaveProperty('duties');
  });

  it('has the same names for every profile, also where nothing was found', () => {
    const all = [labels('alike'), labels('apart'), labels('one'), labels('one', outcomeOf({ analyses: {} }))];
    for (const one of all) expect(Object.keys(one)).toEqual(Object.keys(all[0] ?? {}));
    expect(all[2]).toMatchObject({ agents: 'insight', num_gpu: 'default', arrangement: 'alone' });
    expect(all[3]).toMatchObject({ engine: 'not told', context_in_force: 'not told', server: 'not told', model: 'tiny:1b' });
  });
});
