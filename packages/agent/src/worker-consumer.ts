import { type ConsumerSpec, requestSubject, subjectToken } from '@chimera/shared/bus';
import type { AgentName } from '@chimera/shared/domain';

/** The durable of the workers of one agent and model; null is the template narrator. */
export function workerConsumer(agent: AgentName, model: string | null): ConsumerSpec {
  return {
    stream: 'chimera_work',
    durable: `${agent}_worker_${model === null ? '=00' : subjectToken(model)}`,
    filter: requestSubject(agent, model),
    ackWaitMs: 15_000,
    maxDeliveries: 5,
  };
}
