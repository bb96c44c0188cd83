import { describe, expect, it } from 'vitest';
import { readStreamed, readWhole } from './stream-for-test.ts';

/** Rows of a file of many, of which the head has the first ones. */
const ROWS = 3_000;
const HEAD = 5_000;

/** Numbers that differ from row to row and are the same in each test. */
const some = (row: number, most: number): number => ((row * 7_919) % 10_007) * (most / 10_007);

type Case = { path: string; header: string; row: (row: number) => string; format: string };

const CASES: Readonly<Record<string, Case>> = {
  'samples of nvidia-smi, whose cells have units': {
    path: 'gpu.csv',
    header: 'timestamp, index, name, utilization.gpu [%], memory.used [MiB], power.draw [W], temperature.gpu',
    row: (row) => {
      const power = row % 50 === 7 ? '[N/A]' : `${some(row, 300).toFixed(2)} W`;
      const time = `2026/03/01 10:${row % 60}:${row % 59}.${row % 1_000}`;
      return `${time}, ${row % 4}, NVIDIA H100, ${row % 101} %, ${1_000 + (row % 5_000)} MiB, ${power}, ${30 + (row % 50)}`;
    },
    format: 'nvidia-smi',
  },
  'samples of DCGM, with its numbers for no value': {
    path: 'dcgm.csv',
    header: 'Timestamp,DCGM_FI_DEV_GPU_UTIL,DCGM_FI_DEV_POWER_USAGE,DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION,gpu,Hostname',
    row: (row) =>
      `${1_700_000_000 + row},${row % 40 === 3 ? 2147483632 : row % 100},${some(row, 300).toFixed(2)},${20_000_000_000 + row * 317},${row % 8},n${row % 2}`,
    format: 'dcgm',
  },
  'the history of locust': {
    path: 'stats_history.csv',
    header:
      'Timestamp,User Count,Type,Name,Requests/s,Failures/s,50%,66%,95%,99%,Total Request Count,Total Failure Count,Total Median Response Time,Total Average Response Time',
    row: (row) => {
      const name = row % 5 === 0 ? ',Aggregated' : `GET,/a${row % 3}`;
      const middle = row % 11 === 0 ? 'N/A' : 12 + (row % 100);
      return `${1_700_000_000 + row},${row % 20},${name},${some(row, 300).toFixed(6)},0.0,${middle},13,${row % 99},${row % 300},${row},0,12,12.5`;
    },
    format: 'locust',
  },
  'requests of oha, some of which were refused': {
    path: 'oha.csv',
    header: 'request-start,DNS,DNS+dialup,Response-delay,request-duration,bytes,status',
    row: (row) => {
      const status = row % 13 === 0 ? (row > 2_000 ? 404 : 503) : row % 101 === 5 ? 'x' : 200;
      return `${row / 1_000},0,${some(row, 1)},${row % 9 === 0 ? 0 : some(row, 2)},${some(row, 3)},${100 + (row % 77)},${status}`;
    },
    format: 'oha',
  },
  'rows that name their metric': {
    path: 'named.csv',
    header: 'metric,value,unit',
    row: (row) =>
      [`ttft,${some(row, 100)},ms`, `Output tokens per second,${some(row, 90)},tok/s`, `note ${row % 7},${row},`][row % 3] ?? '',
    format: 'generic',
  },
  'rows whose request ends before its first token': {
    path: 'contradicting.csv',
    header: 'model,ttft_ms,request_latency_ms',
    row: (row) => `m${row % 3},${100 + some(row, 50)},${row % 2 === 0 ? 900 : 10}`,
    format: 'generic',
  },
  'rows that each have a reason of their own for failing': {
    path: 'failing.csv',
    header: 'model,error,ttft_ms',
    row: (row) => `m${row % 3},${row % 3 === 0 ? `connection ${row} reset,` : `,${some(row, 100)}`}`,
    format: 'generic',
  },
  'rows whose words are each their own, and say of which kind the row is': {
    path: 'kinds.csv',
    header: 'model,who,output_tokens_per_s',
    row: (row) => `m${row % 3},${row % 5 === 0 ? 'p95' : row % 5 === 1 ? `total ${row}` : `user ${row}`},${some(row, 100)}`,
    format: 'generic',
  },
  'texts with quotes and over lines': {
    path: 'texts.csv',
    header: 'model,prompt,ttft_ms',
    row: (row) => `m${row % 2},"one, ""${row}""\ntwo\r\nthree\r",${some(row, 100)}`,
    format: 'generic',
  },
  'rows that each are of another model, too many to be looked at one by one': {
    path: 'models.csv',
    header: 'model,ttft_ms,note',
    row: (row) => `m${row},${some(row, 100)},n`,
    format: 'generic',
  },
  'numbers of one column': { path: 'one.csv', header: 'value', row: (row) => `${some(row, 1)}`, format: 'generic' },
};

describe('StreamReader, of tables that go on behind their head', () => {
  it.each(Object.entries(CASES))('reads %s as they are read whole', (_, { path, header, row, format }) => {
    const text = `${header}\n${Array.from({ length: ROWS }, (_, index) => `${row(index)}\n`).join('')}`;
    const input = { path, bytes: new TextEncoder().encode(text) };
    const whole = readWhole(input);
    expect(whole.format).toBe(format);
    const streamed = readStreamed(input, { chunk: 10_000, head: HEAD });
    expect({ ...streamed, warnings: [] }).toEqual({ ...whole, warnings: [] });
    expect(streamed?.warnings.map(topicOf)).toEqual(whole.warnings.map(topicOf));
  });
});

/** A warning without its numbers: how many more there are of a topic may differ. */
function topicOf(sentence: string): string {
  return sentence.replace(/\d+/g, '#');
}
