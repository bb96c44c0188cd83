import { createOllamaClient } from './client.ts';
import { OllamaFailure } from './failure.ts';
import { sameModel } from './model-name.ts';

export interface ServerModels {
  /** without credentials: may be printed */
  url: string;
  reachable: boolean;
  /** names of the models installed there, those that run elsewhere left out */
  models: string[];
  /** a sentence, when it is not reachable */
  error?: string;
}

export interface FoundModel {
  url: string;
  /** the URL as it was given: what a client is made from; may hold credentials */
  address: string;
  /** as the server calls it */
  name: string;
  digest: string | null;
}

/**
 * Asks all servers at once which models they have; `found` is at the first in the order given that has `model`
 * (`gemma3` is `gemma3:latest`). `timeoutMs` bounds each question. Never throws for a server: it is listed as not reachable.
 */
export async function findModel(
  urls: readonly string[],
  model: string,
  { timeoutMs }: { timeoutMs: number },
): Promise<{ found: FoundModel | null; servers: ServerModels[] }> {
  const answers = await Promise.all(urls.map((address) => askServer(address, model, timeoutMs)));
  return {
    found: answers.find(({ found }) => found !== null)?.found ?? null,
    servers: answers.map(({ server }) => server),
  };
}

async function askServer(address: string, model: string, ms: number): Promise<{ found: FoundModel | null; server: ServerModels }> {
  try {
    const client = createOllamaClient({ url: address, timeouts: { connectMs: ms, firstTokenMs: ms, idleMs: ms, totalMs: ms } });
    const { url } = client;
    const tags = await client.tags().finally(() => client.close());
    const local = tags.filter(({ remoteHost }) => remoteHost === null);
    const tag = local.find(({ name }) => sameModel(name, model));
    return {
      found: tag === undefined ? null : { url, address, name: tag.name, digest: tag.digest },
      server: { url, reachable: true, models: local.map(({ name }) => name) },
    };
  } catch (error) {
    if (!(error instanceof OllamaFailure)) throw error;
    return { found: null, server: { url: error.server, reachable: false, models: [], error: error.message } };
  }
}
