import { OllamaFailure } from './failure.ts';

const DEFAULT_PORT = '11434';

/** Where a server is: `url` may be printed (no credentials, no trailing slash); `headers` carry the credentials. */
export interface ServerAddress {
  url: string;
  headers: Record<string, string>;
}

/**
 * Reads the address of an Ollama server: `http://host:port/prefix`, or as `OLLAMA_HOST` allows it: `host`, `host:port`,
 * `:port`. Without a scheme: http and port 11434. A fragment (`#slots=2`) is dropped; `user:password@` becomes basic authorization.
 * Throws OllamaFailure `bad_request` for anything else.
 */
export function serverAddress(text: string): ServerAddress {
  const trimmed = text.trim();
  const hasScheme = trimmed.includes('://');
  const full = hasScheme ? trimmed : `http://${trimmed.startsWith(':') ? '127.0.0.1' : ''}${trimmed}`;
  if (trimmed === '' || !URL.canParse(full)) throw notAnAddress(text);
  const url = new URL(full);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw notAnAddress(text);
  const authority = full.slice(full.indexOf('://') + 3).split(/[/?#]/)[0] ?? '';
  const port = hasScheme || /:\d+$/.test(authority) ? url.port : DEFAULT_PORT;
  const headers: Record<string, string> = {};
  if (url.username !== '') {
    const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    headers.authorization = `Basic ${Buffer.from(credentials, 'utf8').toString('base64')}`;
  }
  const path = url.pathname.replace(/\/+$/, '');
  return { url: `${url.protocol}//${url.hostname}${port === '' ? '' : `:${port}`}${path}`, headers };
}

function notAnAddress(text: string): OllamaFailure {
  const shown = text.replace(/\/\/[^/@]*@/, '//…@');
  return new OllamaFailure(
    'bad_request',
    `"${shown}" is not the address of an Ollama server: it must look like http://127.0.0.1:11434. Correct --ollama, OLLAMA_HOST or CHIMERA_OLLAMA_URLS.`,
    { server: shown },
  );
}
