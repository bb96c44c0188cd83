import { LEAST_RUNS } from '@chimera/evidence';
import { CAMPAIGN_FIELDS, CAMPAIGN_PROFILE, type Fact, type Inline } from '@chimera/shared/domain';
import { type Cell, isOfCell, placeOf } from './campaign-cells.ts';
import { type CampaignFacts, settingOf, settingValues, unshown } from './campaign-facts.ts';
import { speedWord, spelt, withInterval } from './campaign-words.ts';
import type { Cites } from './draft.ts';
import { code, strong, text } from './inline.ts';

/** Of each sort, what a row of the first screen names; the rest stands under Campaign. */
const MOST = 3;

/** The profile to choose, what the arrangements bring, and what brings nothing. */
export function chooseOfCampaign(campaign: CampaignFacts, cites: Cites): Inline[] {
  const line = recommended(campaign, cites);
  const ways = waysOf(campaign);
  if (ways.length > 0)
    line.push(
      text(' '),
      strong('Arrangements'),
      text(': '),
      ...listed(ways, (fact) => speedUp(fact, campaign, cites)),
      text(campaign.speedUps.length > Math.min(ways.length, MOST) ? '; the others stand under Campaign.' : '.'),
    );
  // A setting without effect is so beside each value of the others: once is enough here.
  const settings = firstOf(campaign.settings, settingOf);
  if (settings.length > 0)
    line.push(text(' '), strong('Without effect'), text(': '), ...listed(settings, (fact) => setting(fact, campaign, cites)));
  if (settings.length > 0) line.push(...more(settings), text('.'));
  return line;
}

/**
 * Each arrangement once: that of the recommended profile from a warm start, unless only another profile's is shown to make a
 * difference.
 */
function waysOf({ speedUps, recommended: best }: CampaignFacts): readonly Fact[] {
  const own = ({ labels }: Fact) => labels[CAMPAIGN_PROFILE] === best?.labels[CAMPAIGN_PROFILE] && labels.start === best?.labels.start;
  const shown = speedUps.filter((fact) => unshown(fact) === 0);
  return firstOf([...shown, ...speedUps.filter(own), ...speedUps], ({ comparison }) => comparison?.of ?? '');
}

/** Of those with the same key the first. */
function firstOf(facts: readonly Fact[], keyOf: (fact: Fact) => string): readonly Fact[] {
  return [...new Map(facts.toReversed().map((fact) => [keyOf(fact), fact])).values()].toReversed();
}

/** What is recommended, with what it measures, and how it stands against the others. */
function recommended(campaign: CampaignFacts, cites: Cites): Inline[] {
  const { recommended: fact, cells } = campaign;
  if (fact === null) return [text('No profile is recommended: nothing that the campaign measured tells one from another.')];
  const cell = cells.find((one) => isOfCell(fact, one));
  const { profile, arrangement, start } = placeOf(fact);
  const line: Inline[] = [strong('profile'), text(' '), code(profile), text(' in '), code(arrangement), text(', '), code(start)];
  const values = cell === undefined ? [] : measured(cell, cites);
  line.push(...values.flatMap((value, i) => [text(i === 0 ? ': ' : ', '), ...value]));
  line.push(...against(campaign, fact, cites));
  if (!isShownBest(campaign, fact)) line.push(text('; that it is better than another is not shown'));
  if ((fact.n ?? 0) < LEAST_RUNS) line.push(text('; '), strong('too few runs to rely on'));
  const alone = fact.value === 1;
  return [
    ...line,
    text(alone ? '; it stands alone on the front (' : '; on the front, where none is surely beaten all round: '),
    cites.cite(fact),
    text(alone ? ').' : ' profiles and arrangements, itself among them.'),
  ];
}

/** What a cell measured that is weighed: wall clock, first token, sentences that survived, energy or else time of the server. */
function measured(cell: Cell, cites: Cites): Inline[][] {
  const [wall, first, survived] = [cell.of('wall_clock'), cell.of('time_to_first_token'), cell.of('sentences_survived')];
  const [energy, server] = [cell.of('energy'), cell.of('server_seconds')];
  const says: (Inline[] | null)[] = [
    wall && [cites.cite(wall), text(' of wall clock (n = '), cites.cite(wall, 'n'), text(')')],
    first && [cites.cite(first), text(' to the first token')],
    survived && [spelt(survived, cites), text(' of its sentences survived')],
    energy && [cites.cite(energy), text(' of energy')],
    energy === null && server !== null ? [text('server seconds '), cites.cite(server)] : null,
  ];
  return says.filter((said) => said !== null);
}

/** Whether anything shows the recommended one to be better than another: the same profile in serial, or another in its place. */
function isShownBest({ speedUps, comparisons }: CampaignFacts, best: Fact): boolean {
  const isHere = ({ labels }: Fact) => labels.arrangement === best.labels.arrangement && labels.start === best.labels.start;
  const own = speedUps.some((fact) => isOfCell(fact, best) && fact.comparison?.verdict === 'better');
  return own || comparisons.some((fact) => isHere(fact) && fact.comparison?.verdict === 'worse');
}

/** Each other profile's wall clock against the recommended one's, in the same arrangement and start: by verdict, the nearest first. */
function against({ comparisons }: CampaignFacts, best: Fact, cites: Cites): Inline[] {
  const { arrangement, start } = placeOf(best);
  const beside = comparisons
    .filter(
      ({ metric, labels }) => metric === CAMPAIGN_FIELDS.wall_clock.metric && labels.arrangement === arrangement && labels.start === start,
    )
    // Who has less to write is done sooner, and no match.
    .filter(({ comparison }) => !comparison?.caveats.some((caveat) => caveat.startsWith(OTHER_DUTIES)))
    .sort((a, b) => Math.abs(Math.log(Number(a.value))) - Math.abs(Math.log(Number(b.value))));
  const told = VERDICTS.flatMap(([verdict, words]): Inline[] => {
    const own = beside.filter(({ comparison }) => comparison?.verdict === verdict);
    if (own.length === 0) return [];
    const one = (fact: Fact): Inline[] => [code(fact.comparison?.of ?? ''), text(' ('), cites.cite(fact), text(')')];
    return [text(`; ${words}: `), ...listed(own, one, ', '), ...(own.length > MOST ? [text(' and others')] : [])];
  });
  const [head, ...rest] = told;
  return head === undefined ? [] : [text(`. By wall clock beside it: ${head.text.slice(2)}`), ...rest];
}

/** How the caveat begins that two profiles have other things to write. */
const OTHER_DUTIES = 'their duties differ';

/** What is said of another profile's wall clock, the most telling first. */
const VERDICTS = [
  ['better', 'faster'],
  ['worse', 'slower'],
  ['no difference shown', 'no difference shown'],
  ['not enough samples', 'too few runs to tell'],
] as const;

/** `parallel` is slower than `serial`, 0.84 times; with profile and start where they are not the recommended ones. What is not told is no verdict. */
function speedUp(fact: Fact, { recommended: best, cells }: CampaignFacts, cites: Cites): Inline[] {
  const { profile, start } = placeOf(fact);
  const isBest = profile === best?.labels[CAMPAIGN_PROFILE] && start === best?.labels.start;
  const starts = new Set(cells.map((cell) => cell.start)).size > 1;
  return [
    code(fact.comparison?.of ?? ''),
    ...(unshown(fact) === 0
      ? [text(` is ${speedWord(fact)} than `), code('serial')]
      : [text(unshown(fact) === 1 ? ', no difference shown from ' : ', too few runs to tell it from '), code('serial')]),
    text(', speed-up '),
    withInterval(fact, cites),
    ...(isBest ? [] : [text(' (profile '), code(profile), ...(starts ? [text(', '), code(start)] : []), text(')')]),
  ];
}

/** Where the model lies follows from these; what others do to the text, times do not tell. */
const PLACING: ReadonlySet<string> = new Set(['num_gpu', 'num_ctx']);

/** `num_gpu` (3 values: `60`, `80`, `120`). */
function setting(fact: Fact, { cells }: CampaignFacts, { cite }: Cites): Inline[] {
  const values = settingValues(fact, cells);
  const name = settingOf(fact);
  return [
    code(name),
    text(PLACING.has(name) ? ' (' : ' on speed ('),
    cite(fact),
    text(' values'),
    ...values.flatMap((value, i) => [text(i === 0 ? ': ' : ', '), code(value)]),
    text(')'),
  ];
}

/** What needs more runs, each with how many a side, and what has nothing to be compared with; nothing where all is told. */
export function untoldOfCampaign(campaign: CampaignFacts, { cite }: Cites): Inline[][] {
  const { needed, untold, unknownSettings } = campaign;
  const parts: Inline[][] = [];
  if (needed.length > 0)
    parts.push([
      strong('More runs needed'),
      text(': '),
      ...listed(needed, (fact) => [cite(fact), text(' a side for '), code(fact.statistic)]),
      ...more(needed),
    ]);
  if (untold.length > 0)
    parts.push([
      text('nothing to compare with: '),
      ...listed(untold, (fact) => [
        code(fact.statistic),
        text(' for profile '),
        code(placeOf(fact).profile),
        text(' ('),
        cite(fact),
        text(fact.value === 1 ? ' run)' : ' runs)'),
      ]),
      ...more(untold),
    ]);
  if (unknownSettings.length > 0)
    parts.push([
      text('whether a setting has an effect, because nothing tells what was in force: '),
      ...listed(unknownSettings, (fact) => setting(fact, campaign, { cite })),
      ...more(unknownSettings),
    ]);
  return parts;
}

function listed(facts: readonly Fact[], spell: (fact: Fact) => Inline[], between = '; '): Inline[] {
  return facts.slice(0, MOST).flatMap((fact, i) => [text(i === 0 ? '' : between), ...spell(fact)]);
}

function more(facts: readonly Fact[]): Inline[] {
  return facts.length > MOST ? [text('; the others stand under Campaign')] : [];
}
