import { OllamaFailure } from '../failure.ts';
import { serverAddress } from '../server-url.ts';
import { createDcgmProbe, exporterAddress } from './dcgm.ts';
import { GpuFault, quoted } from './gpu-fault.ts';
import { createNvidiaSmiProbe } from './nvidia-smi.ts';
import { ask, whyFailed } from './question.ts';
import type { GpuProbe } from './reading.ts';
import { createSampler, type GpuSampler, type SamplerOptions } from './sampler.ts';

/** Where the GPUs of an Ollama server's node can be asked. The URL may carry credentials: it is not for printing. */
export type GpuSource =
  | { kind: 'nvidia-smi' /** path or name */; command: string; node: string }
  | { kind: 'dcgm'; url: string; node: string };

export interface FindGpuSourceOptions {
  /** URL of the Ollama server, as `createOllamaClient` takes it */
  server: string;
  /** URL of the DCGM exporter of the server's node; without a path, `/metrics` is meant */
  dcgmUrl?: string;
  /** name or path of `nvidia-smi` */
  command?: string;
  /** the name of this host: what the node is called where the server is here */
  hostname: string;
  /** how long `nvidia-smi` may take to answer, in milliseconds */
  timeoutMs: number;
}

/**
 * The source for a server: a DCGM exporter where its URL is given (it is not asked yet: it may be up later than we are);
 * `nvidia-smi` where the server is on this host and the command answers; else null, with the reason as a sentence. A loopback
 * address is taken for this host: that a tunnel or a container stands behind it cannot be seen.
 */
export async function findGpuSource(options: FindGpuSourceOptions): Promise<{ source: GpuSource } | { source: null; reason: string }> {
  const { dcgmUrl, command = 'nvidia-smi', hostname, timeoutMs } = options;
  const server = placeOf(options.server);
  if (typeof server === 'string') return { source: null, reason: server };
  if (dcgmUrl !== undefined) {
    if (exporterAddress(dcgmUrl) === null) return { source: null, reason: noExporterUrl(dcgmUrl) };
    return { source: { kind: 'dcgm', url: dcgmUrl, node: server.here ? hostname : server.host } };
  }
  if (!server.here) {
    const reason = `The Ollama server ${server.url} is on another host, whose GPUs only a DCGM exporter can tell of: start one there and give its URL.`;
    return { source: null, reason };
  }
  const probe = createNvidiaSmiProbe(command, hostname);
  try {
    await ask(probe, timeoutMs).answer;
    return { source: { kind: 'nvidia-smi', command, node: hostname } };
  } catch (error) {
    return { source: null, reason: whyFailed(probe, error) };
  }
}

/** Samples a node's GPUs; several calls may be watched at once over one stream of samples. Throws GpuFault for a URL that is none. */
export function createGpuSampler(source: GpuSource, options: SamplerOptions): GpuSampler {
  return createSampler(probeOf(source), options);
}

function probeOf(source: GpuSource): GpuProbe {
  if (source.kind === 'nvidia-smi') return createNvidiaSmiProbe(source.command, source.node);
  const address = exporterAddress(source.url);
  if (address === null) throw new GpuFault(noExporterUrl(source.url));
  return createDcgmProbe(address, source.node);
}

/** Where a server is, or why that cannot be told. */
function placeOf(server: string): { url: string; host: string; here: boolean } | string {
  try {
    const { url } = serverAddress(server);
    const host = new URL(url).hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
    return { url, host, here: isLoopback(host) };
  } catch (error) {
    if (error instanceof OllamaFailure) return error.message;
    throw error;
  }
}

/** Whether a host as `URL` writes it is this one. The unspecified address, of which servers like to speak, leads here too. */
function isLoopback(host: string): boolean {
  if (host === 'localhost' || host.endsWith('.localhost')) return true;
  return /^127\.\d+\.\d+\.\d+$/.test(host) || ['0.0.0.0', '::', '::1'].includes(host) || /^::ffff:7f[0-9a-f]{2}:/.test(host);
}

function noExporterUrl(text: string): string {
  const shown = quoted(text.replace(/\/\/[^/]*@/, '//…@'));
  return `${shown} is not the URL of a DCGM exporter: it must look like http://gpu1:9400/metrics. Correct it, or leave it out.`;
}
