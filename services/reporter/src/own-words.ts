import { parseProse, quotedName, renderReference } from '@chimera/grounding';
import type { Artifact, Fact, FactIndex } from '@chimera/shared/domain';
import { type StatedResults, statedResults } from './stated-results.ts';

/** Finds what words under the template's name hold that no template writes. Each fault is a clause; none: they may be printed. */
export type OwnWords = (prose: string) => string[];

const MARKUP = /<[a-z!/]|!\[|\]\(|\bhttps?:|javascript:|data:[a-z]+\//i;

/**
 * What an analysis calls the template's comes over a network, and its words are printed as they are. So much can be told of them
 * without knowing the template: values stand in them as references only, what they quote is plain words or a name out of the
 * artifacts, and they state no amount, no share and no comparison that no fact in them shows.
 */
export function ownWords(facts: FactIndex, artifacts: Artifacts): OwnWords {
  const known = gathered.get(facts);
  if (known?.artifacts === artifacts) return known.own;
  const own = newOwnWords(facts, artifacts);
  gathered.set(facts, { artifacts, own });
  return own;
}

type Artifacts = readonly Pick<Artifact, 'path'>[];

/** The names of an inventory are gathered once for all of its analyses. */
const gathered = new WeakMap<FactIndex, { artifacts: Artifacts; own: OwnWords }>();

function newOwnWords(facts: FactIndex, artifacts: Artifacts): OwnWords {
  let names: { plain: ReadonlySet<string>; quoted: ReadonlySet<string> } | null = null;
  let results: StatedResults | null = null;
  return (prose) => {
    const faults: string[] = [];
    const [words, quoted]: [string[], string[]] = [[], []];
    const referred: Fact[] = [];
    for (const part of parseProse(prose)) {
      if (part.type === 'reference') {
        const fact = facts.byId.get(part.id);
        if (fact === undefined || 'fault' in renderReference(fact, part.form)) faults.push(`refers to ${part.id}, which prints nothing`);
        if (fact) referred.push(fact);
        words.push('\u{FFFC}');
        continue;
      }
      if (part.type === 'code') quoted.push(part.text);
      words.push(part.type === 'code' ? '\u{FFFC}' : part.text);
      if (part.type === 'text' && MARKUP.test(part.text)) faults.push('holds markup or a link');
      if (!/\p{N}/u.test(part.text)) continue;
      names ??= namesOf(facts, artifacts);
      if (part.type === 'code' ? !names.quoted.has(quotedName(part.text)) : /\p{N}/u.test(withoutNames(part.text, names.plain)))
        faults.push(`holds the numeral of "${part.text.slice(0, 40)}", which refers to no fact`);
    }
    results ??= statedResults(facts);
    faults.push(...results.ofProse(words.join(''), quoted, referred.some(isShowing)));
    return [...new Set(faults)];
  };
}

const SHOWING: ReadonlySet<Fact['kind']> = new Set(['campaign', 'choice', 'comparison', 'change', 'history']);

function isShowing({ kind }: Fact): boolean {
  return SHOWING.has(kind);
}

function withoutNames(words: string, names: ReadonlySet<string>): string {
  return words.replace(/\p{L}[\p{L}\p{N}_.:/-]*/gu, (token) => (names.has(token.replace(/[.:/-]+$/, '')) ? ' ' : token));
}

/** The names in the facts, as they are and as they are quoted. */
function namesOf({ facts }: FactIndex, artifacts: Artifacts) {
  const plain = new Set(artifacts.map(({ path }) => path));
  for (const { metric, statistic, scope, labels, comparison } of facts) {
    plain.add(metric).add(metric.replaceAll('_', ' ')).add(scope).add(statistic);
    for (const word of statistic.split(' ')) plain.add(word);
    for (const key of Object.keys(labels)) plain.add(key).add(labels[key] ?? '');
    if (labels.folder !== undefined) plain.add(`${labels.folder}/`);
    if (comparison) plain.add(comparison.label).add(comparison.of).add(comparison.to);
  }
  return { plain, quoted: new Set([...plain].map((name) => quotedName(name))) };
}
