import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Measurement, Reading } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { looksCut, readArtifact } from './read-artifact.ts';

const ROOT = fileURLToPath(new URL('../../../../shared/data/seed-artifacts/', import.meta.url));

/** Files below this size are cut at every byte, larger ones at so many. */
const SMALL = 4096;
const CUTS = 60;

/** One path of each content: many of them are there twice. */
const files = existsSync(ROOT)
  ? readdirSync(ROOT, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => `${entry.parentPath}/${entry.name}`.slice(ROOT.length).replace(/^\//, ''))
      .sort()
      .filter(
        (path, index, all) => all.findIndex((other) => readFileSync(`${ROOT}${other}`).equals(readFileSync(`${ROOT}${path}`))) === index,
      )
  : [];

const measurementsOf = (reading: Reading): readonly Measurement[] => (reading.status === 'read' ? reading.measurements : []);

/** Places to cut at: all of a small file; of a large one, the same spread on every machine. */
function cutsOf(size: number): number[] {
  if (size < SMALL) return Array.from({ length: size }, (_, at) => at);
  let state = size;
  return Array.from({ length: CUTS }, () => {
    // The generator of Lehmer, whose state is the file's size at first.
    state = (state * 48_271) % 2_147_483_647;
    return state % size;
  });
}

/** A number, without what only a whole file can tell: whether its row was the cold one, and which other places have its metric. */
function shown({ labels: { start, place, ...labels }, ...one }: Measurement): string {
  return JSON.stringify({ ...one, labels });
}

/** Numbers that a cut file has and the whole one does not, or not so. */
function faultsOf(path: string, bytes: Uint8Array): string[] {
  const whole = new Map(measurementsOf(readArtifact({ path, bytes })).map((one) => [one.pointer, shown(one)]));
  return cutsOf(bytes.length).flatMap((end) =>
    measurementsOf(readArtifact({ path, bytes: bytes.subarray(0, end) }))
      .filter((cut) => whole.get(cut.pointer) !== shown(cut))
      .map((cut) => `${path}, cut at byte ${end}: ${shown(cut)}, but in the whole: ${whole.get(cut.pointer)}`),
  );
}

describe.skipIf(files.length === 0)('the seed artifacts, cut off', { timeout: 240_000 }, () => {
  for (const kind of ['json', 'csv', 'md']) {
    it(`hazard 29: yield no other number: every ${kind}`, () => {
      const some = files.filter((path) => path.endsWith(`.${kind}`));
      expect(some.length).toBeGreaterThan(10);
      expect(some.flatMap((path) => faultsOf(path, readFileSync(`${ROOT}${path}`)))).toEqual([]);
    });
  }

  it('hazard 29: are refused and said to look cut: every json', () => {
    for (const path of files.filter((name) => name.endsWith('.json'))) {
      const bytes = readFileSync(`${ROOT}${path}`);
      const { length } = new TextDecoder().decode(bytes).trimEnd();
      for (const end of cutsOf(Buffer.byteLength(bytes.toString('utf8').slice(0, length)))) {
        const reading = readArtifact({ path, bytes: bytes.subarray(0, end) });
        expect([reading.status, looksCut(reading)], `${path}, cut at byte ${end}`).toEqual(['refused', true]);
      }
    }
  });

  it('hazard 29: do not look cut when they are whole', () => {
    const cut = files.filter((path) => looksCut(readArtifact({ path, bytes: readFileSync(`${ROOT}${path}`) })));
    expect(cut).toEqual([]);
  });
});
