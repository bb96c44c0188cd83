import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_LIMITS } from '@chimera/formats';
import { folderBucket, truthOfBucket } from '@chimera/ingest';
import type { Artifact, Evidence, Fact, Measurement, Observations } from '@chimera/shared/domain';
import { createTruth } from '../../packages/grounding/src/create-truth.ts';
import type { Truth } from '../../packages/grounding/src/truth.ts';
import { laySeed, ROOT, SEED } from '../../test/support/seed.ts';
import { layDataset } from './datasets.ts';

/** A number that was read and stands in no failed record. */
export type Reading = { path: string; measurement: Measurement };

/** A dataset with all that is known of it. `former`: the facts of an earlier state of it; empty where there is none. */
export type World = {
  name: string;
  facts: readonly Fact[];
  artifacts: readonly Artifact[];
  readings: readonly Reading[];
  modified: Observations['modified'];
  former: readonly Fact[];
  /** its modification times are those of the measurements: a fresh clone has all of one moment */
  dated: boolean;
  truth: Truth;
  /** builds the index anew */
  index: () => Truth;
};

type Read = { evidence: Evidence; observations: Observations; readings: Reading[] };

async function readFolder(folder: string): Promise<Read> {
  const { evidence, observations, measurements } = await truthOfBucket(folderBucket(folder), DEFAULT_LIMITS);
  return { evidence, observations, readings: [...measurements].filter(({ measurement }) => !measurement.failed) };
}

function worldOf(name: string, { evidence, observations, readings }: Read, former: readonly Fact[], dated: boolean): World {
  const facts = [...evidence.facts, ...observations.facts];
  const { artifacts } = evidence;
  const { modified } = observations;
  const index = () => createTruth({ facts, artifacts, modified, measurements: readings });
  return { name, facts, artifacts, readings, modified, former, dated, truth: index(), index };
}

/** What lies in a folder, as a world without a former state. */
export async function readWorld(name: string, folder: string): Promise<World> {
  return worldOf(name, await readFolder(folder), [], true);
}

/** The samples of the project. */
export async function sampleWorld(): Promise<World> {
  return worldOf('samples/', await readFolder(join(ROOT, 'samples')), [], false);
}

/** A made-up dataset, with a former state of it that has the same files and other numbers. */
export async function generatedWorld(seed: number): Promise<World> {
  const read = async (run: number) => {
    const folder = mkdtempSync(join(tmpdir(), 'chimera-grounding-'));
    try {
      layDataset(folder, seed, run);
      return await readFolder(folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
  const [now, before] = [await read(1), await read(0)];
  return worldOf(`generated ${seed}`, now, before.evidence.facts, true);
}

/** The seed artifacts; null where they do not lie beside the clone. */
export async function seedWorld(): Promise<World | null> {
  if (!existsSync(SEED)) return null;
  const folder = laySeed();
  try {
    return await readWorld('seed artifacts', folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
