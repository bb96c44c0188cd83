import { truthOf } from '@chimera/grounding';
import {
  Analysis,
  type Call,
  type Fact,
  indexFacts,
  type ModelFound,
  type ModelOptions,
  type Section,
  type Sentence,
} from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { warningsOf } from '../../../packages/agent/src/settings-found.ts';
import { callOf, column, reportInput } from '../../../test/support/report-input.ts';
import { type Ground, lastGate } from './last-gate.ts';
import { ownWords } from './own-words.ts';

const input = reportInput({
  files: {
    'runs/a.csv': [
      ...column('output_token_throughput', 'tok/s', { model: 'tiny', quantization: 'q4_0' }, [100, 101, 102, 103, 104, 105]),
      ...column('output_token_throughput', 'tok/s', { model: 'tiny', quantization: 'q8_0' }, [50, 51, 52, 53, 54, 55]),
      ...column('time_to_first_token', 's', { model: 'tiny', quantization: 'q4_0' }, [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]),
      ...column('time_to_first_token', 's', { model: 'tiny', quantization: 'q8_0' }, [0.01, 0.02, 0.03, 0.04, 0.05, 0.06]),
      ...column('duration', 's', { model: 'tiny', quantization: 'q8_0', note: 'tps: 7390' }, [1, 2, 3, 4, 5, 6]),
    ],
  },
  model: 'tiny:1b',
  analyses: () => ({ insight: {} }),
});
const facts = indexFacts([...input.evidence.facts, ...input.observations.facts]);
const others = input.evidence.artifacts.flatMap((artifact) => [
  { ...artifact, path: 'runs/b.csv' },
  { ...artifact, path: 'runs/c.json', kind: 'json' as const },
]);
let built = 0;
const ground: Ground = {
  facts,
  artifacts: input.evidence.artifacts,
  truth: () => {
    built++;
    return truthOf({ ...input.evidence, artifacts: [...input.evidence.artifacts, ...others] }, input.observations);
  },
};
const idOf = (wanted: (fact: Fact) => boolean) => {
  const found = facts.facts.find(wanted);
  if (found === undefined) throw new Error('There is no such fact.');
  return `{{${found.id}}}`;
};
const median = (metric: string, quantization: string) =>
  idOf((f) => f.kind === 'group' && f.metric === metric && f.statistic === 'median' && f.labels.quantization === quantization);
const FAST = median('output_token_throughput', 'q4_0');
const WAIT = median('time_to_first_token', 'q4_0');
const FILES = idOf((f) => f.metric === 'artifact_count' && Object.keys(f.labels).length === 0);

const say = (text: string, by: Sentence['by'] = 'model', mitigation: string | null = null): Sentence => ({
  ...{ text, mitigation, by },
  kind: mitigation === null ? 'observation' : 'risk',
});
const TEMPLATE = ['Template one.', `Template next: ${FILES} file.`, 'Template last.'].map((text) => say(text, 'template'));

function section(sentences: Sentence[], more: Partial<Section> = {}): Section {
  return { id: 's', title: 'Findings', layout: 'bullets', sentences, reason: null, leftOut: [], template: TEMPLATE, ...more };
}
function gate(sections: Section[], account: Partial<Analysis['account']> = {}) {
  const standing = sections.flatMap(({ sentences }) => sentences).filter(({ by }) => by === 'model').length;
  const { insight } = input.analyses;
  if (insight === undefined) throw new Error('There is no analysis.');
  const analysis: Analysis = {
    ...insight,
    sections,
    account: { written: standing, kept: standing, repaired: 0, withheld: [], ...account },
  };
  const gated = Analysis.parse(lastGate(analysis, ground));
  return { ...gated, said: gated.sections.map(({ sentences }) => sentences.map(({ text }) => text)), before: analysis };
}

describe('lastGate', () => {
  it('lets an analysis be that holds', () => {
    const good = `Throughput of q4_0 is ${FAST}, and its median **time to first token** ${WAIT}.`;
    const { before, said, ...gated } = gate([section([say(good), say('Template one.', 'template')])]);
    expect(gated).toEqual(before);
    expect(said).toEqual([[good, 'Template one.']]);
  });

  it.each([
    ['a numeral', 'It is 7391 tok/s.', 'holds the numeral "7391"'],
    ['a number word', 'It is twelve times that.', 'number word'],
    ['a reference to nothing', 'It is {{f00000000000000ff}}.', 'no fact'],
    ['a name of a prompt', 'It is {{F1}}.', 'no fact'],
    ['a value of the run record', 'It took {{run:seconds.total}}.', 'no fact'],
    ['a form that cannot be printed', `It is ${FAST.replace('}}', '|GB}}')}.`, 'cannot be printed'],
    ['markup', '<script>alert()</script>', 'markup'],
    ['a link', 'See [it](http://attacker.invalid).', 'markup'],
    ['another script', 'Это быстрее.', 'another script'],
    ['words about another metric', `The time to first token of q4_0 is ${FAST}.`, 'output_token_throughput'],
    ['words about another model', `Throughput of q8_0 is ${FAST}.`, 'another configuration'],
    ['words about another kind', `There are ${FILES} JSON files.`, 'speaks of json'],
    ['a comparison the other way round', 'The throughput of q8_0 is higher than that of q4_0.', 'otherwise'],
    ['a number in a quotation, though it be true', 'The note is `tps: 7390`.', 'no reference to a fact'],
    ['a median as a bound', `Throughput of q4_0 never exceeds ${FAST}.`, 'as a bound'],
    ['a winner that nothing in it shows', `The fastest is q4_0, at a throughput of ${FAST}.`, 'fastest'],
    ['a unit behind a count', `There are ${FILES} ms of it.`, 'its own unit'],
    ['a majority that is none', 'Most of the files are JSON files.', 'contradicted'],
  ])('puts the template’s next sentence where one has %s, and counts it as withheld', (_, lie, fault) => {
    const { said, account, sections, narrator } = gate([section([say('It is so.'), say(lie), say('It is told.')])]);
    expect(said).toEqual([['It is so.', 'Template one.', 'It is told.']]);
    expect(account).toEqual({
      ...{ written: 3, kept: 2, repaired: 0 },
      withheld: [{ section: 's', text: lie, reason: expect.stringMatching(/^stopped by the last gate: /) }],
    });
    expect(account.withheld[0]?.reason).toContain(fault);
    expect(sections[0]?.reason).toBeNull();
    expect(narrator.kind).toBe('model');
  });

  it('stops a risk for its mitigation', () => {
    const rows = [say('Risk one.', 'template', 'Mend one.'), say('Risk next.', 'template', 'Mend next.')];
    const { sections, account } = gate([
      section([say('It may wait.', 'model', 'Wait 5 s.'), say('It may fail.', 'model', 'Look.')], { layout: 'risks', template: rows }),
    ]);
    expect(sections[0]?.sentences).toEqual([rows[0], say('It may fail.', 'model', 'Look.')]);
    expect(account.withheld).toMatchObject([{ text: 'It may wait. / Wait 5 s.' }]);
  });

  it('prints no sentence of the template twice, and none in the place of one for which it has no other', () => {
    expect(gate([section([say('Template one.', 'template'), say('It is 5.'), say('It is so.')])]).said).toEqual([
      ['Template one.', TEMPLATE[1]?.text, 'It is so.'],
    ]);
    expect(gate([section([say('It is 5.'), say('It is so.')], { template: [] })]).said).toEqual([['It is so.']]);
  });

  it('prints a section of which nothing stands in the template’s words, with the reason, and says that no model spoke', () => {
    const { sections, narrator, account } = gate([section([say('It is 5.'), say('It is 6.')])]);
    expect(sections[0]).toMatchObject({ sentences: TEMPLATE, template: [], reason: expect.stringContaining('last gate') });
    expect(narrator).toMatchObject({ kind: 'template', model: null, reason: 'every sentence that tiny:1b wrote was withheld' });
    expect(account).toMatchObject({ written: 2, kept: 0, repaired: 0 });
  });

  it('prints a section again in the template’s words where its page is contradicted though none of its sentences is', () => {
    // Faster by its throughput, and slower in what the heading says that it is about.
    const claim = 'Quantization q4_0 is better than q8_0.';
    const { sections, account, said } = gate([
      section([say(claim)]),
      section([say(claim), say('It is so.')], { title: 'Time to first token' }),
    ]);
    expect(said[0]).toEqual([claim]);
    expect(sections[1]).toMatchObject({ sentences: TEMPLATE, reason: expect.stringContaining('last gate') });
    expect(account).toMatchObject({ written: 3, kept: 1, withheld: [{ text: claim }, { text: 'It is so.' }] });
    for (const { reason } of account.withheld) expect(reason).toMatch(/^stopped by the last gate: the page of its section says "better"/);
  });

  it('counts what is printed, whatever an analysis says of itself', () => {
    const { account } = gate([section([say('It is so.'), say('It is 5.')])], { written: 1_000, kept: 900, repaired: 100 });
    expect(account).toMatchObject({ written: 2, kept: 0, repaired: 1 });
    expect(account.kept + account.repaired + account.withheld.length).toBe(account.written);
  });

  it('takes no word for the template’s because it says so: no number of its own, no markup, no reference to nothing', () => {
    const lies = [
      ...['It is 7391 tok/s.', 'It is `7391 tok/s`.', '<b>', 'It is {{f00000000000000ff}}.', 'It is ½.'],
      ...[
        'q8_0 is ten times that.',
        'It is halved.',
        'It rose by per cent.',
        'It is %.',
        '`q8_0` is faster than `q4_0`.',
        'q8_0 beats all.',
      ],
    ];
    for (const lie of lies) {
      const { said, account, sections } = gate([
        section([say(lie, 'template'), say('It is so.')], { template: [say(lie, 'template'), say('Fine.', 'template')] }),
      ]);
      expect(said).toEqual([['Fine.', 'It is so.']]);
      expect(account.withheld).toMatchObject([{ text: lie }]);
      expect(JSON.stringify(sections)).not.toContain(JSON.stringify(lie).slice(1, -1));
    }
    expect(gate([section([], { title: 'All 7391 are fast' })]).sections[0]?.title).toBe('Section');
  });

  it('prints no reason, note or name of an agent in which results are told', () => {
    const { insight } = input.analyses;
    const call = insight?.calls[0];
    if (insight === undefined) throw new Error('There is no analysis.');
    const printed = (reason: string, title = 'InsightAgent') => {
      const narrator = { ...insight.narrator, kind: 'template' as const, reason };
      const calls = call === undefined ? [] : [{ ...call, note: reason }];
      const sections = [section(TEMPLATE, { reason, template: [] })];
      return lastGate({ ...insight, title, narrator, calls, sections, warnings: [reason] }, ground);
    };
    for (const lie of ['q8_0 is faster than q4_0.', 'It reaches 7391 tok/s.', 'It is ten times that.', 'It rose by 12 %.']) {
      expect(JSON.stringify(printed(lie))).not.toContain(lie);
      expect(printed(lie).sections[0]?.reason).toMatch(/left out/);
    }
    for (const reason of [
      'tiny:1b at http://127.0.0.1:11434 gave no answer within 60 seconds.',
      'It needs 5000 tokens, and has 4096.',
      'It failed twice.',
    ])
      expect(printed(reason)).toMatchObject({ narrator: { reason }, sections: [{ reason }], warnings: [reason] });
    expect(printed('', 'DataCollector-9000').title).toBe('DataCollector-9000');
    expect(printed('', 'q8_0 is faster').title).toBe('insight');
  });

  it('lets pass whatever an agent warns of in its settings', () => {
    const { insight } = input.analyses;
    if (insight === undefined) throw new Error('There is no analysis.');
    const half: ModelFound = {
      ...{ server: 'http://gpu-1:11434', model: 'tiny', digest: null, serverVersion: null, replay: false, quantization: 'q4_0' },
      ...{ parameterSize: null, context: 2_048, trainedContext: 4_096, layers: 35, layersOnGpu: 18, size: 2e9, sizeVram: 1e9 },
      slots: { count: 1, by: 'assumed', rates: [] },
    };
    const settings: ModelOptions[] = [
      { num_ctx: 1_024, num_gpu: 99, temperature: 0, seed: 1 },
      { num_ctx: 99_999, num_gpu: -1, top_k: 1, top_p: 0.5 },
      { num_gpu: 0 },
      {},
    ];
    const found = [half, { ...half, layersOnGpu: 0, sizeVram: 0 }, { ...half, layers: null, layersOnGpu: null }];
    const agents = { collector: { model: 'tiny', options: { num_ctx: 1 } }, insight: { model: 'tiny', options: { num_ctx: 2 } } };
    const warnings = settings.flatMap((options) => warningsOf({ model: 'tiny', options }, found, { name: 'p', agents }));
    expect(new Set(warnings).size).toBeGreaterThan(10);
    expect(lastGate({ ...insight, sections: [], warnings }, ground).warnings).toEqual(warnings);
  });

  it('prints no name of a server, a model or a node that tells a story', () => {
    const { insight } = input.analyses;
    if (insight === undefined) throw new Error('There is no analysis.');
    const LIE = 'q8_0 reaches 7391 tok/s';
    const gpu: Call['gpu'] = {
      ...{
        node: LIE,
        source: 'dcgm',
        gpus: 1,
        samples: 1,
        seconds: 1,
        utilization: 1,
        memoryBytes: null,
        powerWatts: null,
        energyJoules: null,
      },
    };
    const model: ModelFound = {
      ...{ server: LIE, model: 'm', digest: LIE, serverVersion: LIE, replay: false, quantization: LIE, parameterSize: LIE, context: 4_096 },
      ...{
        trainedContext: null,
        layers: null,
        layersOnGpu: null,
        size: null,
        sizeVram: null,
        slots: { count: 1, by: 'assumed', rates: [] },
      },
    };
    const calls = [callOf({ server: LIE, outcome: LIE, section: LIE, gpu })];
    const gated = lastGate({ ...insight, sections: [], calls, found: [model] }, ground);
    expect(JSON.stringify(gated)).not.toContain('7391');
    const named = {
      server: 'http://gpu-1.lan:11434/ollama',
      quantization: 'Q4_K_M',
      parameterSize: '8x7B',
      serverVersion: '0.33.0-rc1',
      digest: 'sha256:ab12',
    };
    const good = { found: [{ ...model, ...named }], calls: [callOf({ server: named.server, gpu: { ...gpu, node: 'gpu-1' } })] };
    expect(lastGate({ ...insight, sections: [], ...good }, ground)).toMatchObject(good);
  });

  it('builds no index where no model spoke', () => {
    built = 0;
    const words = section(TEMPLATE, { template: [] });
    expect(gate([words]).sections).toEqual([words]);
    expect(built).toBe(0);
  });
});

describe('ownWords', () => {
  it('lets names out of the artifacts stand, quoted or not, and every form of a reference', () => {
    const own = ownWords(facts, input.evidence.artifacts);
    for (const prose of [
      'It is `runs/a.csv` of `q4_0`.',
      `For q4_0: ${FAST.replace('}}', '|bare}}')}, ${FAST.replace('}}', '|n}}')}.`,
      'Use `_ms`.',
    ])
      expect(own(prose)).toEqual([]);
    expect(own('It is `8`.')).toHaveLength(1);
    expect(own('It is gamma9.')).toHaveLength(1);
  });
});
