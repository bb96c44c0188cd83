// The evidence over a folder of csv files: from series and samples in hand, then the whole taking. In a process of its own.
//   evidence-child.ts FOLDER WORK
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { computeEvidence, describe, inOneGo, SampleGathering, type SampleSet, type Series, SeriesGathering } from '@chimera/evidence';
import { readArtifact } from '@chimera/formats';
import type { Artifact } from '@chimera/shared/domain';
import { sha256 } from '@chimera/shared/store';
import { folderBucket } from '../../services/ingest/src/folder.ts';
import { takeInventory } from '../../services/ingest/src/inventory.ts';
import { artifactOf, outcomeOf } from '../../services/ingest/src/outcome.ts';
import { createReadings } from '../../services/ingest/src/readings.ts';
import { tell } from './child.ts';

const [folder = '', work = ''] = process.argv.slice(2);

/** Seconds of each part, by the wall clock and of the processor, and what there was. */
export type Parts = Record<'reading' | 'gathering' | 'evidence' | 'taking', { wall: number; cpu: number }> & {
  measurements: number;
  facts: number;
};

await tell(async (): Promise<Parts> => {
  const bucket = folderBucket(folder);
  const { entries } = await bucket.scan();
  const none = () => ({ wall: 0, cpu: 0 });
  const parts: Parts = { reading: none(), gathering: none(), evidence: none(), taking: none(), measurements: 0, facts: 0 };
  const timed = <T>(part: 'reading' | 'gathering' | 'evidence', work: () => T): T => {
    const stop = startedClock();
    const result = work();
    stop(parts[part]);
    return result;
  };
  const contents: { artifact: Artifact; series: Series[]; samples: SampleSet[] }[] = [];
  for (const entry of entries) {
    const bytes = readFileSync(join(folder, entry.path));
    const reading = timed('reading', () => readArtifact({ path: entry.path, bytes }));
    if (reading.status === 'refused') throw new Error(`${entry.path} was refused: ${reading.reason}`);
    parts.measurements += reading.measurements.length;
    contents.push(
      timed('gathering', () => {
        const [gathering, sampling] = [new SeriesGathering(), new SampleGathering()];
        for (const measurement of reading.measurements) {
          gathering.add(measurement);
          sampling.add(measurement);
        }
        return {
          artifact: artifactOf(entry, sha256(bytes), outcomeOf(reading)),
          series: [...gathering.series()],
          samples: sampling.sets(),
        };
      }),
    );
  }
  parts.facts = timed('evidence', () => {
    const descriptions = contents.map(({ artifact, series, samples }) => inOneGo(describe(artifact, series, true, samples)));
    const expected = { folders: null, kinds: [] };
    const { evidence, bytes } = inOneGo(
      computeEvidence({ dataset: 'bucket', inventory: sha256('bench'), title: null, descriptions, expected }),
    );
    sha256(bytes);
    return evidence.facts.length;
  });
  const stop = startedClock();
  const readings = createReadings({ workFolder: join(work, 'home') });
  const { evidence } = await takeInventory({
    dataset: 'bucket',
    bucket: 'bench',
    entries,
    limits: {},
    read: bucket.read,
    readings,
    firstSeen: () => null,
    now: Date.now,
  });
  stop(parts.taking);
  await readings.close();
  if (evidence.facts.length !== parts.facts) throw new Error(`${evidence.facts.length} facts in one way, and ${parts.facts} in the other.`);
  return parts;
});

/** Starts both clocks; what it returns adds what has passed since. */
function startedClock(): (to: { wall: number; cpu: number }) => void {
  const [from, cpuFrom] = [performance.now(), process.cpuUsage()];
  return (to) => {
    const { user, system } = process.cpuUsage(cpuFrom);
    to.wall += (performance.now() - from) / 1_000;
    to.cpu += (user + system) / 1e6;
  };
}
