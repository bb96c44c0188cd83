import { OllamaFailure, serverAddress } from '@chimera/ollama';
import { subjectToken } from '@chimera/shared/bus';
import { ConfigurationError } from '@chimera/shared/service';

/** An Ollama server as it is configured. */
export type ServerSpec = {
  /** what a client is made from: may hold credentials */
  address: string;
  /** without credentials: may be printed */
  url: string;
  /** the machine it runs on, as far as can be told */
  node: string;
  /** its name among all workers, as one token: equal for the same server, also where one worker calls it 127.0.0.1 */
  key: string;
  /** how many calls it is given at once; null: to be found out */
  slots: number | null;
  /** the DCGM exporter of its machine */
  dcgmUrl: string | null;
};

const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;
const KNOWN = new Set(['slots', 'node', 'dcgm']);

/**
 * Reads `http://gpu-a:11434#slots=2&node=gpu-a&dcgm=http://gpu-a:9400/metrics`; everything behind the `#` may be left out. A server
 * at a loopback address is this host's, so its key holds the host's name. Throws ConfigurationError with a sentence.
 */
export function serverSpec(text: string, hostname: string): ServerSpec {
  const at = text.indexOf('#');
  const address = at < 0 ? text : text.slice(0, at);
  const given = new URLSearchParams(at < 0 ? '' : text.slice(at + 1));
  const { url } = addressOf(address);
  const { hostname: host, port, protocol, pathname } = new URL(url);
  for (const name of given.keys())
    if (!KNOWN.has(name))
      throw new ConfigurationError(`${url} is given "${name}", which is no setting of a server: behind # may stand slots, node and dcgm.`);
  const node = given.get('node') || (LOOPBACK.test(host) ? hostname : host);
  const where = `${node.toLowerCase()}:${port || (protocol === 'https:' ? '443' : '80')}${pathname === '/' ? '' : pathname}`;
  return { address, url, node, key: subjectToken(where), slots: slotsIn(given.get('slots'), url), dcgmUrl: given.get('dcgm') || null };
}

function addressOf(address: string): ReturnType<typeof serverAddress> {
  try {
    return serverAddress(address);
  } catch (error) {
    throw error instanceof OllamaFailure ? new ConfigurationError(error.message, { cause: error }) : error;
  }
}

function slotsIn(text: string | null, url: string): number | null {
  if (text === null) return null;
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
  throw new ConfigurationError(`${url} is given slots=${text}: it must be a whole number from 1 to 999, such as ${url}#slots=2.`);
}
