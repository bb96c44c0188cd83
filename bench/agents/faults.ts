import type { NatsBinary } from '../../test/support/nats.ts';
import { runCrowd } from './crowd.ts';

export type FaultTimes = {
  kills: number;
  completed: number;
  /** runs that were completed more than once, or not at all */
  doubled: number;
  lost: number;
  calls: number;
  /** calls whose prompt had been answered, or begun, before; those of the hung server apart */
  extra: number;
  onHung: number;
  /** share of the healthy servers' time that was spent on calls, while there was work for all */
  used: number;
};

/** Many workers, one killed every few seconds, one server that never answers. */
export async function measureFaults(binary: NatsBinary, servers: number, datasets: number, killEveryMs: number): Promise<FaultTimes> {
  const crowd = await runCrowd({
    binary,
    servers,
    datasets,
    warm: 1,
    hung: true,
    killEveryMs,
    env: { CHIMERA_OLLAMA_FIRST_TOKEN_TIMEOUT: '3', CHIMERA_OLLAMA_PATIENCE: '1' },
  });
  const [hung = [], ...healthy] = crowd.calls;
  const byRun = new Map<string, number>();
  for (const { run } of crowd.completed) byRun.set(run, (byRun.get(run) ?? 0) + 1);
  const all = healthy.flat().toSorted((a, b) => a.arrivedAt - b.arrivedAt);
  const from = Math.min(...all.map((call) => call.arrivedAt));
  const until = crowd.completed.map(({ at }) => at).sort((a, b) => a - b)[datasets - servers] ?? Number.NaN;
  const busy = all.reduce((sum, call) => sum + Math.max(0, Math.min(call.endedAt ?? until, until) - Math.min(call.arrivedAt, until)), 0);
  return {
    kills: crowd.kills,
    completed: byRun.size,
    doubled: [...byRun.values()].filter((times) => times > 1).length,
    lost: datasets - byRun.size,
    calls: all.length,
    extra: all.length - new Set(all.map((call) => call.prompt)).size,
    onHung: hung.length,
    used: busy / ((until - from) * healthy.length),
  };
}
