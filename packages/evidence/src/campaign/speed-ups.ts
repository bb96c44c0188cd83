import { numberText } from '@chimera/shared/domain';
import type { Steps } from '../steps.ts';
import type { CampaignCell } from './cells.ts';
import { type Compared, compare, drift } from './compared.ts';
import { differences, partnerOf, placesOf } from './partners.ts';

/**
 * The wall clock of serial over that of another arrangement, of the same profile and start: above 1 the other is faster. `ratio`
 * and its 95 % `interval` are the inverse of what was judged (`judged[0]`, where serial is `to`).
 */
export type SpeedUp<C extends CampaignCell> = Compared<C> & { ratio: number; interval: [number, number] | null };

/** A cell of which nothing can be told for want of something to compare it with. */
export type Untold<C> = { of: C; against: string; why: 'not measured' | 'other settings' };

/**
 * The speed-up of each cell that is not serial, against serial; those that cannot be told apart. In the order of the cells. A wall
 * clock of zero is none: what took no time was not measured.
 */
export function* speedUpsOf<C extends CampaignCell>(cells: readonly C[]): Steps<{ speedUps: SpeedUp<C>[]; untold: Untold<C>[] }> {
  const speedUps: SpeedUp<C>[] = [];
  const untold: Untold<C>[] = [];
  const places = placesOf(cells);
  const others = cells.filter(({ arrangement }) => arrangement !== 'serial');
  const partners = others.map((of) => partnerOf(of, places(of), places({ ...of, arrangement: 'serial' })));
  const tests = partners.filter(({ why }) => why === null).length;
  for (const [i, of] of others.entries()) {
    const partner = partners[i];
    if (partner === undefined || partner.why !== null) {
      untold.push({ of, against: 'serial', why: partner?.why ?? 'not measured' });
      continue;
    }
    const compared = compare(of, partner.cell, ['wall_clock'], [...caveatsOf(of, partner.cell), ...partner.caveats], tests);
    const inverted = compared && inverse(compared);
    if (compared && inverted) speedUps.push({ ...compared, ...inverted });
    yield;
  }
  return { speedUps, untold };
}

function inverse({ judged: [one] }: Pick<Compared<CampaignCell>, 'judged'>): Pick<SpeedUp<CampaignCell>, 'ratio' | 'interval'> | null {
  const [of, to] = one?.medians ?? [0, 0];
  const ratio = to / of;
  if (!(ratio > 0 && Number.isFinite(ratio))) return null;
  const [low, high] = one?.interval ?? [0, 0];
  const interval: [number, number] = [1 / high, 1 / low];
  return { ratio, interval: interval.every(Number.isFinite) ? interval : null };
}

/** What two arrangements of one profile may have found otherwise. */
const FOUND = ['context_in_force', 'layers_on_gpu', 'engine', 'engine_version', 'model', 'quantization'];

function caveatsOf(of: CampaignCell, serial: CampaignCell): string[] {
  const caveats: string[] = [];
  if (of.arrangement === 'alone') caveats.push('one agent has the duties of both: the duties are the same, the prompts are not');
  if (of.arrangement === 'handoff') caveats.push("insight reads the collector's text too, so its prompts are longer");
  const other = differences(of, serial, FOUND);
  if (other.length > 0) caveats.push(`other settings in force: ${other.join(', ')}`);
  const servers = differences(of, serial, ['server']);
  if (servers.length > 0)
    caveats.push(`${of.arrangement === 'spread' ? 'it has more servers' : 'not on the same servers'}: ${servers.join(', ')}`);
  const longer = drift(of, serial);
  if (longer !== null) caveats.push(`their outputs differ in length (${numberText(longer)} times)`);
  return caveats;
}
