import { amountIn, claimsIn } from '@chimera/grounding';
import type { FactIndex } from '@chimera/shared/domain';

/** Finds results that words state though no reference stands for them. Each fault is a clause; none: they state nothing of the kind. */
export type StatedResults = {
  /** in words of the template: no amount, no percent sign, and no comparison of what the artifacts name that no fact among these shows */
  ofProse: (words: string, quoted: readonly string[], isShown: boolean) => string[];
  /** in a reason: seconds, tokens and bytes may be of the call that failed; rates, shares, multiples and comparisons are not */
  ofReason: (reason: string) => string[];
};

const OF_RESULTS: ReadonlySet<string> = new Set(
  'tokens/s requests/s operations/s time/token energy energy/token power ratio points times frequency temperature'.split(' '),
);

/** What the template says of how failed runs are stored, and of any two configurations. */
const IDIOMS = /\bstored as zero\b|\bapart two lie\b/g;

const known = new WeakMap<FactIndex, StatedResults>();

/** For the facts of an inventory; what is gathered of them is gathered once. */
export function statedResults(facts: FactIndex): StatedResults {
  const found = known.get(facts) ?? newStatedResults(facts);
  known.set(facts, found);
  return found;
}

function newStatedResults({ facts }: FactIndex): StatedResults {
  const values = new Set(
    facts.flatMap(({ labels, comparison }) => [...Object.values(labels), ...(comparison ? [comparison.of, comparison.to] : [])]),
  );
  // A metric may be called "percent_used" or "improvement": that is a name in the template's words.
  const names = [
    ...new Set(
      facts.flatMap(({ metric, statistic, labels }) => [
        metric,
        metric.replaceAll('_', ' '),
        statistic,
        ...Object.keys(labels).flatMap((key) => [key, key.replaceAll('_', ' ')]),
      ]),
    ),
  ]
    .filter((name) => amountIn(name) !== null || /[%‰]/.test(name) || compares(name))
    .sort((a, b) => b.length - a.length);
  const isNamed = (name: string) => name.length > 1 && !/^[\d.]+$/.test(name) && values.has(name);
  const namedIn = (words: string) =>
    (words.match(/[\p{L}\p{N}][\p{L}\p{N}_.:/-]*/gu) ?? []).map((word) => word.replace(/[.:/-]+$/, '')).filter(isNamed);
  // A label's value may be an everyday word, "quality": alone and without a digit it makes no comparison of two things.
  const namesSides = (words: string) => {
    const found = namedIn(words);
    return found.some((name) => /\p{N}/u.test(name)) || (/\bthan\b/i.test(words) && new Set(found).size > 1);
  };
  return {
    ofProse: (prose, quoted, isShown) => {
      const words = names.reduce((rest, name) => rest.replaceAll(name, ' ').replaceAll(capital(name), ' '), prose);
      const amount = amountIn(words.replace(IDIOMS, ' '));
      return [
        ...(amount === null ? [] : [`holds the number word "${amount}", which refers to no fact`]),
        ...(/[%‰]/.test(words) ? ['holds a percent sign that belongs to no fact'] : []),
        ...(!isShown && compares(words) && (quoted.some(isNamed) || namesSides(words)) ? ['compares what no fact in it compares'] : []),
      ];
    },
    ofReason: (reason) => [
      ...(claimsIn(reason).some(
        (claim) => 'unit' in claim && claim.unit !== null && claim.text !== 'twice' && OF_RESULTS.has(claim.unit.dimension),
      )
        ? ['states a result']
        : []),
      ...(compares(reason) && namesSides(reason) ? ['compares what the artifacts name'] : []),
    ],
  };
}

function compares(words: string): boolean {
  return claimsIn(words).some(({ kind }) => kind === 'comparison');
}

function capital(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
