import { isCanonical, METRICS } from '@chimera/shared/domain';
import type { Direction } from './claim.ts';
import type { Entry } from './entry.ts';
import type { Setting } from './frame.ts';
import { contradicted, type Judgement, supported, unsupported } from './judgement.ts';
import { type Compared, comparisonsOf, mediansOf, type Sides, sidesOf } from './pairs.ts';
import type { Truth } from './truth.ts';

/** Judges words that compare: by the verdict of a comparison of the same two, else by what their medians say. */
export function judgeComparison(
  claim: { start: number; end: number; direction: Direction },
  setting: Setting,
  metrics: ReadonlySet<number> | null,
  truth: Truth,
): Judgement {
  const sides = sidesOf(claim, setting);
  if (sides === null) return unsupported('it does not name two things that the artifacts tell apart');
  const all = comparisonsOf(sides.pairs, metrics, setting, truth).map((compared) => ({
    ...compared,
    agrees: agreesWith(compared, claim.direction),
  }));
  // Said of no metric, "faster" is said of throughput where that was compared.
  const ofRate = metrics === null ? all.filter(({ fact }) => fact.metric.endsWith('throughput')) : [];
  const verdicts = ofRate.length > 0 ? ofRate : all;
  const against = verdicts.find(({ agrees }) => agrees === false);
  const [first] = verdicts.filter(({ agrees }) => agrees === true);
  if (against && !first) return contradicted(against.fact.claim, [against.fact.id]);
  if (first && !against) return supported(first.fact.claim, [first.fact.id]);
  if (verdicts.length > 0) return unsupported(verdicts[0]?.fact.claim ?? 'the comparisons disagree');
  return byMedians(sides, claim.direction, metrics, setting, truth);
}

/** Whether a comparison says so; null where it has no verdict. */
function agreesWith({ fact: { comparison, metric }, turned }: Compared, direction: Direction): boolean | null {
  if (!comparison) return null;
  if (comparison.verdict === 'not enough samples') return null;
  if (comparison.verdict === 'no difference shown') return direction === 'same';
  if (direction === 'same') return false;
  const better = (comparison.verdict === 'better') !== turned;
  return better === wantsBetter(direction, metric);
}

/** Whether a direction, of this metric, is the better one; `higher` and `lower` speak of the value. */
function wantsBetter(direction: Direction, metric: string): boolean {
  if (direction === 'better') return true;
  if (direction === 'worse') return false;
  const lowerIsBetter = isCanonical(metric) && METRICS[metric].direction === 'lower';
  return (direction === 'higher') !== lowerIsBetter;
}

const SPEED = ['output_token_throughput', 'time_to_first_token'];

/** What was not compared: by the medians of the two, where all of one lie beyond all of the other. */
function byMedians(
  { of, to }: Sides,
  direction: Direction,
  metrics: ReadonlySet<number> | null,
  setting: Setting,
  truth: Truth,
): Judgement {
  if (direction === 'same') return unsupported('no comparison of the two was possible');
  const wanted = metrics ?? new Set(SPEED.map((metric) => truth.metricNumbers.get(metric) ?? -1).filter((i) => i >= 0));
  let agree = 0;
  let against: Entry | null = null;
  for (const metric of wanted) {
    const name = truth.metrics[metric] ?? '';
    if (!isCanonical(name) || METRICS[name].direction === 'none') continue;
    const [ours, theirs] = [mediansOf(of, metric, setting, truth), mediansOf(to, metric, setting, truth)];
    const [example] = ours;
    if (example === undefined || theirs.length === 0) continue;
    const [least, most] = [ours, theirs]
      .map((some) => some.map(({ value }) => value).sort((a, b) => a - b))
      .map((v) => [v[0] ?? 0, v.at(-1) ?? 0]);
    const higher = (least?.[0] ?? 0) > (most?.[1] ?? 0) ? true : (least?.[1] ?? 0) < (most?.[0] ?? 0) ? false : null;
    if (higher === null) return unsupported('the values of the two overlap, and no comparison of them was possible');
    const expected =
      direction === 'higher' || direction === 'lower'
        ? direction === 'higher'
        : wantsBetter(direction, name) !== (METRICS[name].direction === 'lower');
    if (higher === expected) agree++;
    else against ??= example;
  }
  if (against?.fact && agree === 0) return contradicted(`every value says the opposite: ${against.fact.claim}`, [against.fact.id]);
  return unsupported(agree > 0 ? 'the values lie that way, but no comparison shows it' : 'nothing of the two can be compared');
}
