import type { Measurement, Reading } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { readArtifact } from '../read-artifact.ts';

const measurementsOf = (reading: Reading): readonly Measurement[] => (reading.status === 'read' ? reading.measurements : []);

/** The build stands below its table: what is cut off before it has no commit. */
function shown({ labels: { engine_commit, engine_version, ...labels }, ...one }: Measurement): string {
  return JSON.stringify({ ...one, labels });
}

const CSV = 'build_commit,n_prompt,n_gen,n_depth,model_type,avg_ns,avg_ts,stddev_ts';
const SQL = CSV.replaceAll(',', ', ');
const TEST = {
  build_commit: 'a1',
  n_prompt: 16,
  n_gen: 0,
  model_type: 'x 1B Q8_0',
  avg_ns: 1250,
  avg_ts: 12.75,
  stddev_ts: 0.25,
  samples_ts: [12.5, 13],
};

// A number of a cut file is the same number in the whole one, under the same labels.
describe('files that are cut off at any byte yield no other number', () => {
  it.each([
    ['r.jsonl', `${JSON.stringify(TEST)}\n${JSON.stringify({ ...TEST, n_prompt: 0, n_gen: 12 })}\n`],
    ['r.csv', `${CSV}\n"a1","16","0","0","x 1B Q8_0","1250","12.75","0.25"\n"a1","0","12","0","x, 1B Q8_0","1250","120.5","1.25"\n`],
    ['plain.csv', `${CSV}\na1,16,0,0,x 1B Q8_0,1250,12.75,0.25\na1,0,12,0,x 1B Q8_0,1250,120.5,1.25\n`],
    [
      'r.sql',
      `CREATE TABLE IF NOT EXISTS test (\n  ${CSV.replaceAll(',', ' TEXT,\n  ')} REAL\n);\nINSERT INTO test (${SQL}) VALUES ('a1', '16', '0', '0', 'x''s 1B', '1250', '12.75', '0.25');\nINSERT INTO test (${SQL}) VALUES ('a1', 0, 12, 0, NULL, 1250, 120.5, 1.25);\n`,
    ],
    [
      'r.md',
      '| model | size | params | backend | test | t/s |\n| --- | --: | --: | --- | --: | --: |\n| a 1B Q4_0 | 1.25 GiB | 1.10 B | CPU | pp512 | 112.75 ± 10.25 |\nnoise\n| a 1B Q4_0 | 1.25 GiB | 1.10 B | CPU | tg128 @ d16 | 12.25 ± 0.75 |\n\nbuild: 0a1b2c3d (6789)\n',
    ],
    [
      'h.csv',
      'command,mean,stddev,median,user,system,min,max,parameter_n\n"a, b",1.25,0.5,1.25,1.5,0.25,1.25,1.5,12\nc,12.5,0.25,12.5,1,0,12.25,13.75,16\n',
    ],
    [
      'h.md',
      '| Command | Mean [ms] | Min [ms] | Max [ms] | Relative |\n|:---|---:|---:|---:|---:|\n| `a` | 105.25 ± 1.25 | 103.5 | 107.25 | 1.00 |\n',
    ],
    [
      'gpu.csv',
      'timestamp, index, utilization.gpu [%], power.draw [W], temperature.gpu\n2026/01/01 00:00:00.000, 0, 97 %, 612.25 W, 64\n2026/01/01 00:00:00.001, 12, 35 %, 70.5 W, 33\n',
    ],
    ['last.csv', 'utilization.gpu [%], power.draw [W], index\n97 %, 612.25 W, 10\n35 %, 70.5 W, 12\n'],
  ])('%s', (path, text) => {
    const bytes = Buffer.from(text);
    const whole = readArtifact({ path, bytes });
    expect(whole).toMatchObject({ status: 'read' });
    expect(whole).not.toHaveProperty('cut');
    const told = new Set(measurementsOf(whole).map(shown));
    expect(told.size).toBeGreaterThan(3);
    const faults: string[] = [];
    for (let end = 0; end < bytes.length; end += 1) {
      const reading = readArtifact({ path, bytes: bytes.subarray(0, end) });
      if (reading.status === 'refused') expect(reading.reason).not.toContain('fault of its own');
      for (const one of measurementsOf(reading)) if (!told.has(shown(one))) faults.push(`cut at ${end}: ${shown(one)}`);
    }
    expect(faults).toEqual([]);
  });
});
