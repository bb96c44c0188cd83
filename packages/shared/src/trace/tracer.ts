/** What is told of a span; one that is undefined is left out. */
export type Attributes = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

export type SpanKind = 'internal' | 'client' | 'producer' | 'consumer';

export type SpanOptions = {
  /** default `internal` */
  kind?: SpanKind;
  attributes?: Attributes;
  /** the traceparent of the span that this one continues; absent: the span that is under way, else none: a new trace */
  parent?: string | null | undefined;
  /** traceparents of other spans that it follows from */
  links?: readonly string[];
  /** epoch milliseconds, for what began before it is told of */
  startedAt?: number;
};

/** A stretch of work. Nothing that it is told can fail. */
export type Span = {
  /** by which others continue it; null where nothing is traced */
  readonly traceparent: string | null;
  /** the id of its trace; null where nothing is traced, or this trace is not among the sampled ones */
  readonly traceId: string | null;
  set(attributes: Attributes): void;
  /** Marks it as failed. `type` is one of few: a code or the name of an error, never its words, which may quote artifacts. */
  fail(type: string): void;
  end(): void;
};

/** Where spans go. `noTracer`, or the one of otel.ts. */
export type Tracer = {
  /** Begins a span; whoever begins it ends it. */
  start(name: string, options?: SpanOptions): Span;
  /** Does work under a span: spans that begin meanwhile are its children, and log lines carry its ids. Does not end it. */
  inside<T>(span: Span, work: () => T): T;
  /** Does work under a span of another process, or of another time; under none where there is no traceparent. */
  under<T>(traceparent: string | null | undefined, work: () => T): T;
  /** the span under way, by its traceparent */
  current(): string | null;
  /** what a log line says of the span under way */
  logged(): LoggedIds;
  /** Sends the spans that have ended, as far as that goes within so many milliseconds. */
  close(deadlineMs: number): Promise<void>;
};

export type LoggedIds = { trace_id?: string; span_id?: string };

const NO_SPAN: Span = { traceparent: null, traceId: null, set() {}, fail() {}, end() {} };
const NO_IDS: LoggedIds = {};

/** Traces nothing: no timer, no module, no state. */
export const noTracer: Tracer = {
  start: () => NO_SPAN,
  inside: (_, work) => work(),
  under: (_, work) => work(),
  current: () => null,
  logged: () => NO_IDS,
  close: async () => {},
};

/** Does work under a span of its own, which ends with it; it is marked as failed where the work throws. */
export async function traced<T>(tracer: Tracer, name: string, options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T> {
  const span = tracer.start(name, options);
  try {
    return await tracer.inside(span, () => work(span));
  } catch (error) {
    span.fail(errorType(error));
    throw error;
  } finally {
    span.end();
  }
}

/** What kind of error it is, in one of few words: its code where it has one, else its class. */
export function errorType(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return 'code' in error && typeof error.code === 'string' && error.code !== '' ? error.code : error.name;
}
