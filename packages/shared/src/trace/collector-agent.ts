import { readFile } from 'node:fs/promises';
import { Agent } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import { Socket } from 'node:net';
import type { TraceValues } from './settings.ts';

/**
 * The connections to the collector: one at a time, each kept for the next batch. They are ours, so that they can be ended at once
 * when the process stops. Throws an error that names the variable whose file cannot be read.
 */
export async function collectorAgent(url: string, values: TraceValues, timeoutMs: number): Promise<CollectorAgent> {
  // The timeout of the agent is the one that also ends a connection that is never answered.
  const common = { keepAlive: true, maxSockets: 1, timeout: timeoutMs };
  if (!url.startsWith('https:')) return ending(new Agent(common));
  const [ca, cert, key] = await Promise.all([
    fileOf(values, 'OTEL_EXPORTER_OTLP_CERTIFICATE'),
    fileOf(values, 'OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE'),
    fileOf(values, 'OTEL_EXPORTER_OTLP_CLIENT_KEY'),
  ]);
  return ending(new SecureAgent({ ...common, ...(ca ? { ca } : {}), ...(cert ? { cert } : {}), ...(key ? { key } : {}) }));
}

/** The exporter tries again by itself for as long as a request may take: what has ended opens no further connection. */
function ending(agent: Agent): CollectorAgent {
  const connect = agent.createConnection.bind(agent);
  let ended = false;
  agent.createConnection = (options, callback) => {
    if (!ended) return connect(options, callback);
    callback?.(new Error('the process stops'), new Socket());
    return null;
  };
  return {
    agent,
    end() {
      ended = true;
      agent.destroy();
    },
  };
}

export type CollectorAgent = { agent: Agent /** closes all connections, and opens no more */; end(): void };

type FileVariable = 'OTEL_EXPORTER_OTLP_CERTIFICATE' | 'OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE' | 'OTEL_EXPORTER_OTLP_CLIENT_KEY';

async function fileOf(values: TraceValues, name: FileVariable): Promise<Buffer | null> {
  const path = values[name];
  if (path === undefined) return null;
  try {
    return await readFile(path);
  } catch (error) {
    throw new Error(`${name} names a file that cannot be read (${(error as Error).message}). Traces would be sent without it: mend it.`, {
      cause: error,
    });
  }
}
