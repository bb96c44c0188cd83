import {
  type Attributes as OtelAttributes,
  type Span as OtelSpan,
  ROOT_CONTEXT,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { parseTraceParent } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { CollectorAgent } from './collector-agent.ts';
import type { SAMPLERS } from './settings.ts';
import { ATTRIBUTES } from './span-names.ts';
import { telling } from './telling-exporter.ts';
import type { Attributes, SpanKind as Kind, LoggedIds, Span, Tracer } from './tracer.ts';

export type OtelOptions = {
  /** where spans are sent, and what is sent with each request */
  url: string;
  headers: Record<string, string>;
  connections: CollectorAgent;
  timeoutMs: number;
  resource: Record<string, string>;
  sampler: (typeof SAMPLERS)[number];
  ratio: number;
  version: string;
  onFault: (sentence: string) => void;
};

const KINDS: Readonly<Record<Kind, SpanKind>> = {
  internal: SpanKind.INTERNAL,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
};
const NO_IDS: LoggedIds = {};
// Spans that have ended wait so long for others; of more than so many that wait, the newest are dropped.
const BATCH_EVERY_MS = 1_000;
const MOST_WAITING = 2_048;

/**
 * Spans by OpenTelemetry's SDK, sent to a collector in batches, beside the work. Registers nothing globally: what is current is
 * known here alone. A collector that is away costs the spans that do not fit, and a sentence to `onFault` a minute.
 */
export function otelTracer(options: OtelOptions): Tracer {
  const { url, headers, connections, timeoutMs } = options;
  const exporter = new OTLPTraceExporter({ url, headers, timeoutMillis: timeoutMs, httpAgentOptions: () => connections.agent });
  const batches = new BatchSpanProcessor({
    exporter: telling(exporter, url, options.onFault),
    scheduledDelayMillis: BATCH_EVERY_MS,
    maxQueueSize: MOST_WAITING,
    // The exporter itself is done by then: one batch is under way at a time.
    exportTimeoutMillis: timeoutMs + BATCH_EVERY_MS,
  });
  const provider = new TracerProvider({
    resource: resourceFromAttributes(options.resource),
    sampler: samplerOf(options.sampler, options.ratio),
    spanProcessors: [batches],
  });
  const otel = provider.getTracer('chimera', options.version);
  const contexts = new AsyncLocalStorageContextManager().enable();
  const under = <T>(context: SpanContext | null, work: () => T): T =>
    contexts.with(context === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, context), work);
  const active = (): SpanContext | undefined => trace.getSpanContext(contexts.active());

  return {
    start(name, { kind = 'internal', attributes = {}, parent, links = [], startedAt } = {}) {
      const given = contextOf(parent);
      const context = given === null ? contexts.active() : trace.setSpanContext(ROOT_CONTEXT, given);
      const span = otel.startSpan(
        name,
        {
          kind: KINDS[kind],
          attributes: present(attributes),
          links: links.flatMap((link) => contextOf(link) ?? []).map((context) => ({ context })),
          ...(startedAt === undefined ? {} : { startTime: startedAt }),
        },
        context,
      );
      return spanOf(span);
    },
    inside: (span, work) => (span.traceparent === null ? work() : under(contextOf(span.traceparent), work)),
    under: (traceparent, work) => under(contextOf(traceparent), work),
    current: () => written(active()),
    logged() {
      const context = active();
      return context === undefined || !isSampled(context) ? NO_IDS : { trace_id: context.traceId, span_id: context.spanId };
    },
    async close(deadlineMs) {
      // What cannot be sent in time is lost: no service waits longer for its traces. `telling` has told of what failed.
      const sent = provider.shutdown().catch(() => undefined);
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, deadlineMs);
      });
      await Promise.race([sent, late]);
      clearTimeout(timer);
      connections.end();
    },
  };
}

function spanOf(span: OtelSpan): Span {
  const context = span.spanContext();
  return {
    traceparent: written(context),
    traceId: isSampled(context) ? context.traceId : null,
    set: (attributes) => void span.setAttributes(present(attributes)),
    fail(type) {
      span.setAttribute(ATTRIBUTES.errorType, type);
      span.setStatus({ code: SpanStatusCode.ERROR });
    },
    end: () => span.end(),
  };
}

function samplerOf(name: OtelOptions['sampler'], ratio: number): Sampler {
  const root = name.endsWith('always_off')
    ? new AlwaysOffSampler()
    : name.endsWith('traceidratio')
      ? new TraceIdRatioBasedSampler(ratio)
      : new AlwaysOnSampler();
  return name.startsWith('parentbased') ? new ParentBasedSampler({ root }) : root;
}

function contextOf(traceparent: string | null | undefined): SpanContext | null {
  const context = parseTraceParent(traceparent ?? '');
  return context === null ? null : { ...context, isRemote: true };
}

function written(context: SpanContext | undefined): string | null {
  return context === undefined ? null : `00-${context.traceId}-${context.spanId}-${isSampled(context) ? '01' : '00'}`;
}

function isSampled({ traceFlags }: SpanContext): boolean {
  return (traceFlags & TraceFlags.SAMPLED) !== 0;
}

function present(attributes: Attributes): OtelAttributes {
  const told: OtelAttributes = {};
  for (const [name, value] of Object.entries(attributes))
    if (value !== undefined) told[name] = typeof value === 'object' ? [...value] : value;
  return told;
}
