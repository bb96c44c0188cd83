import { ExportResultCode } from '@opentelemetry/core';
import type { SpanExporter } from '@opentelemetry/sdk-trace';

// A collector that is away for an hour should not fill the log.
const WORD_EACH_MS = 60_000;

/** An exporter that tells what it could not send: the first time at once, then once a minute at most, with how much was lost since. */
export function telling(exporter: SpanExporter, url: string, onFault: (sentence: string) => void): SpanExporter {
  let nextWord = 0;
  let lost = 0;
  return {
    export(spans, onResult) {
      exporter.export(spans, (result) => {
        if (result.code !== ExportResultCode.SUCCESS) {
          lost += spans.length;
          if (performance.now() >= nextWord) {
            nextWord = performance.now() + WORD_EACH_MS;
            const reason = result.error?.message || 'no reason was given';
            onFault(
              `${lost} spans could not be sent to ${withoutSecrets(url)} (${reason}). They are lost, and nothing waits for them; see that the collector is there and takes OTLP over HTTP, or unset OTEL_EXPORTER_OTLP_ENDPOINT.`,
            );
            lost = 0;
          }
        }
        onResult(result);
      });
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  };
}

/** An address as it may stand in a log: no user, no password, no query. */
function withoutSecrets(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}
