import type { K6Part, PrintedMetric } from './k6-console-lines.ts';

/** A number as k6 prints it. */
export const NUMBER = String.raw`\d{1,15}(?:\.\d{1,15})?`;
const SIZE = '(?: ?([kMGTP]?B))?';
/** What stands behind a rate: the share, and how many of how many, in either layout. */
export const RATE = new RegExp(String.raw`^(${NUMBER})% {1,40}(?:✓ (\d{1,15}) {1,40}✗ (\d{1,15})|(\d{1,15}) out of (\d{1,15}))$`, 'u');
/** What stands behind a counter: the count and its rate, each with the unit of a size. */
export const COUNTER = new RegExp(`^(${NUMBER})${SIZE} {1,40}(${NUMBER})${SIZE}/s$`);

/** How many requests and iterations a run or a part of it had; null where that is not printed. */
export type Counts = { requests: number | null; iterations: number | null };

/** Whether both are of the same group and scenario, or both of all of the run. */
export function isSamePart(one: K6Part | undefined, other: K6Part | undefined): boolean {
  return keyOf(one) === keyOf(other);
}

function keyOf(part: K6Part | undefined): string {
  return JSON.stringify([part?.group, part?.scenario]);
}

/** What stands behind the names of a summary's metrics, of all of the run and of its parts. */
export class PrintedBodies {
  readonly #bodies = new Map<string, string>();

  constructor(metrics: readonly PrintedMetric[]) {
    for (const { name, tags, part, body } of metrics) {
      const key = `${name} ${keyOf(part)}`;
      if (tags === undefined && !this.#bodies.has(key)) this.#bodies.set(key, body);
    }
  }

  /** The empty text where there is none. */
  of(name: string, part?: K6Part): string {
    return this.#bodies.get(`${name} ${keyOf(part)}`) ?? '';
  }

  countsOf(part?: K6Part): Counts {
    return { requests: countIn(this.of('http_reqs', part)), iterations: countIn(this.of('iterations', part)) };
  }

  /** Whether no request of a part succeeded. */
  allFailed(part: K6Part): boolean {
    const [, , passes, fails, some, whole] = RATE.exec(this.of('http_req_failed', part)) ?? [];
    return (whole !== undefined && whole !== '0' && some === whole) || (fails === '0' && passes !== '0');
  }
}

function countIn(body: string): number | null {
  const [, count] = COUNTER.exec(body) ?? [];
  return count !== undefined && /^\d+$/.test(count) ? Number(count) : null;
}
