import type { Fact } from '@chimera/shared/domain';
import type { Setting } from './frame.ts';
import { statisticsOf } from './statistic-words.ts';

const COUNTED =
  '(?:artifacts?|files?|folders?|series|records?|requests?|runs?|groups?|numbers?|measurements?|readings?|outliers?|copies|duplicates?|entries|rows?|lines?|samples?|values?|configurations?|settings?|results?|metrics?|models?|bytes|[KMGT]i?B|kB|types?|kinds?|warnings?|spellings?|pairs?)';
const COUNTED_BEHIND = new RegExp(String.raw`^[\s*_"'\x60(]*(?:[\p{L}\d_.-]+[\s*_"'\x60]+){0,3}${COUNTED}(?![\p{L}])`, 'iu');
const COUNTS = new RegExp(String.raw`(?:^|\s)${COUNTED}$`, 'iu');
/** `artifacts that state throughput`, `series of it`: what is counted is named, and told by the metric. */
const COUNTED_BEFORE = new RegExp(
  String.raw`\b${COUNTED}\s+(?:[\p{L}-]+\s+){0,2}?(?:with|without|that|which|whose|stating|naming|having|lacking|of|for|on|in|hold|holds|name|names|state|states|measure|measures|record|records|report|reports|lack|lacks)\b|\b(?:number|count) of\b`,
  'iu',
);
const APART = /[,;]|\b(?:and|while|whereas|but|against|versus|because|although|as|so|since)\b/i;
const COPULA =
  /^[\s*_"'`)]*(?:[:=]|(?:is|was|are|were|be|being|at|reach(?:es|ed)?|comes? to|came to|amounts? to|equals?|totals?|stands? at|takes?|took)(?:\s+(?:now|about|only|just|around|roughly|approximately|at|the))*)?[\s*_"'`(]*$/i;
/** `time to first token is missing in {{F1}}`: the metric is what is told of so many. */
const TOLD_OF =
  /\b(?:missing|absent|lacking|stated|named|given|reported|measured|recorded|covered|known|found|present|available|unknown|left out|rests?|based|computed|taken|averaged)\s+(?:in|by|from|for|across|of|on|over)\s+(?:only\s+|all\s+|just\s+|the\s+)*$/i;
const BEHIND =
  /^[\s)]*(?:(?:is|was|are|were|being)\s+)?(?:(?:of|in|as)\s+)?(?:(?:the|its|an?|overall)\s+)*(?:mean|median|average|maximum|minimum|p\d\d|typical)?\s*(?:of\s+)?(?:the\s+)?$/i;
/** Words of statistics that say nothing else: "least" and "largest" do. */
const STATISTIC =
  /^(?:mean|averages?|averaged|averaging|avg\.?|on average|medians?|p\d.*|\d.*percentile|max|maximum|min|minimum|std.*|stdev|stddev|standard deviations?)$/i;

/**
 * Words that say of a fact which is of no metric (a count, a size, a failure, a doubt) that it is one, or a mean or median of one:
 * `the median time to first token is {{F6}}`, where F6 counts artifacts. What is counted may be told by a metric all the same.
 * @param own the position of the fact's own metric, where words may name that; null where it is only what the count is about
 */
export function governingFaults(name: string, fact: Fact, own: number | null, setting: Setting): string[] {
  const { text, mentions, start, end } = setting;
  const saysMetric = mentions.metrics
    // `{{F6}} records failed`: a column called "records" makes no metric of what is counted.
    .filter(({ vague, phrase, metrics }) => !vague && !COUNTS.test(phrase) && !(own !== null && metrics.has(own)))
    .find((mention) => governs(mention, text, start, end));
  if (saysMetric) return [`speaks of ${saysMetric.phrase} where ${name} is ${fact.metric}`];
  const statistics = statisticsOf(fact.statistic, '');
  const saysStatistic = mentions.statistics
    .filter(({ inName, statistic, start: from, end: to }) => !inName && !statistics.has(statistic) && STATISTIC.test(text.slice(from, to)))
    .find((mention) => governs(mention, text, start, end));
  return saysStatistic ? [`speaks of the ${saysStatistic.statistic} where ${name} is the ${fact.statistic} of ${fact.metric}`] : [];
}

function governs(mention: { start: number; end: number }, text: string, start: number, end: number): boolean {
  if (mention.start >= end) return BEHIND.test(text.slice(end, mention.start));
  if (mention.end > start) return false;
  const between = text.slice(mention.end, start);
  const clause = clauseBefore(text, mention.start);
  if (COUNTED_BEFORE.test(clause) || APART.test(between) || TOLD_OF.test(between)) return false;
  return COPULA.test(between) || !COUNTED_BEHIND.test(text.slice(end, end + 80));
}

function clauseBefore(text: string, at: number): string {
  const before = text.slice(0, at);
  const cut = Math.max(...[',', ';', ':', '. '].map((mark) => before.lastIndexOf(mark)));
  return before.slice(cut + 1);
}
