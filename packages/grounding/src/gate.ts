import { type Fact, valueText } from '@chimera/shared/domain';
import { amountIn, disguiseIn, plainLetters } from './amount-words.ts';
import { bindingFaults } from './binding.ts';
import { claimsIn } from './find-claims.ts';
import { parseProse } from './reference.ts';
import { neighbourFaults } from './reference-neighbours.ts';
import { renderReference } from './render.ts';

const MARKUP = /<[a-z!/]|!\[|\]\(|\bhttps?:|javascript:|data:[a-z]+\//i;

/** `text`: the sentence with its values as references to facts by name, `{{F1}}`. `faults`: each a clause about the sentence. */
export type Judgement = { passes: true; text: string } | { passes: false; faults: string[] };

/**
 * Whether a sentence of a model may be printed: every number in it is a reference to a fact it was shown, or stands exactly as a
 * fact that it names prints it. Digits of any script, number words, markup, links and foreign scripts fail, save in names. Where
 * its form is sound, the words around its references must be of what these facts are of, and compare only what a fact compares.
 * @param facts the facts that were shown, by their names in the prompt: F1, …
 * @param named which of them the sentence says it rests on
 */
export function judgeSentence(sentence: string, facts: ReadonlyMap<string, Fact>, named: readonly string[]): Judgement {
  const names = namesIn(facts);
  const text = withReferences(sentence, facts, named);
  const faults: string[] = [];
  let words = '';
  for (const part of parseProse(text)) {
    if (part.type === 'reference') {
      faults.push(...faultsOfReference(part.id, part.form, facts));
      words += ' ';
    } else if (part.type === 'code') {
      if (!names.has(part.text.replace(/\/$/, ''))) faults.push(`quotes "${part.text}", which no fact names`);
      // A label's value may be a bare number; quoted in prose it would be a number without a fact.
      else if (!/^\p{L}/u.test(part.text)) faults.push(`quotes "${part.text}", which reads as a number`);
      else if (statesValue(part.text)) faults.push(`quotes "${part.text}", which states a value`);
      words += ' ';
    } else words += part.text;
  }
  faults.push(...faultsOfWords(words, names), ...neighbourFaults(text));
  if (!sentence.isWellFormed()) faults.push('holds half a character');
  for (const name of named) if (!facts.has(name)) faults.push(`names ${name.slice(0, 20)}, which is no fact it was shown`);
  // What a sentence is about can be told only where its form is sound.
  if (faults.length === 0) faults.push(...bindingFaults(text, facts));
  return faults.length === 0 ? { passes: true, text } : { passes: false, faults: [...new Set(faults)] };
}

const known = new WeakMap<ReadonlyMap<string, Fact>, ReadonlySet<string>>();

/** The names that some facts hold, gathered once for all sentences over the same facts. */
function namesIn(facts: ReadonlyMap<string, Fact>): ReadonlySet<string> {
  const names = known.get(facts) ?? new Set([...facts.values()].flatMap(namesOf));
  known.set(facts, names);
  return names;
}

type Form = Parameters<typeof renderReference>[1];

function faultsOfReference(name: string, form: Form, facts: ReadonlyMap<string, Fact>): string[] {
  const fact = facts.get(name);
  if (fact === undefined) return [`refers to ${name}, which is no fact it was shown`];
  if (form === 'bare' || form === 'n') return [`refers to ${name} in a form that is not a model's to choose`];
  const rendered = renderReference(fact, form, name);
  return 'fault' in rendered ? [`refers to ${name} in a form that cannot be printed: ${rendered.fault}`] : [];
}

function faultsOfWords(words: string, names: ReadonlySet<string>): string[] {
  const faults: string[] = [];
  if (/\{\{|\}\}/.test(words)) faults.push('holds a broken reference');
  if (MARKUP.test(words)) faults.push('holds markup or a link');
  // Letters first: a token such as "gemma3" is a name only if a fact uses it.
  const without = (isName: (token: string) => boolean) =>
    words.replace(/[\p{L}][\p{L}\p{N}_.:/-]*/gu, (token) => (isName(token) || isName(token.replace(/[.:/-]+$/, '')) ? ' ' : token));
  const rest = without((token) => names.has(token));
  const numeral = /\p{N}(?:[\p{N}.,]*\p{N})?/u.exec(rest);
  if (numeral) faults.push(`holds the numeral "${numeral[0]}", which refers to no fact`);
  // A label's value may be "half": only what no amount is spelt like is a name here.
  const amount = amountIn(without((token) => /\p{N}/u.test(token) && names.has(token) && !statesValue(token)));
  if (amount !== null) faults.push(`holds the number word "${amount}", which refers to no fact`);
  const disguise = disguiseIn(rest);
  if (disguise !== null) faults.push(disguise);
  if (/[%‰]/.test(plainLetters(rest))) faults.push('holds a percent sign that belongs to no fact');
  const foreign = /(?![\p{Script=Latin}\p{Script=Greek}\p{Script=Common}\p{Script=Inherited}])\p{L}+/u.exec(rest);
  if (foreign) faults.push(`holds words in another script ("${foreign[0].slice(0, 20)}")`);
  return faults;
}

/**
 * Whether a name out of an artifact holds a value with its unit, which would be read as a statement: a cell `about 900 tok/s`. The
 * path of a file, and one word that is made with a unit (`H100-80GB`, `Llama-3-8B`), are names all the same.
 */
function statesValue(name: string): boolean {
  if (/\.\w{2,8}$/.test(name)) return false;
  return claimsIn(name).some(({ start, end, ...claim }) => {
    if (!('unit' in claim) || claim.unit === null) return false;
    if (!/\s/.test(name)) return /[:=~≈<>]$/.test(name.slice(0, start));
    // "Llama 3 8B": a size that is written like bytes.
    return !/^\d+(?:\.\d+)?B$/.test(name.slice(start, end));
  });
}

/** Values that stand exactly as a named fact prints them, unit included, become references to it. */
function withReferences(sentence: string, facts: ReadonlyMap<string, Fact>, named: readonly string[]): string {
  let text = sentence.replace(/\{\{\s*(F\d+)\s*\}\}/g, '{{$1}}');
  for (const name of named) {
    const fact = facts.get(name);
    if (fact === undefined || (fact.unit === null && typeof fact.value === 'number')) continue;
    const printed = valueText(fact.value, fact.unit).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    text = text.replace(new RegExp(`(?<![\\p{L}\\p{N}.,+−-])${printed}(?![\\p{L}\\p{N}/%]|[.,]\\p{N})`, 'gu'), `{{${name}}}`);
  }
  return text;
}

/** The words of a fact that prose may repeat: label values, what it compares, its percentile, the metric, the scope and its last name. */
function namesOf({ metric, scope, labels, statistic, comparison }: Fact): string[] {
  const file = scope.slice(scope.lastIndexOf('/') + 1);
  const compared = comparison === undefined ? [] : [comparison.of, comparison.to];
  const percentiles = statistic.match(/\bp\d{1,2}(?:\.\d+)?\b/g) ?? [];
  return [metric, scope, file, ...Object.values(labels), ...compared, ...percentiles].filter((name) => name !== '');
}
