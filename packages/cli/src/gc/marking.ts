import {
  AnalysisCalls,
  BlobDamaged,
  BlobMissing,
  type Blobs,
  blobsOfAnalysis,
  blobsOfInventory,
  blobsOfJoin,
  getJson,
  wholeOf,
} from '@chimera/shared/store';
import { CommandFailed } from '../usage-error.ts';
import type { Memory } from './memory.ts';

/** What the blobs of a store are reached by. */
export type Marking = {
  /** All blobs that something leads to. `gone`: runs that count as forgotten already. Of what lies in parts of others, its id alone. */
  reachable(memory: Memory, gone?: ReadonlySet<string>): Promise<Set<string>>;
  /** The blobs that a blob which lies in parts of others consists of; none where they cannot be read any more. */
  partsOf(id: string): Promise<string[]>;
};

/** Follows everything that leads to blobs; each analysis is read once, whatever is asked how often. */
export function createMarking(blobs: Blobs): Marking {
  const transcripts = new Map<string, string[]>();

  async function ofAnalysis(blob: string): Promise<string[]> {
    const known = transcripts.get(blob);
    if (known !== undefined) return known;
    const found = await getJson(blobs, blob, AnalysisCalls).then(blobsOfAnalysis).catch(noneWhereGone('An analysis'));
    transcripts.set(blob, found);
    return found;
  }

  return {
    partsOf: (id) => blobs.partsOf(id).catch(noneWhereGone(`Blob ${id} lies in parts of others, and which these are`)),
    async reachable(memory, gone = new Set()) {
      const found = new Set<string>();
      const analyses = new Set<string>();
      const add = (ids: Iterable<string>) => {
        for (const id of ids) found.add(id);
      };
      const stays = (run: string) => !gone.has(run);
      for (const { inventory } of memory.current) add(blobsOfInventory(inventory));
      const kept = [...memory.kept].flatMap(([run, one]) => (one === null ? [] : [{ run, ...one }]));
      for (const { run, blob } of kept) if (stays(run)) found.add(blob);
      for (const join of [...memory.joins.values(), ...kept.map((one) => one.join)].filter(({ run }) => stays(run.id))) {
        const led = blobsOfJoin(join);
        add(led.blobs);
        for (const blob of led.analyses) analyses.add(blob);
      }
      for (const { run, base, report } of memory.entries.values()) if (stays(run)) add([base, report]);
      for (const { name } of memory.names) {
        // It only says where a blob lies that something else leads to, or nothing.
        if (wholeOf(name) !== null) continue;
        const blob = await blobs.named(name);
        if (blob !== null) found.add(blob);
      }
      for (const blob of analyses) add(await ofAnalysis(blob));
      return found;
    },
  };
}

/** What is gone or damaged leads nobody anywhere; what is there and cannot be read may. `what`: the beginning of the sentence that says so. */
function noneWhereGone(what: string): (error: unknown) => string[] {
  return (error) => {
    if (error instanceof BlobMissing || error instanceof BlobDamaged) return [];
    throw new CommandFailed(
      `${what} cannot be read by this version (${(error as Error).message.replace(/\s+/g, ' ').slice(0, 300)}). No blob is removed, because nobody knows what it refers to: run the version of Chimera that the services have.`,
      { cause: error },
    );
  };
}
