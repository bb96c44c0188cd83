import { Agent, type Response, fetch as undiciFetch } from 'undici';
import { parseDcgm } from './dcgm-text.ts';
import { GpuFault, quoted } from './gpu-fault.ts';
import type { GpuProbe } from './reading.ts';

/** Bytes of an answer at most; eight GPUs with all default metrics take about 100 KiB. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

/** Where a DCGM exporter answers: `url` may be printed and has no credentials; `headers` carry them. */
export interface ExporterAddress {
  url: string;
  headers: Record<string, string>;
}

/** Reads the URL of a DCGM exporter; without a path, `/metrics` is meant. Null for what is no http(s) URL. */
export function exporterAddress(text: string): ExporterAddress | null {
  if (!URL.canParse(text.trim())) return null;
  const url = new URL(text.trim());
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null;
  const headers: Record<string, string> = { accept: 'text/plain; version=0.0.4' };
  if (url.username !== '' || url.password !== '') {
    const credentials = decoded(`${url.username}:${url.password}`);
    if (credentials === null) return null;
    headers.authorization = `Basic ${Buffer.from(credentials, 'utf8').toString('base64')}`;
    url.username = '';
    url.password = '';
  }
  if (url.pathname === '/') url.pathname = '/metrics';
  url.hash = '';
  return { url: url.href, headers };
}

/** A part of a URL without its escapes; null where one is malformed. */
function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}

/** Asks the GPUs of a node through its DCGM exporter, one connection a question; a redirect is not followed. */
export function createDcgmProbe(address: ExporterAddress, node: string): GpuProbe {
  const name = `The DCGM exporter ${address.url}`;
  const dispatcher = new Agent({ pipelining: 0 }); // a connection serves one question: between two, none is open
  return {
    node,
    source: 'dcgm',
    name,
    whenLate: 'See whether its host is overloaded, or a firewall drops what is sent to it.',
    ask: async (signal) => parseDcgm(await answer(signal), name),
    close: () => dispatcher.destroy(),
  };

  async function answer(signal: AbortSignal): Promise<string> {
    try {
      const response = await undiciFetch(address.url, { headers: address.headers, redirect: 'manual', signal, dispatcher });
      return await textOf(response);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw error instanceof GpuFault ? error : new GpuFault(unreached(error), { cause: error });
    }
  }

  async function textOf(response: Response): Promise<string> {
    if (response.status !== 200) {
      await response.body?.cancel();
      const where = response.headers.get('location');
      const more = where === null ? '' : ` and a redirect to ${quoted(where)}, which is not followed`;
      throw new GpuFault(`${name} answered with status ${response.status}${more}. Give the URL of its metrics.`);
    }
    const parts: Uint8Array[] = [];
    let size = 0;
    for await (const bytes of response.body ?? []) {
      parts.push(bytes);
      size += bytes.byteLength;
      if (size > MAX_ANSWER_BYTES) {
        throw new GpuFault(`${name} answered with more than ${MAX_ANSWER_BYTES} bytes: it is some other server, or exports too much.`);
      }
    }
    return Buffer.concat(parts).toString('utf8');
  }

  function unreached(error: unknown): string {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const words = cause instanceof Error ? ('code' in cause && typeof cause.code === 'string' ? cause.code : cause.message) : String(cause);
    return `${name} cannot be reached: ${quoted(words)}. See whether it runs on ${node} and listens there.`;
  }
}
