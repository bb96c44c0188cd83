import { byCodeUnit, CAMPAIGN_PROFILE, OPTION_NAMES } from '@chimera/shared/domain';
import { labelsJson } from '@chimera/shared/store';
import type { Steps } from '../steps.ts';
import type { CampaignCell } from './cells.ts';
import { type Compared, compare, FAMILY } from './compared.ts';
import { NOT_TOLD } from './words.ts';

/** A setting of which no value makes a difference that is shown, everything else being equal. */
export type SettingEffect<C extends CampaignCell> = {
  setting: string;
  /** what it was set to, in order */
  values: readonly string[];
  /** what all profiles that are compared have in common */
  labels: Readonly<Record<string, string>>;
  /** what was found in force, the same for all; null where a run's server does not tell: then nobody can say that it had no effect */
  found: { context: string; layers: string } | null;
  cells: readonly C[];
  /** every pair with enough runs on both sides, none of which shows a difference */
  pairs: readonly Compared<C>[];
};

/** Cells of one place of which every pair is looked at. */
const MOST_CELLS = 24;

const FOUND = ['context_in_force', 'layers_on_gpu'] as const;
/** Where a run stands in its campaign: what a setting does is looked at in each place by itself. */
const PLACE = ['arrangement', 'start', 'server', 'agents'];

/**
 * The settings without effect: profiles that differ in that setting alone, with the same context in force and as many layers on
 * the GPU, where no difference is shown in any metric wherever two of them have runs enough, and in one arrangement and start at
 * least all of them have. A setting of which some values do nothing and others do is told of the former.
 */
export function* settingEffectsOf<C extends CampaignCell>(cells: readonly C[]): Steps<SettingEffect<C>[]> {
  const found: SettingEffect<C>[] = [];
  for (const setting of OPTION_NAMES) {
    const alike = Map.groupBy(cells, ({ labels }) => labelsJson(without(labels, [CAMPAIGN_PROFILE, setting, ...PLACE])));
    for (const [, own] of [...alike].sort(([a], [b]) => byCodeUnit(a, b))) {
      const effect = yield* effectOf(setting, own);
      if (effect !== null) found.push(effect);
    }
  }
  return found;
}

/** @param cells of one found context and number of layers, alike in every other setting */
function* effectOf<C extends CampaignCell>(setting: string, cells: readonly C[]): Steps<SettingEffect<C> | null> {
  const values = valuesOf(setting, cells);
  const [first] = cells;
  if (first === undefined || values.length < 2) return null;
  const pairs: Compared<C>[] = [];
  let complete = false;
  for (const place of Map.groupBy(cells, ({ labels }) => labelsJson(without(labels, [CAMPAIGN_PROFILE, setting]))).values()) {
    // Of so many every pair is more than anybody waits for; nothing is said then.
    if (place.length > MOST_CELLS) return null;
    const own = pairsIn(setting, place);
    if (own.some(({ judged }) => judged.some(({ verdict, p }) => p !== null && verdict !== 'no difference shown'))) return null;
    const enough = own.filter(({ judged: [wall] }) => wall?.verdict === 'no difference shown');
    complete ||= enough.length === own.length && valuesOf(setting, place).length === values.length;
    pairs.push(...enough);
    yield;
  }
  if (!complete) return null;
  return { setting, values, labels: without(first.labels, [CAMPAIGN_PROFILE, setting, ...PLACE]), found: foundIn(first), cells, pairs };
}

function pairsIn<C extends CampaignCell>(setting: string, cells: readonly C[]): Compared<C>[] {
  const pairs = cells.flatMap((of, i) =>
    cells.slice(i + 1).flatMap((to) => (of.labels[setting] === to.labels[setting] ? [] : [{ of, to }])),
  );
  return pairs.flatMap(({ of, to }) => compare(of, to, FAMILY, [], pairs.length) ?? []);
}

function foundIn({ labels }: CampaignCell): SettingEffect<CampaignCell>['found'] {
  const [context = NOT_TOLD, layers = NOT_TOLD] = FOUND.map((name) => labels[name]);
  // Of two agents one may tell and the other not.
  return context.includes(NOT_TOLD) || layers.includes(NOT_TOLD) ? null : { context, layers };
}

/** By number, where all are numbers, `default` before them; else by code unit. */
function valuesOf(setting: string, cells: readonly CampaignCell[]): string[] {
  const all = [...new Set(cells.flatMap(({ labels }) => labels[setting] ?? []))];
  return all.sort((a, b) => Number(b === 'default') - Number(a === 'default') || Number(a) - Number(b) || byCodeUnit(a, b));
}

function without(labels: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !names.includes(name)));
}
