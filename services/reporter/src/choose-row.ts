import { type Choice, choices, chosenLabels, isByLoad, type Subject, workLabels } from '@chimera/evidence';
import type { Fact, Inline } from '@chimera/shared/domain';
import { campaignsIn } from './campaign-facts.ts';
import { chooseOfCampaign } from './campaign-rows.ts';
import type { Cites } from './draft.ts';
import { code, isPlainName, labelName, strong, text } from './inline.ts';
import { names, titleOf } from './screen-words.ts';

/** Studies that the first screen names; the others stand below. */
const MOST_CHOICES = 3;

/**
 * The studies that the screen names first. Of settings that ran too few times the highest is named only where there is nothing better
 * to say; they stand under what cannot be told.
 */
export function toldChoices(facts: Subject): Choice[] {
  const all = choices(facts);
  const told = all.filter(({ needed }) => needed === null);
  return (told.length > 0 ? told : all).slice(0, MOST_CHOICES);
}

/** The configurations to choose, each with its evidence; where no difference is shown, that comes first. */
export function choose(facts: Subject, cites: Cites): Inline[] {
  const all = choices(facts);
  const [campaign, ...further] = campaignsIn(facts);
  if (campaign !== undefined) {
    const line = chooseOfCampaign(campaign, cites);
    if (further.length > 0) line.unshift(text('Of the campaign in '), code(campaign.scope), text(': '));
    if (further.length > 0) line.push(text(' Other campaigns stand under Campaign.'));
    return all.length === 0 ? line : [...line, text(' Further choices stand under Configurations.')];
  }
  if (all.length === 0) return [text('Nothing to choose between: no two configurations did the same work and were measured alike.')];
  const line = toldChoices(facts).flatMap((choice, i) => [...(i === 0 ? [] : [text(' ')]), ...oneChoice(choice, facts, cites)]);
  if (all.length > MOST_CHOICES) line.push(text(' Further ones stand under Configurations.'));
  return line;
}

function oneChoice(choice: Choice, facts: Subject, { cite }: Cites): Inline[] {
  const { best, range } = choice;
  const work = workLabels(range?.labels ?? {});
  const line: Inline[] = [];
  if (work.length > 0) line.push(text('for '), ...names(work), text(': '));
  const own = chosenLabels(choice, facts);
  line.push(
    ...(own.length > 0
      ? own.flatMap(([name, value], i) => [
          text(i === 0 ? '' : ', '),
          isPlainName(name) ? strong(name) : code(name),
          text(' '),
          code(value),
        ])
      : [code(best.scope)]),
  );
  line.push(text(', '), cite(best, 'full'), text(` ${titleOf(best.metric)}`));
  if (own.length > 0) line.push(text(' in '), code(best.scope));
  line.push(...standing(choice, { cite }));
  if (isByLoad(choice, facts)) line.push(text('; only the load sets them apart, so weigh it against the wait'));
  for (const [i, cost] of choice.costs.entries())
    line.push(text(i === 0 ? '; it costs ' : ' and '), cite(cost), text(` the best ${titleOf(cost.metric)}`));
  return [...line, text('.')];
}

/** Comparisons that a choice names. */
const MOST_COMPARED = 3;

/** How the choice stands against the others: what is shown, and where nothing is, why. */
function standing({ comparisons, needed, range }: Choice, { cite }: Cites): Inline[] {
  const shown = comparisons.filter(({ comparison }) => comparison?.verdict === 'better');
  const others = comparisons.filter(({ comparison }) => comparison?.verdict !== 'better');
  if (shown.length > 0) {
    const named = shown.slice(0, MOST_COMPARED);
    const line: Inline[] = [text('; better than ')];
    line.push(
      ...named.flatMap((f, i) => [
        text(i === 0 ? '' : i < named.length - 1 ? ', ' : ' and '),
        ...other(f),
        text(' ('),
        ...ratio(f, { cite }),
        text(')'),
      ]),
    );
    if (shown.length > named.length) line.push(text(' and others'));
    if (others[0]) line.push(text(', no difference shown from '), ...other(others[0]));
    if (named.some(differInLength))
      line.push(text('; '), strong('their outputs differ in length'), text(', which alone may be the reason'));
    return line;
  }
  const apart: Inline[] = range ? [text(': '), cite(range, 'n'), text(' configurations differ by up to '), cite(range)] : [];
  if (needed === null) return [text('; no difference from the next is shown'), ...apart];
  const all = needed.n === range?.n;
  return [
    text(`; the highest measured, and with so few runs${all ? '' : ' of some'} no difference is shown`),
    ...apart,
    ...(range ? [text(', '), cite(needed), text(` more of ${all ? 'each' : 'those that ran least'} needed`)] : []),
  ];
}

/** A ratio as it is; where the other side's median is zero there is none. */
function ratio(fact: Fact, { cite }: Cites): Inline[] {
  return fact.unit === 'times' ? [cite(fact)] : [text('whose median is zero; here '), cite(fact)];
}

function differInLength({ comparison }: Fact): boolean {
  return comparison?.caveats.some((caveat) => caveat.includes('differ in length')) ?? false;
}

/** The other side of a comparison: its value of the label studied. */
function other({ comparison }: Fact): Inline[] {
  if (comparison === undefined) return [];
  return comparison.label === 'file' ? [code(comparison.to)] : [...labelName('', comparison.label), code(comparison.to)];
}
