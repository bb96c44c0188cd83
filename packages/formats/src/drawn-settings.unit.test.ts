import type { Measurement } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { readArtifact } from './read-artifact.ts';
import { readStreamed, readWhole } from './stream/stream-for-test.ts';

type Log = { model: string; input_length: number; output_length: number; ttft_ms: number };

/** What a server logs: lengths in no order, up to `most`. */
function log(count: number, most: number): Log[] {
  let state = 1;
  const next = (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * below);
  };
  return Array.from({ length: count }, () => ({
    model: next(2) === 0 ? 'm1' : 'm2',
    input_length: 1 + next(most),
    output_length: 1 + next(most),
    ttft_ms: 20 + next(1_000) / 8,
  }));
}

const FORMS: Record<string, { path: string; text(records: readonly object[]): string }> = {
  lines: { path: 'log.jsonl', text: (records) => records.map((one) => `${JSON.stringify(one)}\n`).join('') },
  csv: { path: 'log.csv', text: csv },
};
const LISTS = { ...FORMS, 'a list': { path: 'log.json', text: (records: readonly object[]) => JSON.stringify({ requests: records }) } };

function csv(records: readonly object[]): string {
  const rows = [Object.keys(records[0] ?? {}), ...records.map((one) => Object.values(one))];
  return rows.map((cells) => `${cells.join(',')}\n`).join('');
}

function read(path: string, text: string): { measurements: readonly Measurement[]; warnings: readonly string[] } {
  const reading = readArtifact({ path, bytes: Buffer.from(text) });
  if (reading.status !== 'read') throw new Error(reading.reason);
  return reading;
}

function labelNames(measurements: readonly Measurement[], name: string): string[] {
  const own = measurements.filter(({ metric, pointer }) => metric === name || pointer.endsWith(name));
  return [...new Set(own.flatMap(({ labels }) => Object.keys(labels)))].sort();
}

describe.each(Object.entries(LISTS))('A setting, of %s', (_, { path, text }) => {
  it('labels nothing where it is drawn anew for each record, and is measured under the labels of its record', () => {
    const records = log(300, 4_000);
    const { measurements, warnings } = read(path, text(records));
    expect(measurements).toHaveLength(900);
    expect(labelNames(measurements, 'ttft_ms')).toEqual(['model']);
    expect(labelNames(measurements, 'input_length')).toEqual(['model']);
    const lengths = measurements.filter(({ pointer }) => pointer.endsWith('input_length')).map(({ value }) => value);
    expect(lengths).toEqual(records.map(({ input_length }) => input_length));
    const values = new Set(lengths).size;
    expect(warnings.join('\n')).toContain(`input_length" has ${values} different values in 300 records`);
    expect(warnings.join('\n')).toContain('output_length" has ');
    expect(warnings).toHaveLength(2);
  });

  it('is a label in a sweep of 200 records over 8 values, in any order', () => {
    const records = log(200, 4_000).map(({ ttft_ms, input_length }) => ({ num_ctx: 1_024 << (input_length % 8), ttft_ms }));
    const { measurements, warnings } = read(path, text(records));
    expect(labelNames(measurements, 'ttft_ms')).toEqual(['num_ctx']);
    expect(warnings).toEqual([]);
  });

  it('is a label in a sweep of 60 batch sizes with one record each', () => {
    const records = log(60, 4_000).map(({ ttft_ms }, index) => ({ batch_size: 2 * index + 1, ttft_ms }));
    const { measurements, warnings } = read(path, text(records));
    expect(new Set(measurements.flatMap(({ labels }) => labels.batch ?? [])).size).toBe(60);
    expect(warnings).toEqual([]);
  });

  it('is a label where it goes up from record to record, however far', () => {
    const records = log(256, 4_000).map(({ ttft_ms }, index) => ({ num_ctx: 512 * index, ttft_ms }));
    expect(labelNames(read(path, text(records)).measurements, 'ttft_ms')).toEqual(['num_ctx']);
  });

  it('leaves a text that names configurations a label, which settings beside it would make superfluous', () => {
    const records = log(300, 4_000).map((one, index) => ({ ...one, config_name: ['base', 'tuned'][index % 2] }));
    expect(labelNames(read(path, text(records)).measurements, 'ttft_ms')).toEqual(['config_name', 'model']);
  });
});

describe('A setting that is drawn, of JSON', () => {
  it('labels nothing from within a configuration, while what was set there does', () => {
    const records = log(300, 4_000).map(({ ttft_ms, output_length }, index) => ({
      config: { max_tokens: output_length, num_ctx: 2_048 << (index % 2) },
      ttft_ms,
    }));
    const { measurements } = read('log.json', JSON.stringify({ runs: [{ requests: records }] }));
    expect(labelNames(measurements, 'ttft_ms')).toEqual(['num_ctx']);
  });

  it('is told by where it stands', () => {
    const requests = log(300, 4_000).map(({ ttft_ms, input_length }) => ({ input_length, ttft_ms }));
    const summary = [128, 256].map((input_length) => ({ input_length, mean_ttft_ms: input_length / 4 }));
    const { measurements } = read('log.json', JSON.stringify({ requests, summary }));
    expect(labelNames(measurements, '/ttft_ms')).toEqual([]);
    expect(labelNames(measurements, 'mean_ttft_ms')).toEqual(['prompt_length']);
  });
});

describe.each(Object.entries(FORMS))('A stream of settings, of %s', (_form, { path, text }) => {
  const bytesOf = (records: readonly object[]): Buffer => Buffer.from(text(records));

  it.each([
    ['by themselves', 4_000, 900],
    ['together', 200, 900],
    ['by themselves, of many records', 2_000, 6_000],
  ])('reads lengths that are drawn %s as they are read whole', (_, most, count) => {
    const input = { path, bytes: bytesOf(log(count, most)) };
    const whole = readWhole(input);
    expect(whole.warnings).toHaveLength(2);
    for (const chunk of [7, 65_536]) {
      const streamed = readStreamed(input, { chunk });
      // The sentence counts the records of the head: of JSON lines these are the first thousand.
      const warnings = count > 1_000 ? expect.any(Array) : whole.warnings;
      expect(streamed).toEqual({ ...whole, warnings });
      expect(streamed?.warnings).toHaveLength(2);
    }
  });

  it.each([
    ['a sweep', 3_000, 8],
    ['a few lengths', 3_000, 40],
  ])('reads %s as it is read whole', (_, count, most) => {
    const input = { path, bytes: bytesOf(log(count, most)) };
    expect(readWhole(input).warnings).toEqual([]);
    expect(readStreamed(input)).toEqual(readWhole(input));
  });

  it('is told by its head, and not by what comes behind', () => {
    const records = log(3_000, 4_000);
    const head = bytesOf(records.slice(0, 400)).length;
    const whole = readWhole({ path, bytes: bytesOf(records) });
    const streamed = readStreamed({ path, bytes: bytesOf(records) }, { head });
    expect(streamed?.numbers).toEqual(whole.numbers);
  });

  it.each([
    ['too many values', 1, 5_000, 1_300],
    ['too many combinations', 4, 120, 20_000],
  ])('gives a label up that gets %s behind the head, instead of refusing', (_, repeats, most, count) => {
    const calm = Array.from({ length: 400 }, (_, index) => ({
      model: 'm1',
      input_length: 128,
      output_length: 64,
      ttft_ms: 20 + index / 8,
    }));
    const records = [...calm, ...Array.from({ length: repeats }, () => log(count, most)).flat()];
    const limits = { maxNumberColumns: 9_000 };
    const input = { path, bytes: bytesOf(records), limits };
    const head = bytesOf(calm).length;
    const streamed = readStreamed(input, { head });
    expect(streamed?.status).toBe('read');
    expect(streamed?.numbers).toHaveLength(records.length * 3);
    const late = streamed?.warnings.filter((sentence) => /labels nothing from line \d+ on/.test(sentence)) ?? [];
    expect(late.length).toBeGreaterThan(0);
    // All values are those of the file, whatever they are labelled with.
    const value = (number: string): string =>
      JSON.stringify(JSON.parse(number).filter((_: unknown, index: number) => index === 0 || index === 3));
    const whole = readWhole({ path, bytes: bytesOf(records) });
    expect(streamed?.records).toBe(whole.records);
    expect(streamed?.numbers.map(value).sort()).toEqual(whole.numbers.map(value).sort());
    // The last ones have no label of a length that was given up.
    const given = late.some((sentence) => sentence.includes('input_length')) ? 'prompt_length' : 'output_length';
    const lines = records.length - 5;
    const last = streamed?.numbers.filter((number) => Number(/line (\d+)/.exec(number)?.[1]) > lines && number.includes('ttft_ms')) ?? [];
    expect(last.length).toBeGreaterThan(3);
    for (const number of last) expect(number).not.toContain(given);
  });
});
