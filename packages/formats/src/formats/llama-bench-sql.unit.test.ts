import type { Reading } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { readArtifact } from '../read-artifact.ts';

type Read = Extract<Reading, { status: 'read' }>;

function reading(path: string, text: string): Reading {
  return readArtifact({ path, bytes: Buffer.from(text) });
}

function read(path: string, text: string): Read {
  const one = reading(path, text);
  if (one.status !== 'read') throw new Error(one.reason);
  return one;
}

const COLUMNS = [
  'build_commit',
  'build_number',
  'model_filename',
  'model_type',
  'n_prompt',
  'n_gen',
  'avg_ns',
  'stddev_ns',
  'avg_ts',
  'stddev_ts',
];
const CREATE = (table: string): string =>
  `CREATE TABLE IF NOT EXISTS ${table} (\n${COLUMNS.map((name) => `  ${name} TEXT`).join(',\n')}\n);\n\n`;
const VALUES = ['9f8e7d6c', '6500', 'm/tiny.gguf', 'llama 1B Q4_0', '512', '0', '100000000', '500000', '5120.13', '25.6'];
const row = (values: readonly string[]): string => `(${values.map((value) => `'${value}'`).join(', ')})`;
const INSERT = (table: string, values: readonly string[]): string =>
  `INSERT INTO ${table} (${COLUMNS.join(', ')}) VALUES ${row(values)};\n`;

const rates = ({ measurements }: Read) =>
  measurements.filter(({ unit }) => unit === 'tok/s').map(({ metric, statistic, value, pointer }) => [metric, statistic, value, pointer]);

describe('llama-bench, SQL', () => {
  it.each(['llama_bench', 'test'])('reads the rows that are inserted into %s', (table) => {
    const generation = VALUES.with(4, '0').with(5, '128').with(8, '200.5').with(9, '1');
    const one = read('r.sql', `${CREATE(table)}${INSERT(table, VALUES)}${INSERT(table, generation)}`);
    expect(one).toMatchObject({ format: 'llama-bench', records: 2, warnings: [] });
    // The table takes twelve lines and a blank one.
    expect(rates(one)).toEqual([
      ['prompt_token_throughput', 'mean', 5120.13, 'line 14 column avg_ts'],
      ['prompt_token_throughput', 'stddev', 25.6, 'line 14 column stddev_ts'],
      ['output_token_throughput', 'mean', 200.5, 'line 15 column avg_ts'],
      ['output_token_throughput', 'stddev', 1, 'line 15 column stddev_ts'],
    ]);
    expect(one.measurements[0]?.labels).toMatchObject({
      model: 'llama 1B Q4_0',
      quantization: 'Q4_0',
      test: 'pp512',
      engine_version: '6500',
    });
  });

  it('reads a dump: no list of columns, several rows, bare numbers and NULL', () => {
    const bare = "('9f8e7d6c', 6500, NULL, 'llama 1B Q4_0', 0, 64,\n 100000000, 500000, 99.5, 0.5)";
    const one = read('dump.sql', `BEGIN;\n${CREATE('llama_bench')}INSERT INTO llama_bench VALUES ${row(VALUES)},\n${bare};\nCOMMIT;\n`);
    expect(rates(one)).toEqual([
      ['prompt_token_throughput', 'mean', 5120.13, 'line 15 column avg_ts'],
      ['prompt_token_throughput', 'stddev', 25.6, 'line 15 column stddev_ts'],
      ['output_token_throughput', 'mean', 99.5, 'line 17 column avg_ts'],
      ['output_token_throughput', 'stddev', 0.5, 'line 17 column stddev_ts'],
    ]);
    expect(one.measurements.at(-1)?.labels).not.toHaveProperty('model_filename');
  });

  it('leaves out a row with more or fewer values, and shifts nothing', () => {
    const one = read('r.sql', CREATE('test') + INSERT('test', ['0', ...VALUES]) + INSERT('test', VALUES) + INSERT('test', VALUES.slice(1)));
    expect(rates(one).map(([, , value]) => value)).toEqual([5120.13, 25.6]);
    expect(one.warnings).toEqual([
      'line 14 has 11 values for 10 columns: it was not read',
      'line 16 has 9 values for 10 columns: it was not read',
    ]);
  });

  it('refuses a file of which no row fits', () => {
    expect(reading('r.sql', CREATE('test') + INSERT('test', ['0', ...VALUES]))).toMatchObject({
      status: 'refused',
      format: 'llama-bench',
      reason: 'none of the 1 rows has a value for each of its columns (line 14 has 11 values for 10 columns)',
    });
  });

  it('reads doubled quotes, and takes a quote that the tool did not double for a broken row', () => {
    const doubled = VALUES.with(2, "m/bob''s (2), 'x''.gguf".replace("'x", "''x"));
    const one = read('r.sql', CREATE('test') + INSERT('test', VALUES.with(2, "m/bob's.gguf")) + INSERT('test', doubled));
    expect(one.warnings).toEqual(['line 14 begins a statement that is broken: it was not read']);
    expect(one.measurements[0]?.labels.model_filename).toBe("m/bob's (2), 'x'.gguf");
  });

  it('does not read a statement that stands within a value', () => {
    const nested = VALUES.with(2, 'INSERT INTO test (build_commit) VALUES (1);');
    expect(read('r.sql', CREATE('test') + INSERT('test', nested)).records).toBe(1);
  });

  it('reads what stands before the end of a text that is cut off', () => {
    const text = CREATE('test') + INSERT('test', VALUES) + INSERT('test', VALUES);
    const one = read('r.sql', text.slice(0, -20));
    expect(one.records).toBe(1);
    expect(one.warnings).toEqual(['line 15 begins a statement that is broken: it was not read']);
  });

  it('does not claim other tables', () => {
    expect(read('r.sql', 'CREATE TABLE test (\n id INTEGER\n);\nINSERT INTO test (id) VALUES (1);\n').format).not.toBe('llama-bench');
  });

  it('takes no longer over text that repeats a statement without an end', () => {
    const one = reading('r.sql', `${CREATE('test')}${'INSERT INTO test ('.repeat(50_000)}`);
    expect(one).toMatchObject({
      status: 'refused',
      reason: 'none of the 100 rows has a value for each of its columns (line 14 cannot be read)',
    });
  });
});
