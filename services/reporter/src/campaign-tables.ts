import { type Block, CAMPAIGN_FIELDS, CAMPAIGN_PROFILE, type CampaignField, type Fact, type Inline } from '@chimera/shared/domain';
import { type Cell, foundApart, isOfCell } from './campaign-cells.ts';
import { campaignComparisons } from './campaign-comparisons.ts';
import type { CampaignFacts } from './campaign-facts.ts';
import { capital, caveatNotes, claimOf, NO_VERDICT, others, speedWord, speltOr, withInterval } from './campaign-words.ts';
import type { Cites } from './draft.ts';
import { code, heading, paragraph, text } from './inline.ts';

/** Rows of a table, and items of a list; the rest is in evidence.json. */
const MOST_ROWS = 60;
const MOST_ITEMS = 30;

/**
 * The section on a campaign: its profiles, what each arrangement measured, what it costs, what was compared, and what is not
 * decided. Where a dataset holds several it says of which file it is.
 */
export function campaignTables(campaign: CampaignFacts, several: boolean, cites: Cites): Block[] {
  const { scope, cells, recommended, settings, unknownSettings, needed, untold } = campaign;
  return [
    heading(3, 'Campaign'),
    ...(several ? [paragraph(text('The campaign whose results lie in '), code(scope), text('.'))] : []),
    ...(recommended === null ? [] : [paragraph(claimOf(recommended, cites))]),
    ...profiles(cells),
    ...arrangements(campaign, cites),
    ...costs(cells, cites),
    ...campaignComparisons(campaign, cites),
    ...sentences('Settings without effect', settings, cites),
    ...sentences('Settings whose effect cannot be told', unknownSettings, cites),
    ...sentences('More runs needed', needed, cites),
    ...sentences('Nothing to compare with', untold, cites),
  ];
}

/** Labels that say where a run was, not what the profile is. */
const OF_PLACE: ReadonlySet<string> = new Set([CAMPAIGN_PROFILE, 'arrangement', 'start']);

/** The settings of each profile, asked for and found, as far as they tell profiles apart; what is alike in all stands before. */
function profiles(cells: readonly Cell[]): Block[] {
  const byProfile = Map.groupBy(cells, ({ profile }) => profile);
  const names = [...new Set(cells.flatMap(({ labels }) => Object.keys(labels)))].filter((name) => !OF_PLACE.has(name));
  const valuesOf = (name: string, some: readonly Cell[]) => [...new Set(some.map(({ labels }) => labels[name] ?? ''))];
  const alike = names.filter((name) => valuesOf(name, cells).length === 1);
  const apart = names.filter((name) => !alike.includes(name));
  const line = alike.flatMap((name, i): Inline[] => [text(i === 0 ? '' : ', '), code(name), text(' '), code(cells[0]?.labels[name] ?? '')]);
  const rows = [...byProfile].map(([profile, own]): Inline[][] => [
    [code(profile)],
    ...apart.map((name): Inline[] => valuesOf(name, own).flatMap((value, i) => [text(i === 0 ? '' : '; '), code(value)])),
  ]);
  return [
    ...(line.length === 0 ? [] : [paragraph(text('Alike in all runs: '), ...line, text('.'))]),
    ...(apart.length === 0 ? [] : [{ type: 'table' as const, head: ['Profile', ...apart], rows }]),
  ];
}

/** Profile, arrangement and start of a row; where several rows have the same, with what was found of its runs alone. */
function placeCells(cell: Cell, cells: readonly Cell[]): Inline[][] {
  const apart = foundApart(cell, cells).flatMap(([name, value]) => [text(', '), code(name), text(' '), code(value)]);
  return [[code(cell.profile)], [code(cell.arrangement)], [code(cell.start), ...apart]];
}

const RATES = ['output_token_throughput', 'time_per_output_token', 'time_to_first_token'] as const satisfies CampaignField[];

function arrangements({ cells, speedUps }: CampaignFacts, cites: Cites): Block[] {
  const speedUp = (cell: Cell): Inline[] => {
    const own = speedUps.find((fact) => isOfCell(fact, cell));
    if (own === undefined) return [text(cell.arrangement === 'serial' ? 'the baseline' : '–')];
    return [withInterval(own, cites), text(`, ${speedWord(own)}`)];
  };
  const shown = cells.slice(0, MOST_ROWS);
  const notes = shown.map((cell) => ({
    names: [cell.profile, cell.arrangement, cell.start],
    caveats: speedUps.filter((fact) => isOfCell(fact, cell)).flatMap(({ comparison }) => comparison?.caveats ?? []),
  }));
  const rows = shown.map((cell): Inline[][] => {
    const wall = cell.of('wall_clock');
    const n = wall === null ? text('–') : cites.cite(wall, 'n');
    const clock = wall === null ? text('–') : withInterval(wall, cites);
    return [...placeCells(cell, cells), [n], [clock], ...RATES.map((field) => speltOr(cell.of(field), cites)), speedUp(cell)];
  });
  const titles = ['Wall clock', 'Tokens per second of all calls', 'Time per output token', 'Time to first token'];
  return [
    heading(4, 'Arrangements'),
    paragraph(
      text(
        'Medians over the runs of each row; of the wall clock with its interval, where there are runs enough. Speed-up: the wall clock of ',
      ),
      code('serial'),
      text(` over that of the row, same profile and start, both really run; below one the arrangement is slower. ${NO_VERDICT}`),
    ),
    { type: 'table', head: ['Profile', 'Arrangement', 'Start', 'n', ...titles, 'Speed-up against serial'], rows },
    ...others(cells, MOST_ROWS),
    ...caveatNotes(notes),
  ];
}

const COSTS = [
  ...(['output_tokens', 'prompt_tokens', 'load_duration', 'server_seconds', 'energy'] as const),
  ...(['sentences_survived', 'duties_fulfilled', 'repairs'] as const),
] satisfies CampaignField[];

function costs(cells: readonly Cell[], cites: Cites): Block[] {
  const fields = COSTS.filter((field) => cells.some((cell) => cell.of(field) !== null));
  if (fields.length === 0) return [];
  const rows = cells
    .slice(0, MOST_ROWS)
    .map((cell): Inline[][] => [...placeCells(cell, cells), ...fields.map((field) => speltOr(cell.of(field), cites))]);
  const head = ['Profile', 'Arrangement', 'Start', ...fields.map((field) => capital(CAMPAIGN_FIELDS[field].title))];
  return [
    heading(4, 'Cost and quality of a report'),
    { type: 'table', head, rows },
    ...(fields.includes('energy') ? [] : [paragraph(text('Energy was not measured: no run sampled the power of a GPU.'))]),
    ...others(cells, MOST_ROWS),
  ];
}

/** Facts in their own sentences. */
function sentences(title: string, facts: readonly Fact[], cites: Cites): Block[] {
  if (facts.length === 0) return [];
  const items = facts.slice(0, MOST_ITEMS).map((fact): Inline[] => [claimOf(fact, cites)]);
  return [heading(4, title), { type: 'list', ordered: false, items }, ...others(facts, MOST_ITEMS)];
}
