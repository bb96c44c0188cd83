import type { Fact } from '@chimera/shared/domain';
import { countFact } from './fact.ts';

/** What makes a benchmark tellable, and the words by which a column or key names it. */
export const TELEMETRY = [
  { name: 'time to first token', words: /ttft|time_to_first_token|first.token/i },
  { name: 'throughput', words: /tok(en)?s?[ _./]*(per[ _])?s(ec(ond)?)?\b|throughput|tokens_s/i },
  { name: 'GPU memory', words: /vram|gpu.*mem|memory_used|peak_memory/i },
  { name: 'power', words: /power|watt|energy|joule/i },
  { name: 'quality', words: /accuracy|quality|score|perplexity|bleu|rouge|pass_rate|sentences_survived/i },
] as const;

/** A fact for each sort of telemetry, with the number of series whose names tell of it; a gap where there is none. */
export function telemetryFacts(places: readonly number[]): Fact[] {
  return TELEMETRY.map(({ name }, i) => {
    const n = places[i] ?? 0;
    return countFact({
      kind: n === 0 ? 'gap' : 'count',
      metric: 'telemetry_series',
      value: n,
      labels: { telemetry: name },
      selector: `series whose name tells of ${name}`,
      claim: n === 0 ? `No column or key names ${name}.` : `${n} series ${n === 1 ? 'names' : 'name'} ${name}.`,
    });
  });
}
