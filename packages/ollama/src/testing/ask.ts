/** What a server answered, without a client in between. */
export interface RawAnswer {
  status: number;
  /** the lines that are JSON objects, in their order */
  lines: Record<string, unknown>[];
  /** the last of them */
  last: Record<string, unknown>;
  /** the content of all lines */
  text: string;
  thinking: string;
}

/** Asks `gemma3` one thing: a POST of JSON to `path`, by default to `/api/chat`. Reads to the end. */
export async function ask(
  url: string,
  body: object,
  { path = '/api/chat', signal }: { path?: string; signal?: AbortSignal } = {},
): Promise<RawAnswer> {
  const request = { model: 'gemma3', messages: [{ role: 'user', content: 'F1 | request_latency p95' }], ...body };
  const response = await fetch(url + path, { method: 'POST', body: JSON.stringify(request), ...(signal === undefined ? {} : { signal }) });
  const lines = (await response.text())
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line): Record<string, unknown> => JSON.parse(line));
  const said = (name: string): string => lines.map((line) => textIn(line, name)).join('');
  return { status: response.status, lines, last: lines.at(-1) ?? {}, text: said('content') + said('response'), thinking: said('thinking') };
}

function textIn(line: Record<string, unknown>, name: string): string {
  const message: object = typeof line.message === 'object' && line.message !== null ? line.message : line;
  const value: unknown = Reflect.get(message, name);
  return typeof value === 'string' ? value : '';
}
