export { openTracer, type TracedProcess } from './open-tracer.ts';
export { ATTRIBUTES, SPANS } from './span-names.ts';
export { TraceId, Traceparent, traceIdOf } from './traceparent.ts';
export { type Attributes, errorType, noTracer, type Span, type SpanOptions, type Tracer, traced } from './tracer.ts';
