import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startReplayServer } from '@chimera/ollama';
import { type AgentName, type Profile, Report } from '@chimera/shared/domain';
import { afterAll, describe, expect, it } from 'vitest';
import { chimera } from '../support/chimera.ts';
import { layFiles, SMALL } from '../support/dataset.ts';

const work = mkdtempSync(join(tmpdir(), 'chimera-single-'));
const folder = layFiles(SMALL);
afterAll(() => {
  rmSync(work, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
});

async function reportOf(agents: Profile['agents'], args: readonly string[] = []) {
  const place = mkdtempSync(join(work, 'run-'));
  const profile = join(place, 'profile.json');
  writeFileSync(profile, JSON.stringify({ name: 'mine', agents }));
  const outcome = await chimera(['analyze', folder, '--out', join(place, 'out'), '--profile', profile, ...args]);
  expect(outcome).toMatchObject({ code: 0 });
  const read = (name: string) => readFileSync(join(place, 'out', name), 'utf8');
  const report = Report.parse(JSON.parse(read('report.json')));
  return {
    report,
    markdown: read('report.md'),
    html: read('report.html'),
    pages: Object.fromEntries(readdirSync(join(place, 'out', 'agents')).map((name) => [name, read(`agents/${name}`)])),
  };
}

const COLLECTED = ['coverage', 'modifications', 'gaps'];
const INTERPRETED = ['summary', 'performance', 'findings', 'recommendations', 'risks', 'conclusion'];
const TITLES: Record<AgentName, string> = { collector: 'DataCollector-9000', insight: 'InsightAgent' };
/** The titles of all sections, as an agent's own page has them. */
const COLLECTED_TITLES = ['Coverage', 'Latest modifications', 'Gaps'];
const INTERPRETED_TITLES = ['Executive Summary', 'Performance Analysis', 'Key Findings', 'Recommendations', 'Risks', 'Conclusion'];
/** What every report has, in this order. */
const HEADINGS = [
  ...['Executive Summary', 'Data Ingestion Summary', 'Performance Analysis', 'Key Findings', 'Recommendations', 'Risks'],
  ...['Gaps and Refused Files', 'Conclusion', 'Workflow Summary', 'Metrics', 'Evidence', 'Persona Prompts', 'Account'],
];
const headings = (markdown: string, level: number) =>
  markdown.split('\n').flatMap((line) => (line.startsWith(`${'#'.repeat(level)} `) ? [line.slice(level + 1)] : []));
const byTemplate = { model: null, options: {} };

/** The blocks under a heading of the second level, without the sources of their values. */
function under(report: Report, title: string): string {
  const start = report.page.findIndex((block) => block.type === 'heading' && block.level === 2 && block.text === title);
  const rest = report.page.slice(start + 1);
  const end = rest.findIndex((block) => block.type === 'heading' && block.level === 2);
  return JSON.stringify(rest.slice(0, end === -1 ? undefined : end)).replace(/"fact":"F\d+"/g, '');
}

describe('a profile', () => {
  it.each(['collector', 'insight'] as const)('that names %s alone makes it the single agent, with a whole report', async (agent) => {
    const single = await reportOf({ [agent]: byTemplate });
    const both = await reportOf({ collector: byTemplate, insight: byTemplate });
    const { report, markdown, html, pages } = single;
    expect(report.agentType).toBe(`single agent (${TITLES[agent]})`);
    expect(markdown).toContain(`**Agent Type**: single agent (${TITLES[agent]})`);
    expect(headings(markdown, 2)).toEqual(HEADINGS);
    expect(headings(markdown, 2)).toEqual(headings(both.markdown, 2));
    // Only what says which agents there are differs.
    const persona = headings(both.markdown, 3).filter((title) => !Object.values(TITLES).includes(title));
    expect(headings(markdown, 3).filter((title) => title !== TITLES[agent])).toEqual(persona);
    for (const title of HEADINGS.slice(0, 8)) expect(under(report, title)).toBe(under(both.report, title));
    expect(markdown).not.toContain('did not speak');
    expect(html).toContain('<h2>Conclusion</h2>');
    // The record: one agent with a persona of its own, a line in the metrics, an account of nine sections.
    expect(Object.keys(report.record.agents)).toEqual([agent]);
    expect(report.record.missing).toEqual([]);
    expect(report.record.agents[agent]?.persona).toMatch(new RegExp(`^You are ${TITLES[agent]}.* you work alone\\.`));
    expect(under(report, 'Persona Prompts')).toContain('you work alone');
    expect(under(report, 'Metrics')).toContain(TITLES[agent]);
    expect(report.record.account.sections.map(({ agent: of, section }) => [of, section])).toEqual(
      [...COLLECTED, ...INTERPRETED].map((id) => [agent, id]),
    );
    // Its own page has all sections, each once.
    expect(Object.keys(pages)).toEqual([`${agent}.md`]);
    expect(headings(pages[`${agent}.md`] ?? '', 2)).toEqual([
      ...COLLECTED_TITLES,
      ...INTERPRETED_TITLES,
      ...['Evidence', 'Persona Prompt'],
    ]);
  });

  it.each<[string, Profile['agents'], string]>([
    ['two agents alike', { collector: byTemplate, insight: byTemplate }, 'temperature default'],
    [
      'two that differ',
      { collector: { model: null, options: { temperature: 0.5 } }, insight: byTemplate },
      'collector: num_gpu default, num_ctx default, temperature 0.5',
    ],
  ])('of %s gives each its own duties', async (_, agents, configuration) => {
    const { report, markdown, pages } = await reportOf(agents);
    expect(report.agentType).toBe('two agents (DataCollector-9000, InsightAgent)');
    expect(markdown).toContain(configuration);
    expect(headings(markdown, 2)).toEqual(HEADINGS);
    expect(report.record.account.sections.map(({ agent, section }) => [agent, section])).toEqual([
      ...COLLECTED.map((id) => ['collector', id]),
      ...INTERPRETED.map((id) => ['insight', id]),
    ]);
    expect(headings(pages['collector.md'] ?? '', 2)).toEqual([...COLLECTED_TITLES, 'Evidence', 'Persona Prompt']);
    expect(headings(pages['insight.md'] ?? '', 2)).toEqual([...INTERPRETED_TITLES, 'Evidence', 'Persona Prompt']);
    for (const { persona } of Object.values(report.record.agents)) expect(persona).not.toContain('you work alone');
  });

  it('that names one agent has a model write all its sections, with the persona that it has alone', async () => {
    const replay = await startReplayServer({ behaviour: { kind: 'well-behaved' }, models: ['tiny:1b'] });
    try {
      const { report, markdown } = await reportOf({ collector: { model: 'tiny:1b', options: {} } }, ['--ollama', replay.url]);
      const agent = report.record.agents.collector;
      expect(agent?.narrator).toMatchObject({ kind: 'model', model: 'tiny:1b' });
      const asked = agent?.calls.filter(({ repair }) => !repair).map(({ section }) => section) ?? [];
      expect([...asked].sort()).toEqual([...COLLECTED, ...INTERPRETED].sort());
      const systems = new Set(replay.calls.map(({ request }) => request.messages[0]?.content.split('\n')[0]));
      expect(systems).toEqual(new Set([agent?.persona]));
      expect(agent?.persona).toContain('you work alone');
      expect(headings(markdown, 2).filter((title) => HEADINGS.includes(title))).toEqual(HEADINGS);
    } finally {
      await replay.close();
    }
  });
});
