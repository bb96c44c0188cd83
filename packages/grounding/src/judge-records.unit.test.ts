import type { Artifact } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { checkPage } from './check.ts';
import { createTruth } from './create-truth.ts';
import type { Located } from './entry.ts';

const ARTIFACT: Artifact = {
  path: 'b.csv',
  kind: 'csv',
  format: 'generic',
  bytes: 60,
  sha256: null,
  status: 'read',
  reason: null,
  warnings: [],
  measurements: 6,
  records: 3,
  failed: [],
};

function number(metric: string, value: number, unit: string | null, line = 2): Located {
  const pointer = `line ${line} column ${metric}`;
  return {
    path: 'b.csv',
    measurement: { metric, statistic: 'value', value, unit, n: null, labels: { model: 'm' }, pointer, failed: false },
  };
}

const LATENCIES = [number('request_latency', 430_000, 'ms'), number('request_latency', 431_000, 'ms', 3)];

/** The verdict on the only number of a page, and its reason. */
function judged(page: string, measurements: readonly Located[] = LATENCIES, artifact: Partial<Artifact> = {}) {
  const truth = createTruth({ facts: [], artifacts: [{ ...ARTIFACT, ...artifact }], measurements });
  const [claim, ...others] = checkPage(page, truth).filter(({ claim: { kind } }) => kind === 'number');
  expect([page, others.length]).toEqual([page, 0]);
  return [claim?.verdict, claim?.why];
}

describe('a number of records, rows, lines or requests', () => {
  it.each([
    'There are 430000 records of request latency in b.csv.',
    'The request latency of b.csv was taken over 430000 rows.',
    'b.csv holds 430,000 lines of request latency.',
    'The request latency stands in b.csv, in 430000 valid entries.',
    'Total records: 430000, with the request latency in b.csv.',
    'The number of rows of request latency in b.csv is 430000.',
    '| file | latency records |\n|---|---|\n| b.csv | 430000 |',
    '| of request latency in b.csv | value |\n|---|---|\n| records | 430000 |',
  ])('is no latency of that value: %s', (page) => {
    expect(judged(page)[0]).toBe('contradicted');
    expect(judged(page)[1]).toBe('b.csv has 60 bytes, too few for so many');
    // In a file that could hold so many nobody knows.
    expect(judged(page, LATENCIES, { bytes: 9_000_000, records: 400_000 })[0]).toBe('unsupported');
  });

  it.each([
    'b.csv has 3 records.',
    'There are 3 rows in b.csv.',
    '| file | records |\n|---|---|\n| b.csv | 3 |',
    'The request latency in b.csv is told in 3 entries.',
  ])('is supported where the file was read as so many: %s', (page) => {
    expect(judged(page)).toEqual(['supported', 'b.csv was read as 3 records']);
  });

  it('is not contradicted where lines, headings or the parts of a file may be meant', () => {
    expect(judged('b.csv has 4 rows.')[0]).toBe('unsupported');
    expect(judged('b.csv has 4 lines.')[0]).toBe('unsupported');
    expect(judged('b.csv has 2 records of model m.')[0]).toBe('unsupported');
    expect(judged('The log of b.csv has 900 requests.')[0]).toBe('unsupported');
  });

  it('is a number that the artifacts count', () => {
    const counts = [number('Request Count', 8123, null), number('request_latency', 8123, 'ms')];
    const table = '| file | request count |\n|---|---|\n| b.csv | 8123 |';
    expect(judged(table, counts)[0]).toBe('supported');
    expect(judged(table, counts.slice(1))[0]).toBe('unsupported');
    const latency = '| of request latency | requests |\n|---|---|\n| b.csv | 8123 |';
    expect(judged(latency, counts)[0]).toBe('unsupported');
  });

  it('has no other statistic, and no part of it contradicts the whole', () => {
    const counts = [number('requests', 8123, null), number('failed_requests', 3, null), number('latency', 12.5, 'ms')];
    const table = 'The mean latency is 12.5.\n\n| metric | value |\n|---|---|\n| Requests | 8123 |';
    const [claim] = checkPage(table, createTruth({ facts: [], artifacts: [ARTIFACT], measurements: counts })).filter(
      ({ claim: { text } }) => text === '8123',
    );
    expect(claim?.verdict).toBe('supported');
    expect(judged('b.csv: requests = 8200.', counts, { bytes: 90_000 })[0]).toBe('contradicted');
    const part = 'b.csv: some failed requests out of 9000.';
    expect(judged(part, counts, { bytes: 90_000 })[0]).toBe('unsupported');
  });

  it('leaves values and samples alone', () => {
    expect(judged('The request latency of model m in b.csv is 430000 ms.')[0]).toBe('supported');
    const rate = [number('request_throughput', 430_000, 'req/s')];
    expect(judged('The request throughput of model m in b.csv is 430000 requests per second.', rate)[0]).toBe('supported');
  });
});
