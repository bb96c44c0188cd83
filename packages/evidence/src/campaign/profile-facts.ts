import { CAMPAIGN_FIELDS, CAMPAIGN_PROFILE, counted, type Fact, METRICS } from '@chimera/shared/domain';
import { VERDICT_FORMULA } from '../comparisons.ts';
import { fact, shown } from '../fact.ts';
import type { Judged } from '../verdict.ts';
import type { Compared } from './compared.ts';
import type { EvidencedCell } from './evidenced-cells.ts';
import { adjustedText, caveatText, comparisonPart, draftOf, sourcesOf } from './fact-parts.ts';
import { differences } from './partners.ts';
import { listed, titleOf } from './words.ts';

/** The verdicts on one profile against another in one arrangement and start: the wall clock, and every other metric that was tested. */
export function profileFacts(one: Compared<EvidencedCell>): Fact[] {
  const wall = CAMPAIGN_FIELDS.wall_clock.metric;
  return one.judged.filter(({ metric, p }) => metric === wall || p !== null).map((judged) => profileFact(judged, one));
}

function profileFact(judged: Judged, one: Compared<EvidencedCell>): Fact {
  const { of, to } = one;
  const { unit } = METRICS[judged.metric];
  return fact({
    ...draftOf(of),
    metric: judged.metric,
    statistic: `ratio of medians: profile ${of.profile} against ${to.profile} in ${of.arrangement}, ${of.start}`,
    value: judged.ratio ?? judged.medians[0],
    unit: judged.ratio === null ? unit : 'times',
    n: judged.n[0] + judged.n[1],
    interval: judged.interval,
    claim: claimOf(judged, one, unit),
    formula: VERDICT_FORMULA,
    sources: sourcesOf([of, to]),
    comparison: comparisonPart(judged, one, { label: CAMPAIGN_PROFILE, of: of.profile, to: to.profile }),
  });
}

/** Settings that a claim names; all stand in the labels. */
const MOST_NAMED = 3;

function claimOf(judged: Judged, one: Compared<EvidencedCell>, unit: string): string {
  const { of, to, caveats } = one;
  const { ratio, interval, n, verdict, needed } = judged;
  const side = (i: 0 | 1) => `${shown({ value: judged.medians[i], unit })} (n = ${n[i]})`;
  const between =
    interval === null
      ? ''
      : ` (95 % interval ${shown({ value: interval[0], unit: null })} to ${shown({ value: interval[1], unit: null })})`;
  const times = ratio === null ? '' : `, ${shown({ value: ratio, unit: 'times' })}${between}`;
  const told = verdict === 'not enough samples' ? `${verdict}: ${counted(needed, 'more run')} a side needed` : verdict;
  const tested = one.judged.filter(({ p }) => p !== null).length;
  return `${titleOf(judged.metric)}, profile ${of.profile} against ${to.profile} in ${of.arrangement}, ${of.start}${settingsText(of, to)}: ${side(0)} against ${side(1)}${times}: ${told}${adjustedText(judged, tested, one)}.${caveatText(caveats)}`;
}

/** What was set otherwise, as far as it can be named in a few words. */
function settingsText(of: EvidencedCell, to: EvidencedCell): string {
  const found = [CAMPAIGN_PROFILE, 'context_in_force', 'layers_on_gpu', 'server', 'engine', 'engine_version'];
  const all = differences(
    of,
    to,
    Object.keys(of.labels).filter((name) => !found.includes(name)),
  );
  if (all.length === 0) return '';
  const more = all.length > MOST_NAMED ? [`${counted(all.length - MOST_NAMED, 'further setting')}`] : [];
  return ` (${listed([...all.slice(0, MOST_NAMED), ...more])})`;
}
