import type { Profile, Section } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { column, reportInput } from '../../../test/support/report-input.ts';
import { renderMarkdown } from './markdown.ts';
import { assembleReport } from './report.ts';
import { speakersOf } from './speakers.ts';

const section = (id: string): Section => ({
  ...{ id, title: `The ${id}`, layout: 'bullets', reason: null, leftOut: [], template: [] },
  sentences: [{ text: `Words of ${id}.`, mitigation: null, kind: 'observation', by: 'template' }],
});
const COLLECTED = ['coverage', 'modifications', 'gaps'];
const INTERPRETED = ['summary', 'performance', 'findings', 'recommendations', 'risks', 'conclusion'];
const files = { 'a.csv': column('lat', 'ms', { model: 'm' }, [1, 2, 3, 4]) };
const all = { sections: [...COLLECTED, ...INTERPRETED].map(section) };
const template = { model: null, options: {} };
const report = (agents: Profile['agents'], analyses: Parameters<typeof reportInput>[0]['analyses']) =>
  renderMarkdown(assembleReport(reportInput({ files, agents, analyses })).page);
const times = (page: string, id: string) => page.split(`Words of ${id}.`).length - 1;

describe('who speaks where', () => {
  it.each(['collector', 'insight'] as const)('is the single agent everywhere: %s', (agent) => {
    const page = report({ [agent]: template }, () => ({ [agent]: all }));
    for (const id of [...COLLECTED, ...INTERPRETED]) expect([id, times(page, id)]).toEqual([id, 1]);
    expect(page).not.toContain('did not speak');
    expect(page).toContain(`single agent (${agent})`);
  });

  it('is each of two agents where its duties are, whatever else it says', () => {
    const page = report({ collector: template, insight: template }, () => ({
      collector: { sections: COLLECTED.map(section) },
      insight: all,
    }));
    for (const id of [...COLLECTED, ...INTERPRETED]) expect([id, times(page, id)]).toEqual([id, 1]);
  });

  it('leaves one that keeps to its own duties with these, and says of the others that nobody has them', () => {
    const own = (agent: 'collector' | 'insight', sections: string[]) => {
      const input = reportInput({
        files,
        agents: { [agent]: template },
        analyses: () => ({
          [agent]: { title: agent === 'insight' ? 'InsightAgent' : 'DataCollector-9000', sections: sections.map(section) },
        }),
      });
      return assembleReport({ ...input, run: { ...input.run, profile: { ...input.run.profile, duties: 'own' } } });
    };
    const collector = own('collector', COLLECTED);
    const insight = own('insight', INTERPRETED);
    expect([collector.agentType, insight.agentType]).toEqual(['collector (DataCollector-9000)', 'insight (InsightAgent)']);
    const [first, second] = [collector, insight].map(({ page }) => renderMarkdown(page));
    const nobodys = (page = '') => page.split('No agent of this profile has this duty.').length - 1;
    for (const id of COLLECTED) expect([id, times(first ?? '', id), times(second ?? '', id)]).toEqual([id, 1, 0]);
    for (const id of INTERPRETED) expect([id, times(first ?? '', id), times(second ?? '', id)]).toEqual([id, 0, 1]);
    // Six sections of insight; of the collector what stands under two headings.
    expect([nobodys(first), nobodys(second)]).toEqual([6, 2]);
    for (const page of [first, second]) {
      expect(page).not.toMatch(/did not speak|single agent/);
      expect(page).toMatch(/\*\*Configuration\*\*: num_gpu default,/);
    }
  });

  it('is nobody where the agent did not come, which the page says by its name', () => {
    const [collector, insight] = (['collector', 'insight'] as const).map((agent) => report({ [agent]: template }, () => ({})));
    expect(collector).toContain('The collector did not speak in this run');
    expect(insight).toContain('Insight did not speak in this run');
    const one = reportInput({ files, agents: { collector: template, insight: template }, analyses: () => ({ collector: all }) });
    const { collected, interpreted, absent } = speakersOf(one.run.profile, one.analyses);
    expect([collected.length, interpreted, absent]).toEqual([9, undefined, 'Insight did not speak in this run; the run record says why.']);
  });
});
