import { resourceOf, type TraceValues, traceTarget } from './settings.ts';
import { noTracer, type Tracer } from './tracer.ts';

export type TracedProcess = {
  /** such as `chimera-ingest` */
  service: string;
  /** this process among all that do the same work */
  instance: string;
  version: string;
  /** how long one request to the collector may take (ms), where that is less than the settings say */
  timeoutMs?: number;
  /** told that spans could not be sent, once a minute at most: a sentence */
  onFault: (sentence: string) => void;
};

/**
 * The tracer that the settings ask for. Where they name no endpoint nothing is traced, and nothing of OpenTelemetry is loaded.
 * Opens no connection: the first one comes with the first spans that have ended. Throws where a certificate cannot be read.
 */
export async function openTracer(values: TraceValues, process: TracedProcess): Promise<Tracer> {
  const target = traceTarget(values);
  if (target === null) return noTracer;
  const timeoutMs = Math.min(process.timeoutMs ?? Number.POSITIVE_INFINITY, values.OTEL_EXPORTER_OTLP_TIMEOUT ?? 10_000);
  const [{ otelTracer }, { collectorAgent }] = await Promise.all([import('./otel-tracer.ts'), import('./collector-agent.ts')]);
  const connections = await collectorAgent(target.url, values, timeoutMs);
  return otelTracer({
    ...target,
    connections,
    timeoutMs,
    resource: resourceOf(values, process),
    sampler: values.OTEL_TRACES_SAMPLER ?? 'parentbased_always_on',
    ratio: values.OTEL_TRACES_SAMPLER_ARG ?? 1,
    version: process.version,
    onFault: process.onFault,
  });
}
