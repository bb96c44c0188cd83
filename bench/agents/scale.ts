import type { NatsBinary } from '../../test/support/nats.ts';
import { type Crowd, idleTimes, quantile, runCrowd } from './crowd.ts';

/** Calls a second of each server, and the milliseconds from a free slot to a started call, while there was work for all. */
export type Pace = { calls: number; perServer: number; p50Ms: number; p95Ms: number };

const WARM = 2;

/** The same work a server on one server and on many. */
export async function measureScale(
  binary: NatsBinary,
  servers: number,
  datasetsEach: number,
): Promise<{ one: Pace; many: Pace; efficiency: number }> {
  const one = paceOf(await runCrowd({ binary, servers: 1, warm: WARM, datasets: datasetsEach }), 1);
  const many = paceOf(await runCrowd({ binary, servers, warm: WARM, datasets: datasetsEach * servers }), servers);
  return { one, many, efficiency: many.perServer / one.perServer };
}

function paceOf({ calls, completed }: Crowd, servers: number): Pace {
  const all = calls.flat();
  const from = Math.min(...all.map((call) => call.arrivedAt));
  // From here on there is less work left than servers: some must be idle.
  const until = completed.map(({ at }) => at).sort((a, b) => a - b)[completed.length - servers] ?? Number.NaN;
  const within = all.filter((call) => call.endedAt !== null && call.endedAt <= until);
  const idle = idleTimes(calls, until);
  return {
    calls: all.length,
    perServer: within.length / ((until - from) / 1_000) / servers,
    p50Ms: quantile(idle, 0.5),
    p95Ms: quantile(idle, 0.95),
  };
}
