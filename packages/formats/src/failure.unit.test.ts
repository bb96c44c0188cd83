import { describe, expect, it } from 'vitest';
import { verdictOnObject } from './failure.ts';
import { readArtifact } from './read-artifact.ts';
import { failureOfRow, markColumns } from './row-failure.ts';

const statusFailed = (status: string): [Record<string, unknown>, string] => [{ status }, `status is "${status}"`];

describe('verdictOnObject', () => {
  it.each<[Record<string, unknown>, string]>([
    [{ error: 'no GPU' }, 'no GPU'],
    [{ Error_Message: 'no GPU' }, 'no GPU'],
    [{ errorMessage: 'no GPU' }, 'no GPU'],
    [{ exception: { type: 'OOM', message: 'out of memory' } }, 'out of memory'],
    [{ failure: true }, 'failure is true'],
    [{ error: { code: 7 } }, '{"code":7}'],
    [{ error: ['', 'second'] }, 'second'],
    [{ success: false }, 'success is false'],
    [{ ok: false, error: null }, 'ok is false'],
    [{ completed_successfully: false }, 'completed_successfully is false'],
    [{ status: 'OOM' }, 'status is "OOM"'],
    [{ status: 'timed out' }, 'status is "timed out"'],
    [{ failed: true }, 'failed is true'],
    [{ success: false, error: 'words win' }, 'words win'],
    [{ compilation: { success: false, error: 'not installed' }, backend: 'x' }, 'not installed'],
    [{ metadata: { error: 'not installed' } }, 'not installed'],
    ...['fail', 'FAILED', 'failure', 'error', 'errored', 'timeout', 'timed-out', 'oom', 'oom_killed', 'OOM killed'].map(statusFailed),
    ...['crashed', 'aborted', 'cancelled', 'canceled', 'Killed', 'KO', '❌', '❌ no GPU'].map(statusFailed),
    ...['error: CUDA OOM', 'Failed (exit 1)', 'FAILED - no GPU', 'timeout after 30 s', 'killed by signal 9'].map(statusFailed),
    [{ timed_out: true }, 'timed_out is true'],
    [{ completed: 0, num_prompts: 100, mean_ttft_ms: 0 }, 'completed is 0'],
    [{ 'Successful requests': '0' }, 'Successful requests is 0'],
    [{ status_code: 500, ttft_ms: 2 }, 'status_code is 500'],
    [{ http_status: '429' }, 'http_status is 429'],
    [{ status: 503 }, 'status is "503"'],
    [{ status: '404' }, 'status is "404"'],
    [{ crashed: 'yes' }, 'crashed is yes'],
    [{ aborted: true }, 'aborted is true'],
    [{ oom: true }, 'oom is true'],
    [{ state: 'Failed' }, 'state is "Failed"'],
    [{ outcome: 'oom-killed' }, 'outcome is "oom-killed"'],
    ...['false', 'No', 'f', 'N', 0, '0'].map((success): [Record<string, unknown>, string] => [{ success }, `success is ${success}`]),
    [{ ok: 'no' }, 'ok is no'],
    [{ passed: 0 }, 'passed is 0'],
    [{ failed: 'true' }, 'failed is true'],
    [{ is_error: true }, 'is_error is true'],
    [{ isError: 'YES' }, 'isError is YES'],
    [{ exit_code: 1 }, 'exit_code is 1'],
    [{ exitCode: -9 }, 'exitCode is -9'],
    [{ returncode: 137 }, 'returncode is 137'],
    [{ return_code: '2' }, 'return_code is 2'],
    [{ run: { exitcode: 1 }, error: '' }, 'exitcode is 1'],
    [{ errors: ['boom'] }, 'boom'],
    [{ errors: [{ message: 'boom' }] }, 'boom'],
    [{ errors: [{ code: 7 }] }, '{"code":7}'],
    [{ errors: 'boom' }, 'boom'],
    [{ error: { message: 'none', detail: 'boom' } }, 'boom'],
  ])('%j failed', (object, reason) => expect(verdictOnObject(object)).toEqual({ marked: true, reason }));

  it.each<Record<string, unknown>>([
    ...['', 'none', 'NULL', 'NaN', 'n/a', 'false', '0', ' '].map((error) => ({ error })),
    ...['No error', 'no errors', 'no_error', 'No errors.', 'OK', 'success', 'passed', '—'].map((error) => ({ error })),
    ...['true', 'YES', 't', 'y', 1].map((success) => ({ success })),
    { errors: [] },
    { errors: '' },
    { errors: null },
    { errors: ['no error', ''] },
    { error: { message: 'no error', code: 0 } },
    { exit_code: 0 },
    { returncode: 0 },
    { failed: 'false' },
    { timed_out: false },
    { status_code: 200 },
    { http_status: '301' },
    ...['error free', 'failed over', 'errors: 0', 'ok (no error)'].map((status) => ({ status })),
    { is_error: 'no' },
    { outcome: 'skipped' },
    { state: 'completed' },
    { error: null },
    { error: {} },
    { error: false },
    { success: true },
    { status: 'completed' },
    { compilation: { success: true } },
  ])('%j bears a mark and did not fail', (object) => expect(verdictOnObject(object)).toEqual({ marked: true, reason: null }));

  it.each<Record<string, unknown>>([
    { error: 0.02 },
    { success: 5 },
    { failed: 3 },
    { status: 200 },
    { success: 0.5 },
    { success: 'maybe' },
    { passed: 12 },
    { failed: 1 },
    { failed: '3' },
    { state: 'P8' },
    { errors: 3 },
    { errors: [0, 2] },
    { errors: { timeout: 0, http: 0 } },
    { exit_code: null },
    { exit_code: 0.5 },
    { exit_code: 'unknown' },
    { exit_codes: [1] },
    { is_ready: false },
    { overall_success: false },
    { error_rate: 'high' },
    { child: { error: 'not a part' } },
    { compilation: null },
    { completed: 100, failed: 3 },
    { completed: true },
    { successful_requests: 'n/a' },
    {},
  ])('%j bears no mark', (object) => expect(verdictOnObject(object)).toEqual({ marked: false, reason: null }));
});

describe('failureOfRow', () => {
  const columns = markColumns(['ttft_s', 'Error', 'Success', 'status']);

  it.each([
    [['0', 'timed out', 'TRUE', ''], 'timed out'],
    [['0', '', 'FALSE', ''], 'success is false'],
    [['0', '', 'no', ''], 'success is no'],
    [['0', '', '', 'crashed'], 'status is "crashed"'],
    [['0', '', 'TRUE', 'ok'], null],
    [['0', '-', 'yes', ''], null],
    [['0', '0.02', '', ''], null],
    [['0', '1.5%', '0', ''], null],
    // The bound of a measurement, as JMH prints it.
    [['0', '+/- 12.30 ns/op', '', ''], null],
    [['0', '9999 tok/s', '', ''], '9999 tok/s'],
    [['0', '± 0,4 ms', '', ''], null],
    [['0', '±12', '', ''], null],
    [['0', '500 Internal Server Error', '', ''], '500 Internal Server Error'],
    [['0', '30 s timeout', '', ''], '30 s timeout'],
  ])('%j: %s', (cells, reason) => expect(failureOfRow(cells, columns)).toBe(reason));
});

describe('a row of a sweep in which nothing completed', () => {
  it('is no fast one, though its times are 0', () => {
    const text = 'max_concurrency,mean_ttft_ms,completed,failed\n8,80.5,100,0\n16,0.0,0,100\n';
    const reading = readArtifact({ path: 'sweep.csv', bytes: Buffer.from(text) });
    expect(reading).toMatchObject({ status: 'read', failed: [{ pointer: 'line 3', reason: 'completed is 0' }] });
    const times = reading.status === 'read' ? reading.measurements.filter(({ metric }) => metric === 'time_to_first_token') : [];
    expect(times.map(({ value, failed }) => [value, failed])).toEqual([
      [80.5, false],
      [0, true],
    ]);
  });
});

describe('markColumns', () => {
  const reasons = (name: string, cells: readonly string[]) => {
    const rows = cells.map((cell) => ({ cells: [cell] }));
    const columns = markColumns([name], rows);
    return rows.map((row) => failureOfRow(row.cells, columns));
  };

  it.each<[string, string[], (string | null)[]]>([
    ['success', ['1', '0', '', '1.0', '0.0', 'n/a'], [null, 'success is 0', null, null, 'success is 0.0', null]],
    ['Passed', ['T', 'F', 'y', 'N', 'no'], [null, 'passed is f', null, 'passed is n', 'passed is no']],
    ['success', ['5', '0', '1'], [null, null, null]],
    ['success', ['false', '2'], [null, null]],
    ['success', ['0.5', '0'], [null, null]],
    ['success', ['98%', '0'], [null, null]],
    ['success', ['False', 'skipped', '0', 'n', 'true'], ['success is false', null, null, null, null]],
    ['failed', ['true', 'YES', 'false', '1', '0'], ['failed is true', 'failed is yes', null, null, null]],
    ['is_error', ['true', 'false'], ['is_error is true', null]],
    ['IsError', ['no', 'yes'], [null, 'iserror is yes']],
    ['exit_code', ['0', '1', '', '-9', '1.5', '?'], [null, 'exit_code is 1', null, 'exit_code is -9', null, null]],
    ['Return Code', ['0', '137'], [null, 'return code is 137']],
    ['exitcode', ['0.0', '1.0'], [null, 'exitcode is 1.0']],
    ['errors', ['0', '3', '0/10', '1 of 10 (10%)', 'boom', ''], [null, null, null, null, 'boom', null]],
    ['error', ['no error', 'No errors.', 'OK', 'success', 'passed', 'none', '—'], [null, null, null, null, null, null, null]],
    ['state', ['KO', 'P8', '❌ lost', 'done'], ['state is "KO"', null, 'state is "❌ lost"', null]],
    ['Outcome', ['Canceled', 'ok', 'OOM killed'], ['outcome is "Canceled"', null, 'outcome is "OOM killed"']],
  ])('%s %j: %j', (name, cells, expected) => expect(reasons(name, cells)).toEqual(expected));
});
