import { chatIn } from './style-chat.ts';
import { unbalancedIn } from './style-marks.ts';
import { brokenOffIn, endlessIn, placeholderIn } from './style-rest.ts';

/** What is wrong with the manner of a sentence; `fault` is a clause about it: `asks a question`. */
export type StyleFault = { index: number; fault: string };

const REFERENCE = /\{\{\s*(?:[A-Za-z0-9_]{1,40}|run:[A-Za-z0-9_.]{1,120})\s*(?:\|[^{}\n]{0,60})?\}\}/g;
const CODE = /`[^`\n]*`/g;

/** What stands for a reference and for quoted code while the words around them are read. */
const VALUE = '\u{FFFC}';

/**
 * Faults of manner in an agent's prose, whose sentences come in the order of the page: another script than the report's, chat,
 * questions, repetitions, half-headings, marks without their partner, left-over placeholders, sentences that were cut off.
 * References and quoted names are passed over. Several for one sentence are possible. Never throws; linear in the text.
 */
export function styleFaults(sentences: readonly string[]): StyleFault[] {
  const said = new Map<string, number>();
  return sentences.flatMap((sentence, index) => {
    const faults = faultsIn(sentence);
    const key = wordsOf(sentence);
    if (key !== '' && said.has(key)) faults.push('repeats an earlier sentence');
    else said.set(key, index);
    return faults.map((fault) => ({ index, fault }));
  });
}

function faultsIn(sentence: string): string[] {
  const withoutReferences = sentence.replace(REFERENCE, VALUE);
  const words = withoutReferences.replace(CODE, VALUE).trim();
  if (!/[\p{L}\p{N}\u{FFFC}]/u.test(words)) return ['has no words'];
  return [
    foreignIn(words),
    chatIn(words),
    /[?\uff1f\u061f](?=$|[\s"'\u201d\u2019)\]*])/.test(words) ? 'asks a question' : null,
    headingIn(words),
    unbalancedIn(words),
    placeholderIn(words),
    endlessIn(words),
    brokenOffIn(words),
  ].filter((fault) => fault !== null);
}

/** Letters of another script than the report's; signs such as Δ, σ or µ are no words. What cannot be seen, and pictures. */
function foreignIn(words: string): string | null {
  const foreign = /(?![\p{Script=Latin}\p{Script=Greek}\p{Script=Common}\p{Script=Inherited}])\p{L}{1,20}|\p{Script=Greek}{3,20}/u.exec(
    words,
  );
  if (foreign) return `holds words in another script ("${foreign[0]}")`;
  if (/[\p{Cf}\p{Co}]|(?![\t\n\r])\p{Cc}/u.test(words) || !words.isWellFormed()) return 'holds characters that cannot be seen';
  return /\p{Emoji_Presentation}/u.test(words) ? 'holds an emoji' : null;
}

/** A heading, or what is left of one, where a sentence should stand. */
function headingIn(words: string): string | null {
  if (/^#{1,6}(?:\s|$)/.test(words)) return 'is a heading';
  if (/^(?:[-+*\u2022]|\d{1,3}[.)])\s/.test(words)) return 'begins with the mark of a list';
  const tail = words.slice(-12).replace(/[*_\s]+$/, '');
  if (/[:\uff1a]$/.test(tail)) return 'is a heading: nothing comes after its colon';
  // All of it in bold, and not a sentence: a heading of its own making.
  const bold = words.startsWith('**') && words.indexOf('**', 2) === words.length - 2 ? words.slice(2, -2).trim() : null;
  return bold !== null && !/[.!]$/.test(bold) ? 'is a heading in bold' : null;
}

/** The words of a sentence, references included, without what punctuation and type do to them: equal where the words are. */
function wordsOf(sentence: string): string {
  const plain = sentence.normalize('NFKC').toLowerCase();
  return (plain.match(/\{\{[^{}]{1,200}\}\}|[\p{L}\p{N}_]+/gu) ?? []).map((word) => word.replace(/\s+/g, '')).join(' ');
}
