import { z } from 'zod';

const HEADER = /^\s*[!#$%&'*+.^_`|~\w-]+\s*=.*$/;
const Protocol = z.literal('http/protobuf', 'traces are sent as http/protobuf alone: leave it out, and give an endpoint that takes that');
const Url = z
  .string()
  .refine((value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol), 'must be a URL such as http://collector:4318');
const Headers = z
  .string()
  .refine((value) => value.split(',').every((one) => one.trim() === '' || HEADER.test(one)), 'must be name=value, several comma-separated');

/** OpenTelemetry's samplers by their standard names. */
export const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

/** The standard variables of OpenTelemetry that are heeded; OTEL_EXPORTER_OTLP_COMPRESSION is read by its exporter itself. */
export const TraceSettings = {
  OTEL_EXPORTER_OTLP_ENDPOINT: Url.optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: Url.optional(),
  OTEL_EXPORTER_OTLP_HEADERS: Headers.optional(),
  OTEL_EXPORTER_OTLP_TRACES_HEADERS: Headers.optional(),
  OTEL_EXPORTER_OTLP_PROTOCOL: Protocol.optional(),
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: Protocol.optional(),
  OTEL_EXPORTER_OTLP_TIMEOUT: z.coerce.number().positive().max(600_000).default(10_000),
  OTEL_EXPORTER_OTLP_CERTIFICATE: z.string().min(1).optional(),
  OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: z.string().min(1).optional(),
  OTEL_EXPORTER_OTLP_CLIENT_KEY: z.string().min(1).optional(),
  OTEL_SERVICE_NAME: z.string().min(1).optional(),
  OTEL_RESOURCE_ATTRIBUTES: z.string().min(1).optional(),
  OTEL_TRACES_SAMPLER: z.enum(SAMPLERS).default('parentbased_always_on'),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
  OTEL_TRACES_EXPORTER: z.enum(['otlp', 'none']).default('otlp'),
  OTEL_SDK_DISABLED: z.enum(['true', 'false']).default('false'),
};

export type TraceValues = Partial<{ [K in keyof typeof TraceSettings]: z.infer<(typeof TraceSettings)[K]> }>;

/** Where traces go: the address of the collector's traces, and what is sent with each request. Null: nowhere, nothing is traced. */
export function traceTarget(values: TraceValues): { url: string; headers: Record<string, string> } | null {
  if (values.OTEL_SDK_DISABLED === 'true' || values.OTEL_TRACES_EXPORTER === 'none') return null;
  const url = values.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? tracesAt(values.OTEL_EXPORTER_OTLP_ENDPOINT);
  if (url === undefined) return null;
  return { url, headers: { ...pairsOf(values.OTEL_EXPORTER_OTLP_HEADERS), ...pairsOf(values.OTEL_EXPORTER_OTLP_TRACES_HEADERS) } };
}

/** Attributes of the process in its traces: what the environment says wins. `service` such as `chimera-ingest`. */
export function resourceOf(values: TraceValues, process: { service: string; instance: string; version: string }): Record<string, string> {
  return {
    'service.name': process.service,
    'service.version': process.version,
    'service.instance.id': process.instance,
    ...pairsOf(values.OTEL_RESOURCE_ATTRIBUTES),
    ...(values.OTEL_SERVICE_NAME === undefined ? {} : { 'service.name': values.OTEL_SERVICE_NAME }),
  };
}

/** The path of traces below an endpoint for all signals, as OTLP has it: the endpoint's own path is kept. */
function tracesAt(endpoint: string | undefined): string | undefined {
  if (endpoint === undefined) return undefined;
  const url = new URL(endpoint);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/v1/traces`;
  return url.toString();
}

/** `name=value,name=value` with percent-encoded values; what is none is left out. */
function pairsOf(text: string | undefined): Record<string, string> {
  const pairs: Record<string, string> = {};
  for (const one of (text ?? '').split(',')) {
    const at = one.indexOf('=');
    if (at > 0) pairs[one.slice(0, at).trim()] = decoded(one.slice(at + 1).trim());
  }
  return pairs;
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value; // a percent sign that stands for itself
  }
}
