import type { Fact } from '@chimera/shared/domain';
import type { SeriesRow } from '@chimera/shared/store';
import { countFact } from './fact.ts';

/** What makes a benchmark tellable, and the words by which a column or key names it. */
export const TELEMETRY = [
  { name: 'time to first token', words: /ttft|time_to_first_token|first.token/i },
  { name: 'throughput', words: /tok(en)?s?[ _./]*(per[ _])?s(ec(ond)?)?\b|throughput|tokens_s/i },
  { name: 'GPU memory', words: /vram|gpu.*mem|memory_used|peak_memory/i },
  { name: 'power', words: /power|watt|energy|joule/i },
  { name: 'quality', words: /accuracy|quality|score|perplexity|bleu|rouge|pass_rate/i },
] as const;

/** A fact for each sort of telemetry, with the number of series whose names tell of it; a gap where there is none. */
export function telemetryFacts(rows: readonly SeriesRow[]): Fact[] {
  return TELEMETRY.map(({ name, words }) => {
    const places = new Set(
      rows.filter((row) => words.test(row.metric)).map((row) => JSON.stringify([row.path, row.metric, row.statistic])),
    );
    return countFact({
      kind: places.size === 0 ? 'gap' : 'count',
      metric: 'telemetry_series',
      value: places.size,
      labels: { telemetry: name },
      selector: `series whose name tells of ${name}`,
      claim:
        places.size === 0 ? `No column or key names ${name}.` : `${places.size} series ${places.size === 1 ? 'names' : 'name'} ${name}.`,
    });
  });
}
