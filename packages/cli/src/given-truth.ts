import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Bucket, truthOfBucket, Unreadable } from '@chimera/ingest';
import { type Evidence, type Measurement, Observations } from '@chimera/shared/domain';
import { type TakeOptions, takeGiven, type Wanted } from './given-artifacts.ts';
import { CommandFailed } from './usage-error.ts';
import { visible } from './visible.ts';

/** What a page is checked against. */
export type GivenTruth = {
  evidence: Evidence;
  /** null where only an evidence.json was given */
  observations: Observations | null;
  /** every single number; none where only an evidence.json was given */
  measurements: Iterable<{ path: string; measurement: Measurement }>;
  /** what a person should know of it, in sentences */
  notes: readonly string[];
};

/**
 * What artifacts that a person names say, for a page whose bytes are `report`: where that page lies among them it is left out, for
 * it would prove itself.
 * @throws CommandFailed in a sentence where there is none, or it cannot be had
 */
export function truthOfGiven(given: string, report: Uint8Array, options: TakeOptions): Promise<GivenTruth> {
  const name = visible(given);
  const wanted: Wanted<GivenTruth> = {
    purpose: 'there is nothing to check the report against',
    user: 'a check',
    async ofBucket(bucket, { limits, ...others }) {
      const left: string[] = [];
      const taken = await truthOfBucket(withoutReport(bucket, report, name, left), limits, others);
      return {
        ...taken,
        notes: left.map((path) => `the report itself lies in ${name} as ${visible(path)}: it is not counted as an artifact`),
      };
    },
    async ofEvidence(evidence, folder) {
      const { observations, fault } = await observationsBeside(evidence, folder);
      const notes = [`${name} gives the facts alone, not every single number: give the folder of artifacts to check against these too`];
      if (fault !== null) notes.push(fault);
      const hash = createHash('sha256').update(report).digest('hex');
      const own = evidence.artifacts.find(({ sha256 }) => sha256 === hash);
      if (own)
        notes.push(`the report itself is among the artifacts of ${name} as ${visible(own.path)}: numbers in it may prove themselves`);
      return { evidence, observations, measurements: [], notes };
    },
  };
  return takeGiven(given, wanted, options);
}

/** A bucket without those files that hold the very report; their paths go to `left`. */
function withoutReport(bucket: Bucket, report: Uint8Array, name: string, left: string[]): Bucket {
  return {
    async scan() {
      const scan = await bucket.scan();
      left.length = 0;
      const entries = [];
      for (const entry of scan.entries) {
        const isReport = entry.type === 'file' && entry.bytes === report.length && (await holds(bucket, entry, report));
        if (isReport) left.push(entry.path);
        else entries.push(entry);
      }
      if (entries.length === 0 && left.length > 0)
        throw new CommandFailed(`${name} holds nothing but the report itself: give the artifacts that it reports on.`);
      return { ...scan, entries };
    },
    read: (entry) => bucket.read(entry),
    pieces: (entry) => bucket.pieces(entry),
  };
}

async function holds(bucket: Bucket, entry: Parameters<Bucket['read']>[0], report: Uint8Array): Promise<boolean> {
  try {
    return Buffer.compare(await bucket.read(entry), report) === 0;
  } catch (error) {
    // It is refused with its reason when it is taken.
    if (error instanceof Unreadable) return false;
    throw error;
  }
}

/** The observations that lie beside evidence and belong to it; `fault` says why what lies there is of no use. */
async function observationsBeside(
  { inventory }: Evidence,
  folder: string,
): Promise<{ observations: Observations | null; fault: string | null }> {
  const path = join(folder, 'observations.json');
  const without = (why: string) => ({ observations: null, fault: `${visible(path)} ${why}: dates of change cannot be checked` });
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return without(code === 'ENOENT' ? 'is not there' : `cannot be read (${visible(message)})`);
  }
  const { success, data } = Observations.safeParse(parsed(text));
  if (!success) return without('does not hold observations as this version of Chimera writes them');
  return data.inventory === inventory ? { observations: data, fault: null } : without('is that of another inventory');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // No shape has it: whoever asked says that it is not what it should be.
    return undefined;
  }
}
