import { parseProse } from './reference.ts';

/** Number words that state an amount. "one" is mostly a pronoun, and "second" a unit: neither is here. */
const AMOUNTS =
  /\b(zero|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|billions?|dozens?|half|halves|halved|thirds?|quarters?|twice|thrice|doubled?|doubles|doubling|tripled?|triples|percent|(?:one|two|three|four|five|six|seven|eight|nine|ten|hundred|many)fold|tenths?|fifths?|sixths?|eighths?|[ivx]{2,5})\b/i;
const MARKUP = /<[a-z!/]|!\[|\]\(|\bhttps?:|javascript:|data:[a-z]+\//i;

export type Judgement = { passes: true } | { passes: false; reason: string };

/**
 * The gate until the full checker exists: a sentence of a model passes when every number in it is a reference to a
 * fact it was shown. `names` are words out of the facts (models, paths) that may hold digits; they must stand
 * exactly so. Digits of any script, number words, markup, links and foreign scripts fail.
 */
export function judgeSentence(sentence: string, facts: ReadonlySet<string>, names: ReadonlySet<string>): Judgement {
  const fail = (reason: string): Judgement => ({ passes: false, reason });
  let words = '';
  for (const part of parseProse(sentence)) {
    if (part.type === 'reference') {
      if (!facts.has(part.id)) return fail(`refers to ${part.id}, which is no fact it was shown`);
      if (part.form !== 'full') return fail(`refers to ${part.id} in a form that is not a model's to choose`);
      words += ' ';
    } else if (part.type === 'code') {
      if (!names.has(part.text)) return fail(`quotes "${part.text}", which no fact names`);
      // A label's value may be a bare number; quoted in prose it would be a number without a fact.
      if (!/^\p{L}/u.test(part.text)) return fail(`quotes "${part.text}", which reads as a number`);
      words += ' ';
    } else words += part.text;
  }
  if (/\{\{|\}\}/.test(words)) return fail('holds a broken reference');
  if (!sentence.isWellFormed()) return fail('holds half a character');
  if (MARKUP.test(words)) return fail('holds markup or a link');
  // Letters first: a token such as "gemma3" is a name only if a fact uses it.
  const rest = words.replace(/[\p{L}][\p{L}\p{N}_.:/-]*/gu, (token) =>
    names.has(token) || names.has(token.replace(/[.:/-]+$/, '')) ? ' ' : token,
  );
  const numeral = /[\p{N}][\p{N}.,]*/u.exec(rest);
  if (numeral) return fail(`holds the numeral "${numeral[0]}", which refers to no fact`);
  const amount = AMOUNTS.exec(rest);
  if (amount) return fail(`holds the number word "${amount[0]}", which refers to no fact`);
  if (/[%‰]/.test(rest)) return fail('holds a percent sign that belongs to no fact');
  const foreign = /(?![\p{Script=Latin}\p{Script=Greek}\p{Script=Common}\p{Script=Inherited}])\p{L}+/u.exec(rest);
  if (foreign) return fail(`holds words in another script ("${foreign[0].slice(0, 20)}")`);
  return { passes: true };
}

/** The words of a fact that prose may repeat: label values, the metric, the scope and the pieces of its path. */
export function namesOf(fact: { metric: string; scope: string; labels: Readonly<Record<string, string>> }): string[] {
  const file = fact.scope.slice(fact.scope.lastIndexOf('/') + 1);
  return [fact.metric, fact.scope, file, ...Object.values(fact.labels)].filter((name) => name !== '');
}
