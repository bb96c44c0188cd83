import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { allBytes, fieldsOf, numberIn, textIn } from './protobuf.ts';
import { until } from './wait.ts';

type Value = string | number | boolean | Value[] | null;

/** A span as it arrived; ids in hex, times in epoch milliseconds, `parent` '' for a root. */
export type ReceivedSpan = {
  trace: string;
  id: string;
  parent: string;
  name: string;
  kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  startMs: number;
  endMs: number;
  attributes: Record<string, Value>;
  links: { trace: string; id: string }[];
  failed: boolean;
  /** attributes of the process that sent it */
  resource: Record<string, Value>;
};

export type Collector = {
  url: string;
  spans: ReceivedSpan[];
  /** path and headers of each request */
  requests: { path: string; headers: IncomingHttpHeaders }[];
  /** connections that were opened to it, answered or not */
  connections: number;
  /** how many of these are still open */
  open(): number;
  /** Resolves with all spans once `look` holds for them. */
  until(what: string, look: (spans: readonly ReceivedSpan[]) => boolean, guardMs?: number): Promise<readonly ReceivedSpan[]>;
  close(): Promise<void>;
};

/** How a collector behaves: takes what comes, answers 500, or never answers. */
export type CollectorBehaviour = 'takes' | 'fails' | 'hangs';

/** For tests: a real HTTP server that takes OTLP traces as protobuf, and decodes them. */
export async function startCollector(behaviour: CollectorBehaviour = 'takes'): Promise<Collector> {
  const spans: ReceivedSpan[] = [];
  const requests: Collector['requests'] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      requests.push({ path: request.url ?? '', headers: request.headers });
      if (behaviour === 'hangs') return;
      if (behaviour === 'fails') return answer(response, 500);
      const body = Buffer.concat(chunks);
      spans.push(...spansIn(request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body));
      answer(response, 200);
    });
  });
  const collector: Collector = {
    url: '',
    spans,
    requests,
    connections: 0,
    open: () => sockets.size,
    until: (what, look, guardMs) => until(what, () => look(spans) && spans, guardMs),
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  server.on('connection', (socket) => {
    collector.connections++;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  collector.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return collector;
}

function answer(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-type': 'application/x-protobuf' }).end();
}

// opentelemetry/proto/trace/v1/trace.proto and common/v1/common.proto, by field number.
const KINDS = ['internal', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
const ERROR = 2n;
const NANOS_PER_MICRO = 1_000n;
const MICROS_PER_MS = 1e3;

/** The spans of an ExportTraceServiceRequest. */
export function spansIn(bytes: Uint8Array): ReceivedSpan[] {
  return allBytes(fieldsOf(bytes), 1).flatMap((resourceSpans) => {
    const of = fieldsOf(resourceSpans);
    const resource = attributesIn(allBytes(fieldsOf(allBytes(of, 1)[0] ?? new Uint8Array()), 1));
    return allBytes(of, 2).flatMap((scopeSpans) => allBytes(fieldsOf(scopeSpans), 2).map((span) => spanOf(span, resource)));
  });
}

function spanOf(bytes: Uint8Array, resource: ReceivedSpan['resource']): ReceivedSpan {
  const fields = fieldsOf(bytes);
  const status = fieldsOf(allBytes(fields, 15)[0] ?? new Uint8Array());
  return {
    trace: hexIn(fields, 1),
    id: hexIn(fields, 2),
    parent: hexIn(fields, 4),
    name: textIn(fields, 5),
    kind: KINDS[Number(numberIn(fields, 6))] ?? 'internal',
    startMs: millisecondsIn(fields, 7),
    endMs: millisecondsIn(fields, 8),
    attributes: attributesIn(allBytes(fields, 9)),
    links: allBytes(fields, 13).map((link) => ({ trace: hexIn(fieldsOf(link), 1), id: hexIn(fieldsOf(link), 2) })),
    failed: numberIn(status, 3) === ERROR,
    resource,
  };
}

/** Nanoseconds are more than a number holds. */
function millisecondsIn(fields: ReturnType<typeof fieldsOf>, number: number): number {
  return Number(numberIn(fields, number) / NANOS_PER_MICRO) / MICROS_PER_MS;
}

function hexIn(fields: ReturnType<typeof fieldsOf>, number: number): string {
  return Buffer.from(allBytes(fields, number).at(-1) ?? new Uint8Array()).toString('hex');
}

function attributesIn(pairs: readonly Uint8Array[]): Record<string, Value> {
  return Object.fromEntries(pairs.map((pair) => [textIn(fieldsOf(pair), 1), anyValue(allBytes(fieldsOf(pair), 2)[0] ?? new Uint8Array())]));
}

/** An AnyValue: text, truth, whole number, number or list. */
function anyValue(bytes: Uint8Array): Value {
  const fields = fieldsOf(bytes);
  const [field] = fields;
  if (field === undefined) return null;
  if (field.number === 1) return textIn(fields, 1);
  if (typeof field.value !== 'bigint') return allBytes(fieldsOf(field.value), 1).map(anyValue);
  if (field.number === 2) return field.value !== 0n;
  if (field.number === 4) return new Float64Array(new BigUint64Array([field.value]).buffer)[0] ?? null;
  return Number(BigInt.asIntN(64, field.value));
}
