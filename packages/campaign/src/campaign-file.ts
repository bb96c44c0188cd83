import { dirname, resolve } from 'node:path';
import { AGENT_NAMES, type AgentName, type AgentProfile, type Arrangement, type Profile, type Start } from '@chimera/shared/domain';
import { LineCounter, parseDocument } from 'yaml';
import { Faults } from './faults.ts';
import { checkProfile, checkWhole, serversOf } from './file-checks.ts';
import { type AgentEntry, FILE_SHAPE, PROFILE_SHAPE } from './file-shape.ts';
import { type GivenProfile, profilesOfMatrix } from './profile-matrix.ts';

/** A profile of a campaign; `arrangements` null: those of the file. */
export type CampaignProfile = { profile: Profile; arrangements: Arrangement[] | null };

/** What a campaign's file asks for. */
export type CampaignFile = {
  name: string;
  title: string | null;
  /** the folder, absolute: a relative one is relative to the file */
  dataset: string;
  /** URLs; empty: those of the command line and the environment */
  servers: string[];
  seed: number;
  repeats: number;
  /** of a cell, with those that are added until all is decided */
  mostRepeats: number;
  /** tries at a run, as long as the tries before were excluded by an accident */
  attempts: number;
  starts: Start[];
  /** of profiles with two agents; null: serial and parallel */
  arrangements: Arrangement[] | null;
  /** whose settings the one agent has in the arrangement `alone` */
  alone: AgentName;
  profiles: CampaignProfile[];
};

/** A campaign's file that cannot be run as it stands; the message names the file and lists all its faults. */
export class CampaignFault extends Error {
  override name = 'CampaignFault';
}

// Reading YAML takes time by the square of its keys, and its aliases can make much of little.
const MOST_CHARACTERS = 262_144;
const MOST_ALIASES = 100;

/**
 * Reads a campaign's file:
 *
 * ```yaml
 * name: gemma3-settings
 * title: What the settings of gemma3 do      # optional
 * dataset: ../artifacts                      # a folder, relative to this file
 * servers: [http://127.0.0.1:11434]          # optional: else --ollama, CHIMERA_OLLAMA_URLS, OLLAMA_HOST; `spread` needs two
 * model: gemma3:latest                       # of agents that name none
 * seed: 1                                    # of the order of runs; 1
 * repeats: 8                                 # of each profile in each arrangement and start; 8
 * most_repeats: 40                           # with those that --until-decided adds; 40, or repeats where that is more
 * attempts: 2                                # tries at a run that an accident excluded; 2, at most 10
 * start: [warm]                              # warm, cold, or both; warm
 * arrangements: [serial, parallel]           # of profiles with two agents; serial, handoff, parallel, spread, alone
 * alone: insight                             # whose settings the one agent has in `alone`; insight
 * profiles:
 *   - name: baseline
 *     agents: { collector: { num_ctx: 4096 }, insight: { num_ctx: 4096, model: other:7b } }
 *     arrangements: [serial]                 # optional: instead of the file's
 *   - name: collector only
 *     agents: { collector: { num_gpu: 80 } } # one agent has the duties of both
 *     duties: own                            # optional: it keeps to its own
 * matrix:                                    # the product of all values; may stand beside profiles
 *   both: { num_gpu: [60, 80, default], num_ctx: [256, 512] }
 *   collector: { temperature: [0.6, 0.8] }   # of one agent alone
 *   agents: [collector, insight]             # optional: which agents take part; both
 * ```
 *
 * A list of one value may be the value. Options are those of a profile; `default` in a matrix leaves one to the server.
 * @param path of the file, for messages and to resolve the dataset
 * @throws CampaignFault, which lists all faults at once, each with its place in the document and its line
 */
export function parseCampaign(text: string, path: string): CampaignFile {
  if (text.length > MOST_CHARACTERS)
    throw new CampaignFault(`The campaign ${path} has more than ${MOST_CHARACTERS} characters: use a matrix, or several files.`);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, logLevel: 'error' });
  const [first] = document.errors;
  const broken = first?.code === 'MULTIPLE_DOCS' ? 'it holds several documents, and a campaign is one' : first?.message.split('\n')[0];
  if (broken !== undefined) throw new CampaignFault(`The campaign ${path} is not valid YAML: ${broken}`);
  const faults = new Faults();
  const file = fileOf(contentOf(document, path), path, faults);
  if (!faults.any) return file;
  const listed = faults.lines(document, lines);
  const count = listed.length === 1 ? 'a fault' : `${listed.length} faults`;
  throw new CampaignFault(`The campaign ${path} has ${count}:\n${listed.map((line) => `  ${line}`).join('\n')}`);
}

function contentOf(document: ReturnType<typeof parseDocument>, path: string): unknown {
  try {
    return document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch (error) {
    throw new CampaignFault(`The campaign ${path} is not valid YAML: ${(error as Error).message}`, { cause: error });
  }
}

function fileOf(content: unknown, path: string, faults: Faults): CampaignFile {
  const top = faults.fields(FILE_SHAPE, content, []);
  const listed = (top.profiles ?? []).flatMap((one, i) => profileAt(one, i, faults));
  const given = [...listed, ...(top.matrix === undefined ? [] : profilesOfMatrix(top.matrix, ['matrix'], faults))];
  for (const one of given) checkProfile(one, faults);
  const repeats = top.repeats ?? 1;
  const file = {
    name: top.name ?? '',
    title: top.title ?? null,
    dataset: resolve(dirname(path), top.dataset ?? ''),
    servers: serversOf(top.servers ?? [], faults),
    seed: top.seed ?? 1,
    repeats,
    mostRepeats: top.most_repeats ?? Math.max(40, repeats),
    attempts: top.attempts ?? 2,
    starts: top.start ?? ['warm'],
    arrangements: top.arrangements ?? null,
    alone: top.alone ?? 'insight',
    profiles: given.map((one) => campaignProfile(one, top.model, faults)),
  } satisfies CampaignFile;
  checkWhole(file, given, faults);
  return file;
}

function profileAt(value: unknown, i: number, faults: Faults): GivenProfile[] {
  const path = ['profiles', i];
  const { name, agents, arrangements, duties } = faults.fields(PROFILE_SHAPE, value, path);
  // A profile that cannot be read has been a fault already.
  if (name === undefined || agents === undefined) return [];
  const named = Object.fromEntries(Object.entries(agents).filter(([, entry]) => entry !== undefined));
  return [{ path, name, agents: named, arrangements, duties }];
}

function campaignProfile(
  { path, name, agents, arrangements, duties }: GivenProfile,
  model: string | undefined,
  faults: Faults,
): CampaignProfile {
  const profiles: Partial<Record<AgentName, AgentProfile>> = {};
  for (const agent of AGENT_NAMES) {
    const entry = agents[agent];
    if (entry === undefined) continue;
    if (entry.model === undefined && model === undefined) faults.add(path[0] === 'matrix' ? path : [...path, 'agents', agent], NAMELESS);
    profiles[agent] = agentProfile(entry, model ?? '');
  }
  return {
    profile: { name, agents: profiles, ...(duties === undefined ? {} : { duties }) },
    arrangements: arrangements ?? null,
  };
}

const NAMELESS = 'names no model, and neither does the file: give a line such as "model: gemma3:latest" at its top';

function agentProfile({ model, ...options }: AgentEntry, otherwise: string): AgentProfile {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return { model: model ?? otherwise, options: Object.fromEntries(given) };
}
