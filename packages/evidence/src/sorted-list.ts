/** A list in order, without some and with others; of very many that stay none is looked into. */
export function changedList<T>(list: readonly T[], gone: ReadonlySet<T>, come: readonly T[], order: (a: T, b: T) => number): T[] {
  const stayed = gone.size === 0 ? list : list.filter((one) => !gone.has(one));
  const changed: T[] = [];
  let next = 0;
  for (const one of [...come].sort(order)) {
    const place = placeIn(stayed, one, order, next);
    while (next < place) changed.push(stayed[next++] as T);
    changed.push(one);
  }
  while (next < stayed.length) changed.push(stayed[next++] as T);
  return changed;
}

/** Where one would stand, from a place on. */
function placeIn<T>(list: readonly T[], one: T, order: (a: T, b: T) => number, from: number): number {
  let [low, high] = [from, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (order(list[middle] as T, one) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What of a list is no longer there, and what is new, both lists being in the same order; what is the very same in both is not looked into. */
export function differenceOf<T>(before: readonly T[], now: readonly T[], order: (a: T, b: T) => number): { gone: T[]; come: T[] } {
  const gone: T[] = [];
  const come: T[] = [];
  let next = 0;
  for (let i = 0; i < now.length; i++) {
    const one = now[i] as T;
    while (next < before.length && before[next] !== one && order(before[next] as T, one) <= 0) gone.push(before[next++] as T);
    if (next < before.length && before[next] === one) next += 1;
    else come.push(one);
  }
  while (next < before.length) gone.push(before[next++] as T);
  return { gone, come };
}
