import { vi } from 'vitest';
import type { Timeouts } from '../../../packages/ollama/src/clocks.ts';
import { createOllamaClient, type OllamaClient } from '../../../packages/ollama/src/mod.ts';
import type { ServerLog } from './log.ts';
import { type OllamaSettings, startOllama } from './process.ts';
import { installTiny, removeModel } from './tiny.ts';

// Servers start and models load, on a machine that may have other work.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

/** What `npm run test:ollama` found: a server that runs, or a program to be started as one. */
const given = process.env.CHIMERA_TEST_OLLAMA ?? '';
const isServer = /^https?:\/\//.test(given);

/** Why nothing can be tested; null when something can. */
export const absent: string | null =
  given === '' ? (process.env.CHIMERA_TEST_OLLAMA_ABSENT ?? '`npm run test:ollama` finds or builds an Ollama and runs these') : null;

/** Why nothing can be tested that needs a server of our own settings. */
export const absentOwn: string | null = absent ?? (isServer ? 'the server that OLLAMA_HOST names has settings of its own' : null);

/** Ends a suite's title with the reason why it is skipped. */
export const titled = (title: string, why: string | null): string => (why === null ? title : `${title} (left out: ${why})`);

const PATIENT: Timeouts = { connectMs: 5_000, firstTokenMs: 60_000, idleMs: 60_000, totalMs: 120_000 };

/** A server with the tiny model on it. */
export interface Subject {
  url: string;
  /** of the tiny model */
  model: string;
  client: OllamaClient;
  /** One more client, which the test closes. */
  another(timeouts?: Partial<Timeouts>): OllamaClient;
  /** null where the server is not ours */
  log: ServerLog | null;
  close(): Promise<void>;
}

/** Starts a server with these settings and the tiny model, or installs the model on the server that was found. */
export async function openSubject(settings: OllamaSettings = {}): Promise<Subject> {
  const own = isServer ? null : await startOllama(given, settings);
  const url = own?.url ?? given;
  const model = `chimera-tiny-${process.pid}:latest`;
  const another = (timeouts: Partial<Timeouts> = {}): OllamaClient => createOllamaClient({ url, timeouts: { ...PATIENT, ...timeouts } });
  const client = another();
  const close = async (): Promise<void> => {
    await client.close();
    if (own === null) await removeModel(url, model);
    await own?.close();
  };
  try {
    await installTiny(url, model);
  } catch (error) {
    await client.close();
    await own?.close();
    throw error;
  }
  return { url, model, client, another, log: own?.log ?? null, close };
}
