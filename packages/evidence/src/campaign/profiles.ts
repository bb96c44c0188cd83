import { numberText } from '@chimera/shared/domain';
import type { Steps } from '../steps.ts';
import type { CampaignCell } from './cells.ts';
import { type Compared, compare, differ, drift, familyOf } from './compared.ts';
import { differences, partnerOf, placesOf } from './partners.ts';
import type { Untold } from './speed-ups.ts';
import { haveSameDuties } from './words.ts';

/** Each profile against one, the recommended, in each arrangement and start in which both ran; in the order of the cells. */
export function* profileComparisonsOf<C extends CampaignCell>(
  cells: readonly C[],
  against: string,
): Steps<{ comparisons: Compared<C>[]; untold: Untold<C>[] }> {
  const comparisons: Compared<C>[] = [];
  const untold: Untold<C>[] = [];
  const places = placesOf(cells);
  const others = cells.filter(({ profile }) => profile !== against);
  const partners = others.map((of) => partnerOf(of, places(of), places({ ...of, profile: against })));
  const place = ({ arrangement, start }: C) => `${arrangement} ${start}`;
  const tests = Map.groupBy(
    others.filter((_, i) => partners[i]?.why === null),
    place,
  );
  for (const [i, of] of others.entries()) {
    const partner = partners[i];
    if (partner === undefined || partner.why !== null) {
      // A profile need not have run in every arrangement; that other settings were in force is worth a word.
      if (partner?.why === 'other settings') untold.push({ of, against: `profile ${against}`, why: partner.why });
      continue;
    }
    const caveats = [...caveatsOf(of, partner.cell), ...partner.caveats];
    const compared = compare(of, partner.cell, familyOf(of, partner.cell), caveats, tests.get(place(of))?.length ?? 1);
    if (compared !== null) comparisons.push(compared);
    yield;
  }
  return { comparisons, untold };
}

/** What is found, by the setting that asks for it: where two profiles ask for the same and find another, it is worth a word. */
const ASKED: Readonly<Record<string, string>> = { context_in_force: 'num_ctx', layers_on_gpu: 'num_gpu' };

function caveatsOf(of: CampaignCell, to: CampaignCell): string[] {
  const caveats: string[] = [];
  if (!haveSameDuties(of.labels, to.labels)) caveats.push('their duties differ: one has less to write than the other, or something else');
  if (differ(of, to, 'model'))
    caveats.push(
      'their models differ: a token of one is not a token of the other, so tokens per second and time per output token are not compared',
    );
  const found = Object.entries(ASKED).flatMap(([name, setting]) => (differ(of, to, setting) || differ(of, to, 'model') ? [] : [name]));
  const other = differences(of, to, [...found, 'engine', 'engine_version']);
  if (other.length > 0) caveats.push(`other settings in force: ${other.join(', ')}`);
  const servers = differences(of, to, ['server']);
  if (servers.length > 0) caveats.push(`not on the same servers: ${servers.join(', ')}`);
  const longer = drift(of, to);
  if (longer !== null) caveats.push(`their outputs differ in length (${numberText(longer)} times)`);
  return caveats;
}
