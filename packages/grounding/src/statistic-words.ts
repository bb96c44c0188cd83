/** What a statistic is, as far as prose tells statistics apart. */
export type Statistic = 'mean' | 'median' | 'min' | 'max' | 'stddev' | 'sum' | 'value' | 'best' | 'extreme' | `p${string}`;

const WORDS: readonly [RegExp, Statistic][] = [
  [/\b(?:mean|averages?|averaged|averaging|avg\.?|on average)\b/gi, 'mean'],
  [/\b(?:medians?|typical(?:ly)?|p50|50th[\s-]+percentile)\b/gi, 'median'],
  // `req/min` and `1.5 min` are of minutes.
  [
    /\b(?:(?<!\b(?:tok|tokens?|reqs?|requests?|queries|ops?|operations)\s?\/\s?|\bper\s|\d[\s\u00a0]?)min|minimum|minima|lowest|smallest|least|shortest|fewest)\b/gi,
    'min',
  ],
  [
    /\b(?:max|maximum|maxima|highest|largest|greatest|peak(?:s|ed|ing)?(?!\s+(?:gpu\s+)?(?:memory|vram|ram)\b)|longest|as high as)\b/gi,
    'max',
  ],
  [/\b(?:std\.?(?:\s?dev\.?)?|stdev|stddev|standard deviations?|deviation)\b/gi, 'stddev'],
  // Which end of the scale depends on the metric.
  [/\b(?:fastest|slowest|quickest)\b/gi, 'extreme'],
  [/\b(?:total(?!\s+(?:latency|time|duration|tokens?)\b)|sum|altogether|overall size|combined|together)\b/gi, 'sum'],
];
const PERCENTILE = /\bp(\d{2}(?:\.\d+)?)\b|\b(\d{1,2}(?:\.\d+)?)(?:st|nd|rd|th)[\s-]+percentile/gi;

/** `inName`: it stands inside of a name such as `mean_ttft_s`, which is the file's word and not the author's. */
export type StatisticMention = { start: number; end: number; statistic: Statistic; inName: boolean };

/** The statistics that a text names, in order. */
export function statisticsIn(text: string): StatisticMention[] {
  const found: StatisticMention[] = [];
  const plain = text.replaceAll('_', ' ');
  const add = (start: number, end: number, statistic: Statistic) =>
    found.push({ start, end, statistic, inName: text[start - 1] === '_' || text[end] === '_' });
  for (const [words, statistic] of WORDS) for (const m of plain.matchAll(words)) add(m.index, m.index + m[0].length, statistic);
  for (const m of plain.matchAll(PERCENTILE)) {
    const percent = m[1] ?? m[2] ?? '';
    if (percent !== '50') add(m.index, m.index + m[0].length, `p${percent}`);
  }
  return found.sort((a, b) => a.start - b.start);
}

/** The statistics that a fact is: `max of stated mean` is a max and a mean; a metric called `mean_ttft_s` is a mean by its name. */
export function statisticsOf(statistic: string, metricPhrase: string): ReadonlySet<Statistic> {
  const found = new Set(statisticsIn(statistic).map((mention) => mention.statistic));
  if (/^best\b/.test(statistic)) found.add('best');
  if (statistic === 'value' || found.size === 0) {
    const own = statisticsIn(metricPhrase)
      .map((mention) => mention.statistic)
      .filter((s) => s !== 'sum');
    if (own.length > 0) return new Set(own);
    found.add('value');
  }
  return found;
}
