import type { Artifact } from '@chimera/shared/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EvidenceMemory } from './evidence-memory.ts';
import { describedFile, evidenceOf, evidenceOfAll, type File, HASH, type Metric, values } from './testing.ts';

describe('grouping as a whole', () => {
  const label = fc.dictionary(
    fc.constantFrom('model', 'num_gpu', 'quantization', 'start', 'tag', 'test', 'file', 'x'),
    fc.constantFrom('a', 'b', 'a-q4_0', 'cold', 'A', 'b:latest'),
    { maxKeys: 4 },
  );
  const one = fc.record({
    metric: fc.constantFrom<Metric>('output_token_throughput', 'time_to_first_token', 'request_latency', 'accuracy'),
    statistic: fc.constantFrom('value', 'mean', 'median', 'p99', 'max'),
    over: fc.constantFrom('runs', 'requests', undefined),
    labels: label,
    list: fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 7 }),
  });
  const file = fc.record({
    path: fc.constantFrom('a.json', 'b.json', 'run-1.json', 'run-2.json', 'r-1.csv', 'r-2.csv', 'r-3.csv', 'd/a.json'),
    parts: fc.array(one, { maxLength: 5 }),
  });
  const dataset = fc.uniqueArray(file, { minLength: 1, maxLength: 5, selector: ({ path }) => path });
  type Drawn = {
    path: string;
    parts: { metric: Metric; statistic: string; over: 'runs' | 'requests' | undefined; labels: Record<string, string>; list: number[] }[];
  }[];
  const filesOf = (drawn: Drawn): File[] =>
    drawn.map(({ path, parts }) => ({
      path,
      measurements: parts.flatMap(({ metric, statistic, over, labels, list }) =>
        values(metric, { ...labels }, list, { statistic, ...(over ? { over } : {}) }),
      ),
    }));

  it('gives no two facts one id, whatever files say, and depends on no order', () => {
    fc.assert(
      fc.property(dataset, (drawn) => {
        const files = filesOf(drawn);
        const evidence = evidenceOf(files);
        expect(new Set(evidence.facts.map(({ id }) => id)).size).toBe(evidence.facts.length);
        const hashes = new Map(files.map(({ path }, i) => [path, HASH(i + 1)]));
        const back = [...files].reverse().map((one): File => ({ ...one, more: { sha256: hashes.get(one.path) ?? null } }));
        expect(JSON.stringify(evidenceOf(back))).toBe(JSON.stringify(evidence));
      }),
      { numRuns: 300 },
    );
  });

  it('is the same with what it remembers of other inventories as without', () => {
    fc.assert(
      fc.property(dataset, dataset, (before, after) => {
        const memory = new EvidenceMemory();
        evidenceOf(filesOf(before), memory);
        const files = filesOf(after);
        expect(JSON.stringify(evidenceOf(files, memory))).toBe(JSON.stringify(evidenceOf(files)));
        expect(JSON.stringify(evidenceOf(files, memory))).toBe(JSON.stringify(evidenceOf(files)));
      }),
      { numRuns: 100 },
    );
  });

  it('is the same after any steps from one inventory to the next, most artifacts being what they were', () => {
    const more = fc.record({
      sha256: fc.integer({ min: 1, max: 6 }).map(HASH),
      bytes: fc.nat(9),
      kind: fc.constantFrom('csv' as const, 'json' as const),
      records: fc.constant(2),
      failed: fc.constantFrom<Artifact['failed']>([], [], [{ pointer: 'line 2', reason: 'it failed' }]),
    });
    const pool = fc.array(fc.tuple(file, more), { minLength: 1, maxLength: 12 });
    const steps = fc.array(fc.array(fc.nat(11), { minLength: 1, maxLength: 8 }), { minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(pool, steps, (drawn, picks) => {
        const described = filesOf(drawn.map(([one]) => one)).map((one, i) => describedFile({ ...one, more: drawn[i]?.[1] ?? {} }, HASH(9)));
        const memory = new EvidenceMemory();
        for (const picked of picks) {
          const byPath = new Map(
            picked.flatMap((n) => described[n % described.length] ?? []).map((one) => [one.artifact.path, one] as const),
          );
          const now = [...byPath.values()];
          expect(JSON.stringify(evidenceOfAll(now, memory))).toBe(JSON.stringify(evidenceOfAll(now)));
        }
      }),
      { numRuns: 100 },
    );
  });
});
