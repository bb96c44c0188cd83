/** A value that held from one moment to another, in seconds. */
export type Span = { from: number; to: number; value: number };

/**
 * Values over time: the mean of what held, each moment counted once. Where several held at once, their mean holds. `seconds`: how
 * long any held. Of moments alone, the plain mean.
 */
export function overTime(spans: readonly Span[]): { mean: number; seconds: number; overlapping: boolean } {
  const moments = [...new Set(spans.flatMap(({ from, to }) => [from, to]))].sort((a, b) => a - b);
  let [integral, seconds, overlapping] = [0, 0, false];
  for (const [i, from] of moments.slice(0, -1).entries()) {
    const to = moments[i + 1] ?? from;
    const held = spans.filter((span) => span.from <= from && span.to >= to);
    if (held.length === 0) continue;
    integral += (to - from) * meanOf(held);
    seconds += to - from;
    overlapping ||= held.length > 1;
  }
  return { mean: seconds > 0 ? integral / seconds : meanOf(spans), seconds, overlapping };
}

function meanOf(spans: readonly Span[]): number {
  return spans.length === 0 ? 0 : spans.reduce((total, { value }) => total + value, 0) / spans.length;
}
