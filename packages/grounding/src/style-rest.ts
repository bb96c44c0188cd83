const PLACEHOLDERS: readonly RegExp[] = [
  /\[\s*(?:insert|add|your|enter|fill|specify|name|date|time|value|number|count|metric|model|unit|link|source|citation|placeholder|todo|tbd|x{1,4}|n|\.\.\.|\u2026)(?:[^\p{L}\p{N}][^[\]\n]{0,80})?\]/iu,
  /(?<![\p{L}\p{N}_])(?:TODO|TBD|TBA|TBC|FIXME|XX+)(?![\p{L}\p{N}_])/u,
  /(?<![\p{L}\p{N}_])X+[.,]X+(?![\p{L}\p{N}_])/iu,
  /lorem ipsum|dolor sit amet|\[object Object\]/i,
  /(?<![\p{L}\p{N}_])(?:placeholder|NaN)(?![\p{L}\p{N}_])/u,
  /\{[^{}\n]{0,60}\}/,
  /<[\p{L}][\p{L}\p{N}_ -]{0,40}>/u,
  /_{3,}/,
  /%[sdf](?![\p{L}\p{N}])|\$\{|\$[A-Z_]{2,}/u,
];

/** Something that was to be filled in; null where there is nothing of the kind. */
export function placeholderIn(words: string): string | null {
  for (const pattern of PLACEHOLDERS) {
    const found = pattern.exec(words);
    if (found) return `holds a placeholder ("${found[0].slice(0, 40)}")`;
  }
  return null;
}

const CIRCLE = 3;

/** Words that come again and again, as in the answer of a model that goes round in circles. */
export function endlessIn(words: string): string | null {
  const all = words.toLowerCase().match(/[\p{L}\p{N}_\u{FFFC}]+/gu) ?? [];
  const seen = new Map<string, number>();
  for (const [i, word] of all.entries()) {
    if (word === all[i - 1] && word === all[i - 2] && word !== '\u{FFFC}') return `stutters ("${word.slice(0, 20)}")`;
    const [second, third] = [all[i + 1], all[i + 2]];
    if (second === undefined || third === undefined) continue;
    const phrase = `${word} ${second} ${third}`;
    const times = (seen.get(phrase) ?? 0) + 1;
    seen.set(phrase, times);
    if (times > CIRCLE && !phrase.includes('\u{FFFC}')) return `goes round in circles ("${phrase.slice(0, 40)}")`;
  }
  return null;
}

const CLOSING = /[)\]"'\u201d\u2019\u00bb*\s]+$/;

/** Whether a sentence was cut off: it does not end as sentences do, or with a word that something must follow. */
export function brokenOffIn(words: string): string | null {
  const tail = words.slice(-80);
  const end = tail.replace(CLOSING, '');
  if (/(?:\.\.|\u2026)[.!]?$/.test(end)) return 'trails off';
  if (!/[.!]$/.test(end)) {
    // What a quotation or a bracket closes may carry its own end; words without a stop were cut off.
    const closed = /[)\]"\u201d\u00bb]\s*$/.test(tail) && !/[,;:\u2014\u2013-]$/.test(end);
    return closed ? null : 'breaks off: it does not end with a full stop';
  }
  return /(?<![\p{L}\p{N}])(?:and|or|but|the|an|than|because|whereas|while|which)[.!]+$/iu.test(end) ? 'breaks off before its end' : null;
}
