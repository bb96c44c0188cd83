import type { ReceivedSpan } from './otlp.ts';

/** For tests: the service that a span is of, such as `chimera-ingest`. */
export const serviceOf = ({ resource }: ReceivedSpan) => String(resource['service.name']);

/** For tests: a trace as a tree of spans. */
export class SpanTree {
  readonly spans: readonly ReceivedSpan[];
  readonly #byId: ReadonlyMap<string, ReceivedSpan>;

  constructor(spans: readonly ReceivedSpan[]) {
    this.spans = spans;
    this.#byId = new Map(spans.map((span) => [span.id, span]));
  }

  byId(id: string): ReceivedSpan | undefined {
    return this.#byId.get(id);
  }

  named(name: string): ReceivedSpan[] {
    return this.spans.filter((span) => span.name === name);
  }

  /** The one span of that name; throws where there is none, or more than one. */
  one(name: string): ReceivedSpan {
    const [span, ...others] = this.named(name);
    if (span === undefined || others.length > 0) throw new Error(`${this.named(name).length} spans are called "${name}", not one.`);
    return span;
  }

  roots(): ReceivedSpan[] {
    return this.spans.filter(({ parent }) => parent === '');
  }

  /** Spans whose parent did not arrive. */
  orphans(): ReceivedSpan[] {
    return this.spans.filter(({ parent }) => parent !== '' && !this.#byId.has(parent));
  }

  /** From the root down to a span. */
  pathTo(span: ReceivedSpan): ReceivedSpan[] {
    const above = this.#byId.get(span.parent);
    return above === undefined ? [span] : [...this.pathTo(above), span];
  }

  childrenOf({ id }: ReceivedSpan): ReceivedSpan[] {
    return this.spans.filter(({ parent }) => parent === id);
  }

  /** As indented lines, for a person who looks at a test that failed. */
  toString(): string {
    const lines = (span: ReceivedSpan, depth: number): string[] => [
      `${'  '.repeat(depth)}${serviceOf(span)}: ${span.name}`,
      ...this.childrenOf(span).flatMap((child) => lines(child, depth + 1)),
    ];
    return [...this.roots(), ...this.orphans()].flatMap((span) => lines(span, 0)).join('\n');
  }
}
