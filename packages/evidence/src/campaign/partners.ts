import { type CampaignCell, runsOf } from './cells.ts';
import { NOT_TOLD } from './words.ts';

/** Labels that belong to a cell's place in the campaign: cells of one profile, arrangement and start may differ in all others. */
const PLACE = new Set(['campaign_profile', 'arrangement', 'start', 'agents', 'server']);

/** With which cell another is compared, and what must be said of that; or why with none. */
export type Partner<C> = { why: null; cell: C; caveats: string[] } | { why: 'not measured' | 'other settings' };

/**
 * The one of `others`, cells of one profile, arrangement and start, with which `of` is compared. `beside` are the cells of its own
 * profile, arrangement and start, itself among them. Where the runs of a side were of several settings in force, only cells of the
 * same are compared; of several that differ in their server alone, that with the most runs.
 */
export function partnerOf<C extends CampaignCell>(of: C, beside: readonly C[], others: readonly C[]): Partner<C> {
  if (others.length === 0) return { why: 'not measured' };
  const split = [...new Set([...varying(beside), ...varying(others)])];
  const alike = others.filter(({ labels }) => split.every((name) => labels[name] === of.labels[name]));
  const near = alike.filter(({ labels }) => labels.server === of.labels.server);
  const [cell] = [...(near.length > 0 ? near : alike)].sort((a, b) => runsOf(b) - runsOf(a));
  if (cell === undefined) return { why: 'other settings' };
  return { why: null, cell, caveats: [beside, others].flatMap((cells) => (cells.length > 1 ? [splitText(cells)] : [])) };
}

/** Finds the cells of one profile, arrangement and start: several where runs found several settings in force. */
export function placesOf<C extends CampaignCell>(cells: readonly C[]): (of: Place) => readonly C[] {
  const keyOf = ({ profile, arrangement, start }: Place) => JSON.stringify([profile, arrangement, start]);
  const places = Map.groupBy(cells, keyOf);
  return (of) => places.get(keyOf(of)) ?? [];
}

type Place = Pick<CampaignCell, 'profile' | 'arrangement' | 'start'>;

/** The labels in which cells of one profile, arrangement and start differ, beside their servers. */
function varying(cells: readonly CampaignCell[]): string[] {
  const [first] = cells;
  return Object.keys(first?.labels ?? {}).filter(
    (name) => !PLACE.has(name) && cells.some(({ labels }) => labels[name] !== first?.labels[name]),
  );
}

/** `the runs of profile a in serial, warm are of 2 sorts, kept apart: context_in_force 4096 (5 runs); context_in_force 8192 (3 runs)`. */
export function splitText(cells: readonly CampaignCell[]): string {
  const [first] = cells;
  if (first === undefined) return '';
  const names = varying(cells);
  const told = names.length > 0 ? names : ['server'];
  const sorts = cells.map(
    (cell) =>
      `${told.map((name) => `${name} ${cell.labels[name] ?? NOT_TOLD}`).join(', ')} (${runsOf(cell)} ${runsOf(cell) === 1 ? 'run' : 'runs'})`,
  );
  return `the runs of profile ${first.profile} in ${first.arrangement}, ${first.start} are of ${cells.length} sorts, kept apart: ${sorts.join('; ')}`;
}

/** `context_in_force 4096 against 8192`, for each of the labels in which the two differ. */
export function differences(of: CampaignCell, to: CampaignCell, names: readonly string[]): string[] {
  return names
    .filter((name) => of.labels[name] !== to.labels[name])
    .map((name) => `${name} ${of.labels[name] ?? NOT_TOLD} against ${to.labels[name] ?? NOT_TOLD}`);
}
