import { agentsOf, counted } from '@chimera/shared/domain';
import { ollamaUrl } from '@chimera/shared/service';
import type { CampaignFile } from './campaign-file.ts';
import { cellsOf } from './cell.ts';
import type { Faults } from './faults.ts';
import { type GivenProfile, MOST_RUNS } from './profile-matrix.ts';

/** The addresses of a file's servers as URLs, each once. */
export function serversOf(given: readonly (string | undefined)[], faults: Faults): string[] {
  const urls: string[] = [];
  for (const [i, text] of given.entries()) {
    try {
      const url = ollamaUrl(text ?? '');
      if (urls.some((other) => sameServer(other, url))) faults.add(['servers', i], 'is a server that was named already');
      urls.push(url);
    } catch (error) {
      faults.add(['servers', i], (error as Error).message);
    }
  }
  return urls;
}

/**
 * Whether two addresses are those of one server: all names of this machine are one, and who asks it, or with how many slots, makes it
 * no other. What two other names stand for is not looked up.
 */
export function sameServer(one: string, other: string): boolean {
  return placeOf(one) === placeOf(other);
}

const HERE = new Set(['localhost', '[::1]']);

function placeOf(given: string): string {
  const url = new URL(given);
  const host = url.hostname.replace(/\.$/, '');
  return [url.protocol, HERE.has(host) ? '127.0.0.1' : host, url.port, url.pathname.replace(/\/+$/, ''), url.search].join(' ');
}

/** What is wrong with a profile by itself. */
export function checkProfile({ path, agents, arrangements, duties }: GivenProfile, faults: Faults): void {
  const count = Object.keys(agents).length;
  const forTwo = (arrangements ?? []).filter((one) => one !== 'alone');
  if (count === 1 && forTwo.length > 0)
    faults.add(
      [...path, 'arrangements'],
      `${forTwo.join(', ')} ${forTwo.length === 1 ? 'takes' : 'take'} two agents, and this profile has one: leave the line out`,
    );
  if (count === 2 && duties !== undefined)
    faults.add([...path, 'duties'], 'is for a profile of one agent: two agents have their own duties anyway');
}

/** What is wrong with a campaign as a whole, once its parts are as expected. */
export function checkWhole(file: CampaignFile, given: readonly GivenProfile[], faults: Faults): void {
  if (file.profiles.length === 0) {
    // One that cannot be read has been a fault already.
    if (!faults.any) faults.add([], 'names no profile: give profiles, a matrix, or both');
    return;
  }
  checkNames(given, faults);
  if (file.mostRepeats < file.repeats) faults.add(['most_repeats'], `is less than repeats, which is ${file.repeats}`);
  const cells = cellsOf(file);
  const forTwo = (file.arrangements ?? []).filter((one) => one !== 'alone');
  if (forTwo.length > 0 && file.profiles.every(({ profile }) => agentsOf(profile).length === 1))
    faults.add(['arrangements'], `${forTwo.join(', ')} ${forTwo.length === 1 ? 'takes' : 'take'} two agents, and no profile has two`);
  const runs = cells.length * file.repeats;
  if (runs > MOST_RUNS)
    faults.add(
      [],
      `asks for ${runs} runs (${counted(cells.length, 'cell')} of profile, arrangement and start, ${file.repeats} times each), and ${MOST_RUNS} are the most: give fewer values or repeats`,
    );
  if (file.servers.length > 0) {
    const fault = serversFault(file, file.servers);
    if (fault !== null) faults.add(['servers'], fault);
  }
}

/** Why a campaign cannot be run on these servers: a sentence; null where it can. For those of the command line and the environment too. */
export function serversFault(file: CampaignFile, servers: readonly string[]): string | null {
  if (servers.length >= 2 || !cellsOf(file).some(({ arrangement }) => arrangement === 'spread')) return null;
  return `The arrangement spread needs two servers at least, and ${servers.length === 1 ? 'one is' : 'none is'} given: name another one, or leave spread out of the arrangements.`;
}

function checkNames(given: readonly GivenProfile[], faults: Faults): void {
  const seen = new Set<string>();
  for (const { name, path } of given) {
    if (seen.has(name)) faults.add(path, `is called "${name}", as another profile is: each needs a name of its own`);
    seen.add(name);
  }
}
