import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { geometricMean } from './geometric-mean.ts';
import { leastPerSide } from './least-per-side.ts';
import { mannWhitney } from './mann-whitney.ts';
import { leastForMedianInterval, medianInterval } from './median-interval.ts';
import { quantile } from './quantile.ts';

const ROOT = fileURLToPath(new URL('../../../../shared/data/statistics/benchstat/', import.meta.url));
const text = (name: string) => readFileSync(`${ROOT}${name}`, 'utf8');

type Result = { note: string; name: string; unit: string; value: number };

/** The results of a file in Go's benchmark format, with the note that they stand under. */
function resultsOf(name: string): Result[] {
  let note = '';
  return text(name)
    .split('\n')
    .flatMap((line) => {
      note = /^note: (.*)/.exec(line)?.[1] ?? note;
      const [benchmark = '', , ...pairs] = line.startsWith('Benchmark') ? line.trim().split(/\s+/) : [];
      const results: Result[] = [];
      for (let i = 0; i + 1 < pairs.length; i += 2) {
        results.push({ note, name: benchmark.slice('Benchmark'.length), unit: pairs[i + 1] ?? '', value: Number(pairs[i]) });
      }
      return results;
    });
}

/** The values of the results that `keep` takes, by name. */
function samples(results: readonly Result[], unit: string, keep: (result: Result) => string | undefined): Map<string, number[]> {
  const byName = new Map<string, number[]>();
  for (const result of results) {
    const name = result.unit === unit ? keep(result) : undefined;
    if (name !== undefined) byName.set(name, [...(byName.get(name) ?? []), result.value]);
  }
  return byName;
}

/** What benchstat prints behind ±: the farther end of the interval, in per cent of the median. */
function plusMinus(values: readonly number[]): string {
  const interval = medianInterval(values);
  if (!interval) return '∞';
  const median = quantile(values, 0.5);
  return `${(100 * Math.max(interval.high / median - 1, 1 - interval.low / median)).toFixed(0)}%`;
}

/** What benchstat prints as "vs base": per cent, or ~ where p is above 0.05; and p and n. */
function versus(a: readonly number[], b: readonly number[]): string {
  const { p } = mannWhitney(a, b);
  const percent = 100 * (quantile(b, 0.5) / quantile(a, 0.5) - 1);
  const delta = p > 0.05 ? '~' : `${percent >= 0 ? '+' : ''}${percent.toFixed(2)}%`;
  return `${delta} (p=${p.toFixed(3)} n=${a.length})`;
}

/** The cells of the rows of a printed table, per unit: "name | ± | ± | vs base". */
function printed(name: string): Map<string, string[][]> {
  const tables = new Map<string, string[][]>();
  let unit = '';
  for (const line of text(name).split('\n')) {
    unit = /│\s+(sec\/op|B\/s)\s/.exec(line)?.[1] ?? unit;
    if (!/±/.test(line)) continue;
    const errors = [...line.matchAll(/± (∞|\d+%)/g)].map((match) => match[1] ?? '');
    const comparisons = [...line.matchAll(/(~|[+-][\d.]+%) \(p=[\d.]+ n=\d+\)/g)].map((match) => match[0]);
    tables.set(unit, [...(tables.get(unit) ?? []), [line.split(/\s/)[0] ?? '', ...errors, ...comparisons]]);
  }
  return tables;
}

const UNITS = [
  ['ns/op', 'sec/op'],
  ['MB/s', 'B/s'],
] as const;

// What benchstat printed, from Go's repository of performance tools.
describe.skipIf(!existsSync(ROOT))('benchstat', () => {
  it('crcOldNew: ± of 72 medians in two units', () => {
    const tables = printed('crcOldNew.stdout');
    for (const [unit, title] of UNITS) {
      const rows = ['crc-old.txt', 'crc-new.txt'].flatMap((file) =>
        [...samples(resultsOf(file), unit, ({ name }) => name)].map(([name, values]) => [name, plusMinus(values)]),
      );
      expect(rows).toHaveLength(72);
      expect(rows).toEqual(tables.get(title));
    }
  });

  it('crcIgnore: ±, change and p of 72 comparisons', () => {
    const tables = printed('crcIgnore.stdout');
    for (const [unit, title] of UNITS) {
      const after = samples(resultsOf('crc-new.txt'), unit, ({ name }) => name);
      const rows = [...samples(resultsOf('crc-old.txt'), unit, ({ name }) => name)].map(([name, a]) => {
        const b = after.get(name) ?? [];
        return [name, plusMinus(a), plusMinus(b), versus(a, b)];
      });
      expect(rows).toHaveLength(36);
      expect(rows).toEqual(tables.get(title));
    }
  });

  it('crcSizeVsPoly: two comparisons with one base in each row', () => {
    const tables = printed('crcSizeVsPoly.stdout');
    for (const [unit, title] of UNITS) {
      const results = resultsOf('crc-new.txt');
      const [base, ...others] = ['IEEE', 'Castagnoli', 'Koopman'].map((poly) =>
        samples(results, unit, ({ name }) => new RegExp(`poly=${poly}/size=(\\w+)/align=0`).exec(name)?.[1]),
      );
      const rows = [...(base ?? [])].map(([size, a]) => {
        const sides = others.map((other) => other.get(size) ?? []);
        return [size, ...[a, ...sides].map(plusMinus), ...sides.map((b) => versus(a, b))];
      });
      expect(rows).toHaveLength(6);
      expect(rows).toEqual(tables.get(title));
    }
  });

  it('csvOldNew: a change, none, and the geometric means', () => {
    const [old, after] = ['old.txt', 'new.txt'].map((file) => [...samples(resultsOf(file), 'ns/op', ({ name }) => name).values()]);
    const [[json = [], gob = []] = [], [jsonAfter = [], gobAfter = []] = []] = [old, after];
    expect([plusMinus(json), plusMinus(jsonAfter), versus(json, jsonAfter)]).toEqual(['1%', '1%', '-17.20% (p=0.000 n=10)']);
    expect([plusMinus(gob), plusMinus(gobAfter), versus(gob, gobAfter)]).toEqual(['0%', '2%', '~ (p=0.446 n=10)']);
    expect((geometricMean([json, gob].map((x) => quantile(x, 0.5))) ?? 0) * 1e-9).toBeCloseTo(2.294891936453654e-6, 18);
    expect((geometricMean([jsonAfter, gobAfter].map((x) => quantile(x, 0.5))) ?? 0) * 1e-9).toBeCloseTo(2.089754770302007e-6, 18);
  });

  it('issue19634 and smallSample: a change without intervals, and nothing at all', () => {
    const side = (file: string, note: string) => resultsOf(file).flatMap((result) => (result.note === note ? [result.value] : []));
    const [five, fiveAfter] = [side('issue19634.txt', 'before'), side('issue19634.txt', 'after')];
    expect([five.length, plusMinus(five), plusMinus(fiveAfter), versus(five, fiveAfter)]).toEqual([5, '∞', '∞', '-31.48% (p=0.008 n=5)']);
    const [one, oneAfter] = [side('smallSample.txt', 'before'), side('smallSample.txt', 'after')];
    expect([plusMinus(one), plusMinus(oneAfter), versus(one, oneAfter)]).toEqual(['∞', '∞', '~ (p=1.000 n=1)']);
    // "need >= 6 samples for confidence interval at level 0.95", "need >= 4 samples to detect a difference at alpha level 0.05"
    expect([leastForMedianInterval(0.95), leastPerSide(0.05, 1)]).toEqual([6, 4]);
  });

  it('issue19565: all samples are equal', () => {
    const [before = [], after = []] = ['before', 'after'].map((note) =>
      resultsOf('issue19565.txt').flatMap((result) => (result.note === note && result.name === 'A' ? [result.value] : [])),
    );
    expect([plusMinus(before), plusMinus(after), versus(before, after)]).toEqual(['0%', '0%', '~ (p=1.000 n=6)']);
  });
});
