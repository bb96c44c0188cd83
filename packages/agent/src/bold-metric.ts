import { type Fact, isCanonical, METRICS } from '@chimera/shared/domain';

/**
 * The sentence with the metric that it speaks of in bold, where it has no bold yet and names the metric of one of its facts. Where
 * the metric cannot be found in it, it stays as it is: type is no reason to withhold what is true.
 */
export function withBoldMetric(text: string, facts: readonly Pick<Fact, 'metric'>[]): string {
  if (text.includes('**')) return text;
  const names = [...new Set(facts.flatMap(({ metric }) => namesOf(metric)))].sort((a, b) => b.length - a.length);
  // Every second piece is a reference or quoted: no marks go in there.
  const pieces = text.split(/(\{\{[^{}]*\}\}|`[^`]*`)/);
  for (const name of names) {
    const pattern = new RegExp(`(?<![\\p{L}\\p{N}_])${name.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')}(?![\\p{L}\\p{N}_])`, 'iu');
    for (const [i, piece] of pieces.entries()) {
      if (i % 2 === 1 || !pattern.test(piece)) continue;
      pieces[i] = piece.replace(pattern, (found) => `**${found}**`);
      return pieces.join('');
    }
  }
  return text;
}

/** How prose may call a metric; single letters and what is no word are no such names. */
function namesOf(metric: string): string[] {
  const words = metric.replaceAll('_', ' ');
  const short = words.replace(/^output token /, '');
  return [metric, words, short, ...(isCanonical(metric) ? [METRICS[metric].title] : [])].filter((name) => /\p{L}{3}/u.test(name));
}
