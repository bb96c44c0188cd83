import { type Arrangement, agentsOf, type Profile, type Start } from '@chimera/shared/domain';
import type { CampaignFile } from './campaign-file.ts';

/** What a campaign repeats: one profile in one arrangement, with the model loaded or not. */
export type Cell = {
  /** of the profile, as the file names it */
  name: string;
  /** as it is run: `alone` leaves one agent with the duties of both */
  profile: Profile;
  arrangement: Arrangement;
  start: Start;
};

/** In which arrangements two agents are put to work where the file does not say. */
export const DEFAULT_ARRANGEMENTS: readonly Arrangement[] = ['serial', 'parallel'];

/** All cells of a campaign, in the order of the file: by profile, then arrangement, then start. */
export function cellsOf(file: CampaignFile): Cell[] {
  return file.profiles.flatMap(({ profile, arrangements }) => {
    const ways: readonly Arrangement[] =
      agentsOf(profile).length === 1 ? ['alone'] : (arrangements ?? file.arrangements ?? DEFAULT_ARRANGEMENTS);
    return ways.flatMap((arrangement) =>
      file.starts.map((start) => ({ name: profile.name, profile: asRun(profile, arrangement, file), arrangement, start })),
    );
  });
}

/** One text for a cell, the same for equal cells and no others. */
export function cellKey({ name, arrangement, start }: Pick<Cell, 'name' | 'arrangement' | 'start'>): string {
  return JSON.stringify([name, arrangement, start]);
}

function asRun(profile: Profile, arrangement: Arrangement, { alone }: CampaignFile): Profile {
  const settings = profile.agents[alone];
  if (arrangement !== 'alone' || agentsOf(profile).length === 1 || settings === undefined) return profile;
  return { name: profile.name, agents: { [alone]: settings } };
}
