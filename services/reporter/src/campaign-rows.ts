import type { Subject } from '@chimera/evidence';
import { CAMPAIGN_FIELDS, CAMPAIGN_PROFILE, type Fact, type Inline } from '@chimera/shared/domain';
import { type Cell, isOfCell, placeOf } from './campaign-cells.ts';
import { excludedCounts, unansweredCounts } from './campaign-excluded.ts';
import { type CampaignFacts, settingOf, settingValues, unshown } from './campaign-facts.ts';
import { speedWord, spelt, withInterval } from './campaign-words.ts';
import type { Cites } from './draft.ts';
import { code, strong, text } from './inline.ts';

/** Of each sort, what a row of the first screen names; the rest stands under Campaign. */
const MOST = 3;

/** The profile to choose, what the arrangements bring, and what brings nothing. */
export function chooseOfCampaign(campaign: CampaignFacts, cites: Cites): Inline[] {
  const line = recommended(campaign, cites);
  const told = campaign.speedUps.filter((fact) => unshown(fact) < 2);
  // Each arrangement once: the first of several is that of the recommended profile, or the one that shows most.
  const ways = told.filter((fact, i) => told.findIndex((other) => other.comparison?.of === fact.comparison?.of) === i);
  if (ways.length > 0)
    line.push(
      text(' '),
      strong('Arrangements'),
      text(': '),
      ...listed(ways, (fact) => speedUp(fact, campaign, cites)),
      text(told.length > Math.min(ways.length, MOST) ? '; the others stand under Campaign.' : '.'),
    );
  if (campaign.settings.length > 0)
    line.push(text(' '), strong('Without effect'), text(': '), ...listed(campaign.settings, (fact) => setting(fact, campaign, cites)));
  if (campaign.settings.length > 0) line.push(...more(campaign.settings), text('.'));
  return line;
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
  const alone = fact.value === 1;
  return [
    ...line,
    text(alone ? '; no other (front: ' : '; profiles and arrangements that no other beats in everything measured: '),
    cites.cite(fact),
    text(alone ? ') stands beside it in everything measured.' : ', itself among them.'),
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

/** Each other profile's wall clock against the recommended one's, in the same arrangement and start. */
function against({ comparisons }: CampaignFacts, best: Fact, cites: Cites): Inline[] {
  const { arrangement, start } = placeOf(best);
  const beside = comparisons
    .filter(
      ({ metric, labels }) => metric === CAMPAIGN_FIELDS.wall_clock.metric && labels.arrangement === arrangement && labels.start === start,
    )
    .sort((a, b) => unshown(a) - unshown(b) || Number(b.value) - Number(a.value));
  if (beside.length === 0) return [];
  return [
    text('. Beside it: '),
    ...listed(beside, (fact) => [
      code(fact.comparison?.of ?? ''),
      text(' has '),
      cites.cite(fact),
      text(` its wall clock, ${fact.comparison?.verdict ?? ''}`),
    ]),
    ...more(beside),
  ];
}

/** `parallel` is slower than `serial`, 0.84 times; with the profile where it is not the recommended one. */
function speedUp(fact: Fact, { recommended: best, cells }: CampaignFacts, cites: Cites): Inline[] {
  const { profile, start } = placeOf(fact);
  const isBest = profile === best?.labels[CAMPAIGN_PROFILE];
  const starts = new Set(cells.map((cell) => cell.start)).size > 1;
  return [
    code(fact.comparison?.of ?? ''),
    ...(unshown(fact) === 0
      ? [text(` is ${speedWord(fact)} than `), code('serial')]
      : [text(', no difference shown from '), code('serial')]),
    text(', speed-up '),
    withInterval(fact, cites),
    ...(isBest && !starts ? [] : [text(' (profile '), code(profile), ...(starts ? [text(', '), code(start)] : []), text(')')]),
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
        text(' runs)'),
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

/** How many runs were excluded, and where each stands with its reason; and how many calls of runs that count got no answer. */
export function watchOfCampaign(facts: Subject, { cite }: Cites): Inline[] {
  const excluded = excludedCounts(facts).flatMap(({ path, failed, records }): Inline[] => [
    strong('Excluded'),
    text(': '),
    cite(failed),
    ...(records === null ? [] : [text(' of '), cite(records)]),
    text(' tries in '),
    code(path),
    text(', counted nowhere; Gaps and Refused Files names each and says why. '),
  ]);
  const unanswered = unansweredCounts(facts).flatMap(({ path, failed, records }): Inline[] => [
    strong('Calls without an answer'),
    text(', in runs that count: '),
    cite(failed),
    ...(records === null ? [] : [text(' of '), cite(records)]),
    text(' in '),
    code(path),
    text('. '),
  ]);
  return [...excluded, ...unanswered];
}

function listed(facts: readonly Fact[], spell: (fact: Fact) => Inline[]): Inline[] {
  return facts.slice(0, MOST).flatMap((fact, i) => [text(i === 0 ? '' : '; '), ...spell(fact)]);
}

function more(facts: readonly Fact[]): Inline[] {
  return facts.length > MOST ? [text('; the others stand under Campaign')] : [];
}
