import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createView, narrateByTemplate } from '@chimera/agent';
import { collector } from '@chimera/collector';
import { checkPage, truthOf } from '@chimera/grounding';
import { insight } from '@chimera/insight';
import {
  type Analysis,
  type Block,
  CAMPAIGN_RUN_SCHEMA,
  type CampaignRun,
  indexFacts,
  numberText,
  type Report,
} from '@chimera/shared/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readArtifacts } from '../../../test/grounding/sample-facts.ts';
import { reportInput } from '../../../test/support/report-input.ts';
import { renderHtml } from './html.ts';
import { lastGate } from './last-gate.ts';
import { renderMarkdown } from './markdown.ts';
import { narrativeOf } from './narrative.ts';
import { assembleReport } from './report.ts';

const HASH = 'a'.repeat(64);
const NASTY = '[x](http://attacker.invalid) <b>';
const LOST = 'the server http://gpu-2:11434 was lost in the middle: connection refused';

type Told = {
  profile: string;
  arrangement: CampaignRun['arrangement'];
  start?: CampaignRun['start'];
  num_gpu?: string;
  num_ctx?: string;
  wall: number;
};

/** Runs of a cell around a wall clock: the same small steps each time. */
function runsOf(told: Told, repeats: number, from: number, excluded: Readonly<Record<number, string>> = {}): CampaignRun[] {
  const { profile, arrangement, start = 'warm', num_gpu = '60', num_ctx = '8192', wall } = told;
  return Array.from({ length: repeats }, (_, i): CampaignRun => {
    const ordinal = from + i;
    const seconds = wall * (1 + ((i % 4) - 1.5) / 500);
    const reason = excluded[ordinal] ?? null;
    return {
      ...{
        schema: CAMPAIGN_RUN_SCHEMA,
        campaign: 'one',
        ordinal,
        repeat: i + 1,
        attempt: 1,
        run: HASH,
        inventory: HASH,
        profile,
        arrangement,
        start,
      },
      ...{ agents: ['collector', 'insight'], servers: ['http://gpu-1:11434'], startedAt: '2026-03-04T05:06:07.000Z' },
      ...{ outcome: reason === null ? 'measured' : 'excluded', reason, warnings: [`num_gpu ${num_gpu} is more than its 35 layers`] },
      labels: {
        ...{
          agents: 'collector, insight',
          engine: 'replay server',
          engine_version: '0.12.6',
          model: 'gemma3:latest',
          quantization: 'Q4_K_M',
        },
        ...{ num_gpu, num_ctx, context_in_force: num_ctx, layers_on_gpu: '35', server: 'http://gpu-1:11434' },
      },
      measured: {
        wall_clock: { value: seconds, unit: 's' },
        output_token_throughput: { value: 1_900 / seconds, unit: 'tok/s' },
        time_to_first_token: { value: 0.3 + (i % 3) / 1_000, unit: 's' },
        output_tokens: { value: 1_900, unit: 'tokens' },
        server_seconds: { value: seconds * 0.97, unit: 's' },
        sentences_survived: { value: 0.9, unit: 'ratio' },
      },
    };
  });
}

const CALLS = `ordinal,attempt,outcome,campaign_profile,arrangement,start,agent,section,repair,model,server,call_outcome,output_tokens,wall_s
1,1,measured,a,serial,warm,insight,summary,false,m,s,stop,310,4.5
1,1,measured,a,serial,warm,insight,risks,false,m,s,timeout,,9
`;

function inlinesOf(page: readonly Block[]) {
  return page.flatMap((block) =>
    block.type === 'paragraph' ? block.line : block.type === 'list' ? block.items.flat() : block.type === 'table' ? block.rows.flat(2) : [],
  );
}

describe('the page of a campaign', () => {
  let root = '';
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'chimera-campaign-page-'));
  });
  afterAll(() => rm(root, { recursive: true }));

  /** Read as ingest reads it, in the template's words, as the reporter prints it. */
  async function printed(runs: readonly CampaignRun[]) {
    const folder = await mkdtemp(join(root, 'results-'));
    await writeFile(join(folder, 'runs.jsonl'), runs.map((run) => `${JSON.stringify(run)}\n`).join(''));
    await writeFile(join(folder, 'calls.csv'), CALLS);
    const known = await readArtifacts(folder);
    const input = reportInput({ files: { 'a.csv': [] }, analyses: () => ({}) });
    const { inventory, dataset } = known.evidence;
    const run = { ...input.run, inventory, dataset };
    const profile = { model: null, options: {} };
    const said = (definition: typeof insight) => narrateByTemplate({ definition, run, profile, ...known }, 'no model was asked for', 0, 1);
    const analyses = { collector: said(collector), insight: said(insight) };
    const facts = indexFacts([...known.evidence.facts, ...known.observations.facts]);
    const gate = (one: Analysis) =>
      lastGate(one, { facts, artifacts: known.evidence.artifacts, truth: () => truthOf(known.evidence, known.observations) });
    const report = assembleReport({
      ...input,
      ...known,
      run,
      analyses,
      record: { ...input.record, files: known.evidence.artifacts.length },
    });
    const screen = Object.fromEntries(report.summary.map(({ label, line }) => [label, line.map(({ text }) => text).join('')]));
    return { known, analyses, facts, gate, report, screen, markdown: renderMarkdown(report.page) };
  }

  /** Every number leads to a fact, what the template says stands as it is, and nothing on the page is contradicted by the artifacts. */
  function isSound({ known, analyses, facts, gate, report, markdown }: Awaited<ReturnType<typeof printed>>): void {
    for (const analysis of Object.values(analyses)) {
      expect(gate(analysis)).toEqual(analysis);
      const own = checkPage(narrativeOf(analysis.sections, facts).markdown, truthOf(known.evidence, known.observations));
      expect(own.filter(({ verdict }) => verdict === 'contradicted')).toEqual([]);
    }
    expect(report.record.account.numbers.withoutSource).toBe(0);
    for (const inline of inlinesOf(report.page)) if (inline.type === 'fact') expect(report.facts[inline.fact]).toBeDefined();
    const claims = checkPage(markdown, truthOf(known.evidence, known.observations));
    expect(claims.filter(({ verdict }) => verdict === 'contradicted').map(({ text, why }) => [text, why])).toEqual([]);
  }

  const cells: Told[] = [
    { profile: 'a', arrangement: 'serial', wall: 22.8 },
    { profile: 'a', arrangement: 'parallel', wall: 27.1 },
    { profile: 'b', arrangement: 'serial', num_gpu: '80', wall: 22.8 },
    { profile: 'b', arrangement: 'parallel', num_gpu: '80', wall: 27.1 },
    { profile: 'c', arrangement: 'serial', num_ctx: '16384', wall: 25.1 },
  ];

  it('says in ten seconds what to choose, that the second slot slows down, what has no effect, and what was excluded', async () => {
    const excluded = { 3: LOST, 9: LOST, 14: LOST, 20: 'the model was another one' };
    const runs = cells.flatMap((cell, i) => runsOf(cell, 9, 1 + 9 * i, excluded));
    const found = await printed(runs);
    isSound(found);
    const { screen, markdown, report } = found;
    // The medians of the runs that were not excluded, by hand.
    const median = (ordinals: readonly number[]) => {
      const own = runs.filter(({ ordinal, outcome }) => ordinals.includes(ordinal) && outcome === 'measured');
      const sorted = own.map(({ measured }) => measured.wall_clock?.value ?? 0).sort((x, y) => x - y);
      return ((sorted[(sorted.length - 1) >> 1] ?? 0) + (sorted[sorted.length >> 1] ?? 0)) / 2;
    };
    const ordinals = (i: number) => Array.from({ length: 9 }, (_, k) => 1 + 9 * i + k);
    const [serial, parallel] = [median(ordinals(0)), median(ordinals(1))];
    expect(screen.Choose).toContain(
      `profile a in serial, warm: ${numberText(serial)} s of wall clock (n = 7), 0.301 s to the first token, 90 % of its sentences survived`,
    );
    expect(screen.Choose).toMatch(
      /By wall clock beside it: slower: c \(1\.10\d* times\); no difference shown: b \(1\.001 times\); on the front/,
    );
    expect(screen.Choose).toMatch(
      new RegExp(`Arrangements: parallel is slower than serial, speed-up ${numberText(serial / parallel)} times \\(95 % interval `),
    );
    expect(screen.Choose).toContain('Without effect: num_gpu (2 values: 60, 80).');
    expect(screen.Choose).not.toContain('too few runs');
    expect(screen.Watch).toMatch(/^Replay server: the campaign was made on a server that plays Ollama/);
    expect(screen.Watch).toContain('Excluded: 4 of 45 tries in runs.jsonl, counted nowhere');
    expect(screen.Watch).toContain('Calls without an answer, in runs that count: 1 of 2 in calls.csv');
    // Each one by its number, though three have the same reason.
    const at = markdown.indexOf('### Excluded runs');
    const list = markdown.slice(at, markdown.indexOf('###', at + 5));
    expect(list.match(/^- .*$/gm)).toEqual([
      expect.stringMatching(
        /^- `run 3`, `run 9` \(`profile a, serial, warm`\); `run 14` \(`profile a, parallel, warm`\): `the server .* refused`$/,
      ),
      '- `run 20` (`profile b, serial, warm`): `the model was another one`',
    ]);
    const headings = report.page.flatMap((block) => (block.type === 'heading' ? [block.text] : []));
    expect(headings[headings.indexOf('Performance Analysis') + 1]).toBe('Campaign');
    expect(headings).toEqual(
      expect.arrayContaining(['Arrangements', 'Cost and quality of a report', 'Against the recommended profile', 'Calls']),
    );
    expect(headings).not.toContain('Throughput');
    const [arrangements] = report.page.flatMap((block) =>
      block.type === 'table' && block.head.includes('Speed-up against serial') ? [block] : [],
    );
    expect(arrangements?.rows.map((row) => row.slice(0, 2).map((cell) => cell[0]?.text))).toEqual([
      ...[
        ['a', 'serial'],
        ['a', 'parallel'],
        ['b', 'serial'],
        ['b', 'parallel'],
        ['c', 'serial'],
      ],
    ]);
  });

  it('chooses nothing of one run each as if it were shown, and says how many runs are needed', async () => {
    const found = await printed(cells.flatMap((cell, i) => runsOf(cell, 1, 1 + i)));
    isSound(found);
    const { screen, analyses } = found;
    expect(screen.Choose).toContain('that it is better than another is not shown; too few runs to rely on; ');
    expect(screen.Choose).not.toMatch(/slower|faster|Without effect/);
    expect(screen['Cannot be told']).toMatch(/^More runs needed: \d+ a side for parallel against serial for profile a, warm; /);
    const advice = analyses.insight.sections.find(({ id }) => id === 'recommendations')?.sentences ?? [];
    expect(advice.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^Take, until more runs decide, profile `a`/),
      expect.stringMatching(/^Repeat before an arrangement is chosen: /),
      expect.stringMatching(/^Repeat what is undecided: /),
    ]);
  });

  it('says once that a setting does nothing, misses no serial of one agent, and matches it with none that has less to write', async () => {
    const alone = { arrangement: 'alone' as const };
    const own = [
      { ...alone, profile: 'a', wall: 20 },
      { ...alone, profile: 'b', num_gpu: '80', wall: 20 },
      { ...alone, profile: 'c', num_ctx: '16384', wall: 24 },
      { ...alone, profile: 'd', num_ctx: '16384', num_gpu: '80', wall: 24 },
      { ...alone, profile: 'less', wall: 5 },
    ].flatMap((cell, i) => runsOf(cell, 8, 1 + 8 * i));
    const found = await printed(
      own.map((run) => ({
        ...run,
        agents: ['insight' as const],
        labels: { ...run.labels, agents: 'insight', duties: run.profile === 'less' ? 'own' : 'all' },
      })),
    );
    isSound(found);
    const { screen, markdown } = found;
    expect(screen.Choose).toMatch(/Without effect: num_gpu \(2 values: 60, 80\)\.$/);
    expect(screen.Choose).toMatch(/slower: c \(1\.2 times\), d \(1\.2 times\); no difference shown: b \(1 times\); on the front/);
    expect(screen['Cannot be told']).not.toContain('nothing to compare with');
    expect(markdown).not.toContain('# Nothing to compare with');
    expect(markdown).toContain('- `less, alone, warm`: `their duties differ: one has less to write than the other, or something else`');
  });

  it('prints names as names, whatever they look like, and cold starts beside warm ones', async () => {
    const cold: Told = { profile: NASTY, arrangement: 'serial', start: 'cold', wall: 31 };
    const found = await printed([cold, { ...cold, start: 'warm' as const, wall: 22.8 }].flatMap((cell, i) => runsOf(cell, 6, 1 + 6 * i)));
    const { report, markdown, analyses, gate } = found;
    for (const analysis of Object.values(analyses)) expect(gate(analysis)).toEqual(analysis);
    expect(report.record.account.numbers.withoutSource).toBe(0);
    const html = await renderHtml(report.title, report.page, report.facts);
    expect(html).not.toMatch(/<b>|href="http/);
    expect(markdown).toContain(`\`${NASTY}\` in \`serial\`, \`warm\``);
  });

  it('gives agents the campaign’s facts before all others', async () => {
    const { known } = await printed(cells.flatMap((cell, i) => runsOf(cell, 8, 1 + 8 * i)));
    const view = createView(known.evidence, known.observations);
    for (const duty of insight.sections) {
      const chosen = insight.chooseFacts(view, duty);
      expect([duty.id, chosen.slice(0, 8).some(({ kind }) => kind === 'campaign')]).toEqual([duty.id, true]);
    }
    const chosen = insight.sections.find(({ id }) => id === 'recommendations');
    expect(chosen && insight.chooseFacts(view, chosen)[0]?.kind).toBe('campaign');
  });
});

describe('a report without a campaign', () => {
  it('says nothing of one', () => {
    const report: Report = assembleReport(reportInput({ files: { 'a.csv': [] }, analyses: () => ({}) }));
    expect(report).not.toHaveProperty('ordinal');
    expect(JSON.stringify(report.page)).not.toMatch(/[Cc]ampaign/);
  });
});
