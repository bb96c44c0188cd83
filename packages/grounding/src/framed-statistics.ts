import type { Setting } from './frame.ts';
import { nearest } from './nearest.ts';
import type { Statistic } from './statistic-words.ts';

const OVERALL =
  /\b(?:overall|across (?:all|the)|consistent(?:ly)?|on the whole|in general|typical(?:ly)?|all (?:\w+ )?(?:models|runs|tests|files|requests|prompts|configurations))\b/i;
// "model 0", "p50": one of several, or one percentile among others.
const ONE_OF = /\b(?:models?|configurations?|configs?|runs?|files?)\s*\[?#?\d+\]?(?![\d.]*\s*(?:files|%))|\bp50\b|\b50th\b/i;
const SLASHED = /\b(?:mean|median|avg|average|min|max|p\d{2})\s*\/\s*(?:mean|median|avg|average|min|max|p\d{2})\b/i;

/** The statistics that settings name: those of the first that names any, and how its author means them. */
export function framedStatistics(settings: readonly Setting[]): {
  statistics: Statistic[];
  general: boolean;
  overall: boolean;
  ambiguous: boolean;
} {
  const ambiguous = settings.slice(0, 2).some(({ text }) => SLASHED.test(text));
  const overall = settings.slice(0, 3).some(({ text }) => OVERALL.test(text));
  const percentile = settings
    .flatMap(({ start, mentions }) => (start < 0 ? mentions.statistics : []))
    .find(({ statistic }) => statistic.startsWith('p'));
  for (const setting of settings) {
    const { statistics } = setting.mentions;
    // What stands in a bracket behind a value is of what else stands there: `84.2 ms (p99: 168.7 ms)`.
    const own = statistics.filter(
      (mention) =>
        setting.start < 0 || mention.start < setting.end || !/^[^()]{0,12}\(/.test(setting.text.slice(setting.end, mention.start)),
    );
    const chosen = nearest(own, setting);
    if (chosen === null) continue;
    // A row of the p95 in a column of averages is still of the p95.
    if (percentile && setting.start < 0) return { statistics: [percentile.statistic], general: false, overall, ambiguous };
    // "the greatest of the medians": two words that stand together are meant together.
    const together = statistics.filter((s) => Math.abs(s.start - chosen.start) < 16);
    const central =
      together.some(({ statistic, inName }) => !inName && (statistic === 'mean' || statistic === 'median')) &&
      !settings.slice(0, 3).some(({ text }) => ONE_OF.test(text));
    return { statistics: [...new Set(together.map((s) => s.statistic))], general: central || overall, overall, ambiguous };
  }
  return { statistics: [], general: overall, overall, ambiguous };
}
