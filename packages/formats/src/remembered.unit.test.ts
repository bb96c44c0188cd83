import { expect, it } from 'vitest';
import { remembered } from './remembered.ts';

it('asks once for each of many names, and again when they are too many or too long', () => {
  const asked: string[] = [];
  const lengthOf = remembered((name) => {
    asked.push(name);
    return name.length;
  });
  expect(['ttft', 'e2e', 'ttft'].map(lengthOf)).toEqual([4, 3, 4]);
  expect(asked).toEqual(['ttft', 'e2e']);
  for (let n = 0; n < 2_000; n++) lengthOf(`column ${n}`);
  expect(lengthOf('ttft')).toBe(4);
  expect(asked.filter((name) => name === 'ttft')).toHaveLength(2);
  const long = 'x'.repeat(121);
  expect([lengthOf(long), lengthOf(long)]).toEqual([121, 121]);
  expect(asked.filter((name) => name === long)).toHaveLength(2);
});
