import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { systemClock } from '@chimera/shared/bus';
import { type AgentName, Analysis, type Report, type Section, type Sentence } from '@chimera/shared/domain';
import { type Blobs, folderBlobs, type Join, putJson } from '@chimera/shared/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { column, reportInput } from '../../../test/support/report-input.ts';
import { createPrinting } from './printing.ts';
import { pages } from './stated-report.ts';

const input = reportInput({
  files: {
    'runs/a.csv': [
      ...column('output_token_throughput', 'tok/s', { model: 'tiny', quantization: 'q4_0' }, [100, 101, 102, 103, 104, 105]),
      ...column('output_token_throughput', 'tok/s', { model: 'tiny', quantization: 'q8_0' }, [50, 51, 52, 53, 54, 55]),
      ...column('time_to_first_token', 's', { model: 'tiny' }, [0.1, 0.2, 0.3]),
    ],
  },
  model: 'tiny:1b',
  analyses: () => ({ collector: {}, insight: {} }),
});
const speed = input.evidence.facts.find((f) => f.kind === 'group' && f.metric === 'output_token_throughput' && f.statistic === 'median');

const LIES = [
  'The throughput is 7391 tok/s.',
  'Seventy of them failed, says nobody else.',
  `The time to first token is {{${speed?.id}}}, says nobody else.`,
  'It took {{run:seconds.total}}, says nobody else.',
  'See <script>alert(7391)</script>.',
  'Look at [this](http://attacker.invalid).',
  'Throughput of q8_0 is higher than that of q4_0, says nobody else.',
];
const TRUTH = `Throughput of tiny is {{${speed?.id}}} and no more than that.`;
const OWN: Sentence = { text: 'The template speaks here.', mitigation: null, kind: 'observation', by: 'template' };

/** A section of lies: under the model's name, under the template's, and in what should be printed in their place. */
function section(id: string, layout: Section['layout'], by: Sentence['by']): Section {
  const sentences = LIES.map((text): Sentence => ({ text, mitigation: layout === 'risks' ? text : null, kind: 'observation', by }));
  // A name that looks like the template's hides no number either.
  const lying = by === 'template' ? sentences.filter(({ text }) => /7391|http/.test(text)) : sentences;
  return {
    id,
    title: by === 'template' ? 'All 7391 of them' : id,
    layout,
    sentences: lying,
    reason: null,
    leftOut: [],
    template: [...sentences.filter(({ text }) => /7391/.test(text)), OWN],
  };
}

const SECTIONS: Section[] = [
  section('summary', 'paragraph', 'model'),
  section('performance', 'paragraph', 'template'),
  section('findings', 'numbered', 'model'),
  section('recommendations', 'numbered', 'template'),
  section('risks', 'risks', 'model'),
  {
    ...section('conclusion', 'paragraph', 'model'),
    sentences: [{ text: TRUTH, mitigation: null, kind: 'observation', by: 'model' }],
  },
];

describe('printing what comes over a network', () => {
  let root = '';
  let blobs: Blobs;
  beforeAll(async () => {
    root = await mkdtemp(joinPath(tmpdir(), 'chimera-printing-'));
    blobs = folderBlobs(root);
  });
  afterAll(() => rm(root, { recursive: true }));

  async function printed(said: Partial<Record<AgentName, unknown>>): Promise<{ report: Report; texts: string[] }> {
    const { run, evidence, observations } = input;
    const inventory = {
      ...input.inventory,
      evidence: await putJson(blobs, evidence),
      observations: await putJson(blobs, observations),
      measurements: await blobs.put(Buffer.from('none')),
    };
    const done = async (agent: AgentName) => ({
      state: 'done' as const,
      analysis: await blobs.put(Buffer.from(JSON.stringify(said[agent] ?? input.analyses[agent]))),
    });
    const join: Join = {
      ...{ run, inventory, openedAt: '2026-03-04T05:06:07.000Z' },
      parts: { collector: await done('collector'), insight: await done('insight') },
      printed: { revision: 0, analyses: {}, report: null },
    };
    const { assemble, wholeFolder } = createPrinting({ blobs, clock: systemClock });
    const report = await assemble(join, 1, []);
    const analyses = { collector: (await done('collector')).analysis, insight: (await done('insight')).analysis };
    const whole = await pages(report);
    const folder = await wholeFolder({ ...join, printed: { revision: 1, analyses, report: null } }, report, whole);
    const spelt = [...whole].flatMap(([name, text]) => (name === 'report.json' ? [] : [text]));
    return { report, texts: [...spelt, String(folder.get('agents/insight.md'))] };
  }

  it('hazard 35, 52: prints no lie of an analysis that nobody checked, whoever it says speaks, and what holds of it', async () => {
    const analysis: Analysis = {
      ...Analysis.parse(input.analyses.insight),
      sections: SECTIONS,
      account: { written: 3, kept: 1_000, repaired: 7, withheld: [] },
    };
    const { report, texts } = await printed({ insight: analysis });
    for (const text of texts) {
      expect(text).not.toMatch(/(?<![0-9a-f])7391(?![0-9a-f])|says nobody else|<script|attacker/i);
      expect(text).toContain('The template speaks here.');
      expect(text).toMatch(/Throughput of tiny is .*and no more than that/);
    }
    const account = report.record.agents.insight?.account;
    expect(account?.withheld).toHaveLength(SECTIONS.flatMap(({ sentences }) => sentences).length - 1);
    for (const { reason } of account?.withheld ?? []) expect(reason).toMatch(/^stopped by the last gate: /);
    expect((account?.kept ?? 0) + (account?.repaired ?? 0)).toBe(1);
    expect(report.record.account.sentences.insight).toMatchObject({ written: account?.written, withheld: account?.withheld.length });
    for (const heading of ['Executive Summary', 'Key Findings', 'Recommendations', 'Risks', 'Conclusion'])
      expect(texts[0]).toContain(`## ${heading}`);
  });

  it.each<[string, unknown, RegExp]>([
    ['no analysis', { hello: 'world' }, /not one that this version/],
    ['the analysis of another run', { ...input.analyses.insight, run: 'f'.repeat(64) }, /another run or agent/],
    ['the analysis of another agent', { ...input.analyses.insight, agent: 'collector' }, /another run or agent/],
  ])('prints a report without an agent of which comes %s, and says why', async (_, said, reason) => {
    const { report } = await printed({ insight: said });
    expect(report.record.missing).toEqual([{ agent: 'insight', reason: expect.stringMatching(reason) }]);
    expect(report.record.agents.collector).toBeDefined();
    expect(report.record.agents.insight).toBeUndefined();
  });
});
