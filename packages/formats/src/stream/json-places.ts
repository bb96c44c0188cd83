import { isObject } from '../json-value.ts';

/** Indices below it are kept: a short list of objects has a column for each number of each. */
const KEPT_INDICES = 8;

/**
 * The line that a pointer leads to, and what stands behind it. A number that is computed of several names the line before each of
 * them: `line 3 /eval_count ÷ line 3 /eval_duration` is ` /eval_count ÷ /eval_duration` of line 3.
 */
export function linePlaceOf(pointer: string): { line: number; tail: string } {
  const [at = '', number = ''] = /^\(?line (\d+)/.exec(pointer) ?? [];
  const ofSeveral = pointer.includes(' ÷ ') && pointer.includes(` ÷ line ${number} `);
  const tail = ofSeveral ? ` ${pointer.replaceAll(`line ${number} `, '')}` : pointer.slice(at.length);
  return { line: Number(number), tail };
}

/**
 * What stands behind `line N` in the pointer of a number, as one column's: with `*` for the index where a list may hold any number of
 * them, as lists of numbers and long lists of objects do.
 * @param tail as the ordinary reader has it, with its blank: ` /itls/17`
 * @param value the line's, into which it leads
 */
export function columnTail(tail: string, value: unknown): string {
  if (!/\/\d/.test(tail)) return tail;
  // A number that is computed of several names each of them.
  if (tail.includes(' ÷ /')) return tail.replace(/(?<=[ (])\/[^ )]*/g, (pointer) => columnTail(pointer, value));
  const steps = tail.split('/');
  let at: unknown = value;
  for (let index = 1; index < steps.length; index += 1) {
    const step = steps[index] ?? '';
    if (Array.isArray(at)) {
      at = at[Number(step)];
      if (index === steps.length - 1 || Number(step) >= KEPT_INDICES) steps[index] = '*';
    } else if (isObject(at)) {
      at = at[step.replaceAll('~1', '/').replaceAll('~0', '~')];
    } else {
      // It leads to no place of the line.
      return tail;
    }
  }
  return steps.join('/');
}
