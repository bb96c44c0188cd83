/** Lists behind each other. Hundreds of thousands of items are so copied once, where a growing list would be copied again and again. */
export function joined<T>(lists: readonly (readonly T[])[]): T[] {
  let length = 0;
  for (const list of lists) length += list.length;
  const all = new Array<T>(length);
  let next = 0;
  for (const list of lists) for (let i = 0; i < list.length; i++) all[next++] = list[i] as T;
  return all;
}
