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

const HEADER =
  'build_commit,build_number,cpu_info,gpu_info,backends,model_type,model_size,n_gpu_layers,flash_attn,n_prompt,n_gen,n_depth,avg_ns,stddev_ns,avg_ts,stddev_ts';
const PROMPT =
  '"77aa88bb","7001","Apple M2 Ultra","Accelerate, Apple M2 Ultra","BLAS,MTL","llama 8B Q8_0","8540770304","-1","1","1024","0","0","800000000","4000000","1280.032","6.4"';
const GENERATION =
  '"77aa88bb","7001","Apple M2 Ultra","Accelerate, Apple M2 Ultra","BLAS,MTL","llama 8B Q8_0","8540770304","-1","1","0","64","2048","1000000000","10000000","64.0064","0.64"';

const rates = ({ measurements }: Read) =>
  measurements
    .filter(({ unit }) => unit === 'tok/s')
    .map(({ metric, statistic, value, n, pointer }) => [metric, statistic, value, n, pointer]);

describe('llama-bench, CSV', () => {
  it('reads quoted numbers, and quoted cells with commas in them', () => {
    const one = read('r.csv', `${HEADER}\n${PROMPT}\n${GENERATION}\n`);
    expect(one).toMatchObject({ format: 'llama-bench', kind: 'csv', records: 2, warnings: [] });
    expect(rates(one)).toEqual([
      ['prompt_token_throughput', 'mean', 1280.032, null, 'line 2 column avg_ts'],
      ['prompt_token_throughput', 'stddev', 6.4, null, 'line 2 column stddev_ts'],
      ['output_token_throughput', 'mean', 64.0064, null, 'line 3 column avg_ts'],
      ['output_token_throughput', 'stddev', 0.64, null, 'line 3 column stddev_ts'],
    ]);
    expect(one.measurements[0]?.labels).toMatchObject({
      gpu: 'Accelerate, Apple M2 Ultra',
      backend: 'BLAS,MTL',
      num_gpu: '-1',
      flash_attention: 'true',
      test: 'pp1024',
    });
    expect(one.measurements.find(({ metric }) => metric === 'avg_ns')).toMatchObject({ value: 8e8, unit: 'ns', statistic: 'mean' });
    expect(one.measurements.find(({ metric }) => metric === 'model_size')).toMatchObject({ value: 8540770304, unit: 'bytes' });
  });

  it('reads a commit of digits as a label and no number', () => {
    const one = read('r.csv', `${HEADER}\n${PROMPT.replace('77aa88bb', '12e4567')}\n`);
    expect(one.measurements[0]?.labels.engine_commit).toBe('12e4567');
  });

  it('leaves out a row that has more or fewer cells, and shifts nothing', () => {
    const one = read('r.csv', `${HEADER}\n${PROMPT},"1"\n${GENERATION}\n${PROMPT.replace('"1024",', '')}\n`);
    expect(rates(one).map(([, , value]) => value)).toEqual([64.0064, 0.64]);
    expect(one.warnings).toEqual([
      'line 2 has 17 cells where the header has 16 columns: it was not read',
      'line 4 has 15 cells where the header has 16 columns: it was not read',
    ]);
  });

  it('refuses a file of which no row fits', () => {
    expect(reading('r.csv', `${HEADER}\n${PROMPT},"1"\n`)).toMatchObject({
      status: 'refused',
      format: 'llama-bench',
      reason: 'none of the 1 rows below the header (line 1) has its 16 cells (line 2 has 17)',
    });
  });

  it('finds the header behind other lines, whatever the name says', () => {
    const text = `register_backend: registered backend Metal (1 devices)\r\nwarning: asserts enabled\r\n${HEADER}\r\n${PROMPT}\r\n`;
    for (const path of ['r.csv', 'r.txt', 'r.log', 'r']) {
      const one = read(path, text);
      expect(one.format, path).toBe('llama-bench');
      expect(rates(one)[0], path).toEqual(['prompt_token_throughput', 'mean', 1280.032, null, 'line 4 column avg_ts']);
    }
  });

  it('reads files that were joined, each by its own header', () => {
    const other = 'build_commit,n_gen,n_prompt,avg_ts\n"1","32","0","51.5"\n';
    const one = read('r.csv', `${HEADER}\n${PROMPT}\n\n${other}`);
    expect(rates(one).map(([metric, , value, , pointer]) => [metric, value, pointer])).toEqual([
      ['prompt_token_throughput', 1280.032, 'line 2 column avg_ts'],
      ['prompt_token_throughput', 6.4, 'line 2 column stddev_ts'],
      ['output_token_throughput', 51.5, 'line 5 column avg_ts'],
    ]);
  });

  it('reads what a spreadsheet saved: semicolons, other order, no quotes', () => {
    const one = read('r.csv', 'n_prompt;n_gen;avg_ts;stddev_ts;build_commit\n256;0;99.5;0.5;abcdef0\n');
    expect(rates(one)[0]).toEqual(['prompt_token_throughput', 'mean', 99.5, null, 'line 2 column avg_ts']);
  });

  it('does not trust a last cell that may be cut', () => {
    const cut = read(
      'r.csv',
      `${HEADER}\n${PROMPT.replaceAll('"', '').replace('Accelerate, Apple M2 Ultra', 'M2').replace('BLAS,MTL', 'MTL')}`,
    );
    expect(rates(cut).map(([, statistic]) => statistic)).toEqual(['mean']);
    expect(cut.warnings.join()).toContain('its last cell, "6.4" in column "stddev_ts", was not read');
    const half = read('r.csv', `${HEADER}\n${PROMPT}\n"77aa88bb","7001","App`);
    expect(half).toMatchObject({ cut: true, records: 1 });
  });

  it('counts a zero rate as failed and a word as none', () => {
    const one = read('r.csv', `${HEADER}\n${PROMPT.replace('1280.032', '0.000000')}\n${GENERATION.replace('64.0064', 'nan')}\n`);
    expect(one.failed).toEqual([{ pointer: 'line 2', reason: 'avg_ts is 0: nothing was measured' }]);
    expect(one.warnings).toEqual(['line 3: avg_ts is no number: the test has no rate']);
  });

  it('says that a header without rows has none', () => {
    expect(read('r.csv', `${HEADER}\n`)).toMatchObject({ records: 0, warnings: ['the table has a header (line 1) and no rows'] });
  });

  it('does not claim a derived table', () => {
    expect(read('curve.csv', 'model,avg_ts,n_prompt\na,1.5,512\n').format).toBe('generic');
  });
});
