import { describe, expect, it } from 'vitest';
import { failureOfRow, markColumns, verdictOnObject } from './failure.ts';

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
  ])('%j failed', (object, reason) => expect(verdictOnObject(object)).toEqual({ marked: true, reason }));

  it.each<Record<string, unknown>>([
    ...['', 'none', 'NULL', 'NaN', 'n/a', 'false', '0', ' '].map((error) => ({ error })),
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
    { overall_success: false },
    { error_rate: 'high' },
    { child: { error: 'not a part' } },
    { compilation: null },
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
  ])('%j: %s', (cells, reason) => expect(failureOfRow(cells, columns)).toBe(reason));
});
