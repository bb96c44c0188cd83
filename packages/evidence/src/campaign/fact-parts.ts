import { type Comparison, type Fact, numberText, type Source } from '@chimera/shared/domain';
import { comparisonOf } from '../comparisons.ts';
import { shown } from '../fact.ts';
import type { Judged } from '../verdict.ts';
import type { CampaignCell } from './cells.ts';
import type { Compared } from './compared.ts';
import type { EvidencedCell } from './evidenced-cells.ts';

/** Where the wall clocks of these cells stand, each place once. */
export function sourcesOf(cells: readonly EvidencedCell[]): Source[] {
  return [...new Set(cells)].flatMap(({ groups }) => groups.get('wall_clock')?.group.sources ?? []);
}

/** What the facts of one cell have in common. */
export function draftOf({
  labels,
  scope,
  groups,
}: EvidencedCell): Pick<Fact, 'kind' | 'labels' | 'scope'> & Pick<Partial<Fact>, 'derivedLabels'> {
  const derived = groups.get('wall_clock')?.group.derived ?? [];
  return { kind: 'campaign', labels, scope, ...(derived.length > 0 ? { derivedLabels: derived } : {}) };
}

/** The comparison of one metric as facts carry it; the family is what was tested together. */
export function comparisonPart(
  one: Judged,
  { judged, caveats }: Pick<Compared<CampaignCell>, 'judged' | 'caveats'>,
  names: Pick<Comparison, 'label' | 'of' | 'to'>,
): Comparison {
  const tested = judged.filter(({ p }) => p !== null);
  const family = (tested.length > 0 ? tested : judged).map(({ metric }) => metric as string);
  return comparisonOf(one, { ...names, family, caveats: [...caveats] });
}

/** `27.1 s against 22.8 s`. */
export function mediansText({ medians: [of, to] }: Pick<Judged, 'medians'>, unit: string): string {
  return `${shown({ value: of, unit })} against ${shown({ value: to, unit })}`;
}

/** ` (95 % interval 0.82 to 0.86; n = 8 and 8)`. */
export function certaintyText(interval: readonly [number, number] | null, n: readonly [number, number]): string {
  const between = interval === null ? '' : `95 % interval ${numberText(interval[0])} to ${numberText(interval[1])}; `;
  return ` (${between}n = ${n[0]} and ${n[1]})`;
}

/** How p was adjusted: nothing where it was looked at once, and there is one metric and one comparison alone. */
export function adjustedText({ adjusted }: Judged, family: number, { looks, tests }: { looks: number; tests: number }): string {
  if (adjusted === null) return '';
  const over = family > 1 ? ` in a family of ${family}` : '';
  const looked = looks > 1 ? `, counted ${looks}-fold because the campaign may look at its results ${looks} times` : '';
  const beside = tests > 1 ? `, counted ${tests}-fold because so many such comparisons were made` : '';
  return `; adjusted p ${numberText(adjusted)}${over}${looked}${beside}`;
}

/** ` Caveat: …; ….`, or nothing. */
export function caveatText(caveats: readonly string[]): string {
  return caveats.length === 0 ? '' : ` ${caveats.length === 1 ? 'Caveat' : 'Caveats'}: ${caveats.join('; ')}.`;
}
