import { hostname } from 'node:os';
import { createGpuSampler, findGpuSource, type GpuSampler } from '@chimera/ollama';
import type { GpuUse } from '@chimera/shared/domain';
import type { Dependencies } from '@chimera/shared/service';
import type { ServerSpec } from './servers/spec.ts';

/** Samples the GPUs of a server's node beside a call. `end` gives null where they cannot be sampled. */
export type GpuWatch = { watch(server: ServerSpec): { end(): Promise<GpuUse | null> }; close(): Promise<void> };

const EVERY_MS = 1_000;
/** The most that a call waits for its last sample. */
const TIMEOUT_MS = 1_000;

/**
 * Watches the GPUs of the nodes that can be sampled: by nvidia-smi where the server is on this host, or by the DCGM exporter that is
 * named beside its URL. What can be sampled is found out once a server, beside its first call.
 */
export function watchGpus({ logger }: Pick<Dependencies, 'logger'>): GpuWatch {
  const samplers = new Map<string, Promise<GpuSampler | null>>();
  const told = new Set<string>();

  async function samplerOf({ url, key, node, dcgmUrl }: ServerSpec): Promise<GpuSampler | null> {
    const found = await findGpuSource({
      server: url,
      hostname: hostname(),
      timeoutMs: TIMEOUT_MS,
      ...(dcgmUrl === null ? {} : { dcgmUrl }),
    });
    if (found.source === null) {
      // Whoever named an exporter wants to be told; that a machine has no GPU tools is no fault.
      logger[dcgmUrl === null ? 'info' : 'warn']({ server: url, reason: found.reason }, 'the GPUs beside this server are not sampled');
      return null;
    }
    told.delete(key);
    return createGpuSampler({ ...found.source, node }, { everyMs: EVERY_MS, timeoutMs: TIMEOUT_MS });
  }

  return {
    watch(server) {
      const known = samplers.get(server.key);
      const sampler = known ?? samplerOf(server);
      if (known === undefined) samplers.set(server.key, sampler);
      const watching = sampler.then((one) => one?.watch() ?? null);
      return {
        async end() {
          const use = (await (await watching)?.end()) ?? null;
          const fault = (await sampler)?.fault() ?? null;
          if (fault !== null && !told.has(server.key)) logger.warn({ server: server.url }, fault);
          if (fault !== null) told.add(server.key);
          return use;
        },
      };
    },
    async close() {
      for (const sampler of samplers.values()) await (await sampler)?.close();
    },
  };
}
