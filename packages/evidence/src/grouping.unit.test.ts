import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EvidenceMemory } from './evidence-memory.ts';
import { evidenceOf, type File, HASH, type Metric, values } from './testing.ts';

describe('grouping as a whole', () => {
  const label = fc.dictionary(
    fc.constantFrom('model', 'num_gpu', 'quantization', 'start', 'tag', 'test', 'file', 'x'),
    fc.constantFrom('a', 'b', 'a-q4_0', 'cold'),
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
});
