import { computeEvidence, describe as describeArtifact, inOneGo, samplesOf } from '@chimera/evidence';
import {
  type Artifact,
  CAMPAIGN_FIELDS,
  CAMPAIGN_PROFILE,
  type CampaignField,
  campaignMetric,
  indexFacts,
  type Measurement,
} from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import type { View } from '../../view.ts';
import { campaignIn } from './campaign.ts';
import { insightFacts } from './facts.ts';
import { SECTIONS } from './sections.ts';
import { insightTemplate } from './template.ts';

const HASH = (n: number) => n.toString(16).padStart(64, '0');

type Cell = { profile: string; arrangement: string; wall: number; repeats: number; labels?: Record<string, string>; failed?: boolean };

/** What a reader gives of a campaign's cell: each run with a small step of its own. */
function measured({ profile, arrangement, wall, repeats, labels = {}, failed = false }: Cell, cell: number): Measurement[] {
  const found = { num_gpu: '60', num_ctx: '8192', context_in_force: '8192', layers_on_gpu: '35', model: 'm', ...labels };
  return Array.from({ length: repeats }, (_, i) => {
    const seconds = wall * (1 + ((i % 4) - 1.5) / 500);
    const values: [CampaignField, number][] = [
      ['wall_clock', seconds],
      ['output_token_throughput', 1_900 / seconds],
      ['time_to_first_token', 0.3 + (i % 3) / 1_000],
      ['sentences_survived', 0.9],
      ['server_seconds', seconds],
    ];
    return values.map(
      ([field, value]): Measurement => ({
        ...{ metric: campaignMetric(field), statistic: 'value', value, text: null, unit: CAMPAIGN_FIELDS[field].unit, n: null },
        ...{ labels: { ...found, [CAMPAIGN_PROFILE]: profile, arrangement, start: 'warm' }, failed, over: 'runs' },
        pointer: `line ${cell * 100 + i} /measured/${field}/value`,
      }),
    );
  }).flat();
}

function viewOf(cells: readonly Cell[], failed: Artifact['failed'] = []): View {
  const measurements = cells.flatMap(measured);
  const artifact: Artifact = {
    ...{ path: 'runs.jsonl', kind: 'jsonl', format: 'chimera-campaign', bytes: 1, sha256: HASH(1), status: 'read', reason: null },
    ...{ warnings: [], measurements: measurements.length, records: 60, failed },
  };
  const descriptions = [inOneGo(describeArtifact(artifact, [], true, samplesOf(measurements)))];
  const expected = { folders: null, kinds: [] };
  const { facts } = inOneGo(computeEvidence({ dataset: 'results', inventory: HASH(0), title: null, descriptions, expected })).evidence;
  return { ...indexFacts(facts), artifacts: [artifact] };
}

const pair = (profile: string, serial: number, parallel: number, more: Partial<Cell> = {}): Cell[] => [
  { profile, arrangement: 'serial', wall: serial, repeats: 8, ...more },
  { profile, arrangement: 'parallel', wall: parallel, repeats: 8, ...more },
];
const DECIDED = viewOf(
  [
    ...pair('a', 22.8, 27.1),
    ...pair('b', 22.8, 27.1, { labels: { num_gpu: '80' } }),
    ...pair('c', 25.1, 30, { labels: { num_ctx: '16384' } }),
  ],
  [{ pointer: 'line 3', reason: 'run 3 (profile a, serial): lost' }],
);
const FEW = viewOf([...pair('a', 22.8, 27.1, { repeats: 1 }), ...pair('c', 25.1, 30, { repeats: 1 })]);
const ALONE = viewOf([{ profile: 'a', arrangement: 'alone', wall: 20, repeats: 8 }]);
const text = (view: View, section: string) => (insightTemplate(view)[section] ?? []).map((sentence) => sentence.text).join(' ');

describe('the template over a campaign', () => {
  it.each([
    ['that is decided', DECIDED],
    ['with too few runs', FEW],
    ['of one cell', ALONE],
  ])('fulfils every duty, with references for all numbers: a campaign %s', (_, view) => {
    const said = insightTemplate(view);
    for (const { id, least } of SECTIONS) expect([id, (said[id] ?? []).length >= least]).toEqual([id, true]);
    expect(said.recommendations).toHaveLength(3);
    for (const { text: words, mitigation = '' } of Object.values(said).flat()) {
      const references = words.match(/\{\{(f[0-9a-f]{16})/g) ?? [];
      for (const reference of references) expect(view.byId.has(reference.slice(2))).toBe(true);
      expect(`${words} ${mitigation}`.replace(/\{\{[^}]*\}\}|`[^`]*`/g, '')).not.toMatch(/\p{N}/u);
    }
  });

  it('says that a second slot slows down, and that a setting has no effect', () => {
    const slower = DECIDED.ofKind('campaign').find(({ metric, labels }) => metric === 'speed_up' && labels[CAMPAIGN_PROFILE] === 'a');
    expect(Number(slower?.value)).toBeLessThan(1);
    for (const section of ['summary', 'performance', 'findings'])
      expect(text(DECIDED, section)).toContain(
        `Arrangement \`parallel\` of profile \`a\` is **slower** than one call after the other: its **speed-up** is {{${slower?.id}}}.`,
      );
    expect(text(DECIDED, 'summary')).toMatch(/The \*\*recommended\*\* profile is `[ab]` in arrangement `serial`: wall clock \{\{/);
    expect(text(DECIDED, 'findings')).toMatch(/\*\*Wall clock\*\*: profile `c` has \{\{f\w+\}\} that of profile `[ab]` in arrangement `/);
    expect(text(DECIDED, 'recommendations')).toMatch(
      /^Choose profile `[ab]`.* Let the agents work one call after the other: .* Leave `num_gpu` out/,
    );
    expect(text(DECIDED, 'summary')).toMatch(
      /\*\*Without effect\*\*: `num_gpu` .*\*\*Excluded\*\*: \{\{\w+\}\} try of \{\{\w+\}\} at runs/,
    );
    expect(text(DECIDED, 'summary')).not.toContain('none can be chosen');
  });

  it('calls nothing shown of single runs', () => {
    const all = SECTIONS.map(({ id }) => text(FEW, id)).join(' ');
    expect(all).not.toMatch(/slower|faster|Without effect|is the one to run/);
    expect(text(FEW, 'summary')).toContain('that it is better than another is not shown');
    expect(text(FEW, 'findings')).toMatch(
      /\*\*Undecided\*\*: `parallel against serial for profile a, warm` needs \{\{\w+\}\} more runs a side/,
    );
  });

  it('leaves other datasets to the words for these', () => {
    expect(campaignIn({ ...indexFacts([]), artifacts: [] })).toBeNull();
    expect(text({ ...indexFacts([]), artifacts: [] }, 'summary')).toContain('No two configurations did the same work');
  });
});

describe('insightFacts over a campaign', () => {
  it.each(SECTIONS.map(({ id }) => id))('begins with what the campaign says: %s', (id) => {
    const chosen = insightFacts(DECIDED, { id });
    expect(chosen[0]?.kind).toBe('campaign');
    const metrics = new Set(chosen.filter(({ kind }) => kind === 'campaign').map(({ metric }) => metric));
    for (const metric of ['recommended_profile', 'speed_up', 'setting_effect']) expect(metrics).toContain(metric);
    expect(insightFacts(FEW, { id }).some(({ metric }) => metric === 'runs_needed')).toBe(true);
  });
});
