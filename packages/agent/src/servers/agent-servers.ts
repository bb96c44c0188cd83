import { hostname } from 'node:os';
import type { AgentName, AgentProfile } from '@chimera/shared/domain';
import type { Dependencies } from '@chimera/shared/service';
import { Lease } from '@chimera/shared/store';
import type { AgentSettings } from '../config.ts';
import type { GpuWatch } from '../gpu-watch.ts';
import { createGate } from './gate.ts';
import { KnownServer, SERVERS_BUCKET } from './known-server.ts';
import { lingeringSlots } from './lingering-slots.ts';
import { ServerPool } from './pool.ts';
import { hasEnded, processName } from './process-name.ts';
import { leasedSlots, SLOTS_BUCKET } from './slot-desk.ts';
import { serverSpec } from './spec.ts';

/** The Ollama servers of one agent's worker, and the gate to its work. */
export type AgentServers = {
  pool: ServerPool;
  gate: ReturnType<typeof createGate>;
  gpus: GpuWatch | null;
  close(): Promise<void>;
};

/** Without a beat for this long a slot is anyone's. */
const SLOT_TTL_MS = 3_000;

/** Opens the servers of the settings for an agent whose profile has a model. `findOut`: whether slots are measured on first use. */
export async function openServers(
  agent: AgentName,
  profile: AgentProfile & { model: string },
  settings: AgentSettings,
  deps: Dependencies,
  { findOut, gpus }: { findOut: boolean; gpus: GpuWatch | null },
): Promise<AgentServers> {
  const { bus, clock, logger } = deps;
  const leases = await bus.documents(SLOTS_BUCKET, Lease);
  const known = findOut ? await bus.documents(SERVERS_BUCKET, KnownServer) : null;
  const closing = new AbortController();
  const me = processName(deps.instance, agent);
  const renewalFailed = (error: Error) => logger.warn({ err: error }, 'the lease of a slot could not be renewed; trying again');
  const desk = lingeringSlots(leasedSlots(bus, leases, me, SLOT_TTL_MS, renewalFailed, hasEnded), bus, me);
  const pool = new ServerPool({
    servers: settings.urls.map((url) => serverSpec(url, hostname())),
    timeouts: settings.timeouts,
    clock,
    desk,
    known,
    signal: closing.signal,
    onEvent: (sentence) => logger.info(sentence),
  });
  const gate = createGate({
    agent,
    profile,
    bus,
    pool,
    patienceMs: settings.patienceMs,
    mostWithoutSlot: settings.values.CHIMERA_AGENT_CONCURRENCY,
  });
  return {
    pool,
    gate,
    gpus,
    async close() {
      gate.close();
      closing.abort();
      await pool.close();
      await desk.close();
      await gpus?.close();
    },
  };
}
