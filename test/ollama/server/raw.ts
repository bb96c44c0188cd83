/** An answer of `/api/chat` as it came over the wire. */
export interface RawAnswer {
  status: number;
  contentType: string | null;
  /** each line's JSON object */
  lines: Record<string, unknown>[];
  /** milliseconds from the request to the last line */
  wallMs: number;
}

/** Asks without the client of this project; leaves after so many lines when told. */
export async function rawChat(url: string, body: object, leaveAfter = Number.POSITIVE_INFINITY): Promise<RawAnswer> {
  const leave = new AbortController();
  const sentAt = performance.now();
  const response = await fetch(`${url}/api/chat`, { method: 'POST', body: JSON.stringify(body), signal: leave.signal });
  const lines: Record<string, unknown>[] = [];
  let rest = '';
  for await (const text of (response.body ?? new ReadableStream<Uint8Array<ArrayBuffer>>()).pipeThrough(new TextDecoderStream())) {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) lines.push(JSON.parse(part));
    if (lines.length >= leaveAfter) break; // ends the stream, and with it the connection
  }
  if (rest !== '') lines.push(JSON.parse(rest));
  return { status: response.status, contentType: response.headers.get('content-type'), lines, wallMs: performance.now() - sentAt };
}

/** The content of a line's message; empty where there is none. */
export function contentOf(line: Record<string, unknown> | undefined): string {
  const { message } = line ?? {};
  const content: unknown = typeof message === 'object' && message !== null ? Reflect.get(message, 'content') : undefined;
  return typeof content === 'string' ? content : '';
}
