import type { JetStreamManager } from '@nats-io/jetstream';
import type { StreamName } from '../bus/contract.ts';
import { CONTRACTS } from '../bus/contracts.ts';
import type { Metrics } from './metrics.ts';
import type { Sample } from './sampling.ts';

/**
 * What NATS holds, as the service's own account may see it: the disk that the account uses and may use, and the three streams. Asks for nothing
 * that a service is not allowed anyway.
 */
export function natsSample(manager: JetStreamManager, metrics: Metrics): Sample {
  const names = [...new Set<StreamName>(CONTRACTS.map(({ stream }) => stream))];
  return {
    what: "NATS' storage",
    sets: ['chimera_nats_storage_bytes', 'chimera_nats_storage_limit_bytes', 'chimera_stream_messages', 'chimera_stream_bytes'],
    async take() {
      const [account, ...streams] = await Promise.all([manager.getAccountInfo(), ...names.map((name) => manager.streams.info(name))]);
      metrics.set('chimera_nats_storage_bytes', {}, account.storage);
      // -1: the account has none; what the server's disk holds is not told to its clients.
      if (account.limits.max_storage > 0) metrics.set('chimera_nats_storage_limit_bytes', {}, account.limits.max_storage);
      else metrics.unset('chimera_nats_storage_limit_bytes');
      let others = account.storage;
      for (const { config, state } of streams) {
        metrics.set('chimera_stream_messages', { stream: config.name }, state.messages);
        metrics.set('chimera_stream_bytes', { stream: config.name }, state.bytes);
        others -= state.bytes;
      }
      metrics.set('chimera_stream_bytes', { stream: 'other' }, Math.max(0, others));
    },
  };
}
