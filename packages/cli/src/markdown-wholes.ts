/** What a mark may not stand inside of, by its offsets into the page: a code span, a link with its target, a formula. */
type Whole = { start: number; end: number };

const CODE = 0x60;
const ESCAPE = 0x5c;
const DOLLAR = 0x24;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const LONGEST_TARGET = 2_000;

/**
 * The wholes of a stretch of words, in order and apart: what lies within another is not listed. `labels`: which links the page
 * defines, in lower case. Linear in the stretch.
 */
export function wholesOf(page: string, { start, end }: Whole, labels: ReadonlySet<string>): Whole[] {
  const text = page.slice(start, end);
  const closing = codeRuns(text);
  const wholes: Whole[] = [];
  const brackets: number[] = [];
  let nextDollar = -1;
  const add = (from: number, to: number) => {
    while ((wholes.at(-1)?.start ?? -1) >= from) wholes.pop();
    wholes.push({ start: from, end: to });
    return to;
  };
  for (let i = 0; i < text.length; ) {
    const code = text.charCodeAt(i);
    if (code === ESCAPE) i += 2;
    else if (code === CODE) {
      const run = runAt(text, i);
      const to = closing(run, i + run);
      i = to === null ? i + run : add(i, to);
    } else if (code === DOLLAR) {
      if (nextDollar <= i) nextDollar = indexFrom(text, '$', i + 1);
      i = isFormula(text, i, nextDollar) ? add(i, nextDollar + 1) : i + 1;
    } else if (code === OPEN) {
      brackets.push(i++);
    } else if (code === CLOSE) {
      const from = brackets.pop();
      const to = from === undefined ? null : linkEnd(text, from, i, labels);
      if (from !== undefined && to !== null) add(from, to);
      i = to ?? i + 1;
    } else i++;
  }
  return wholes.map((whole) => ({ start: whole.start + start, end: whole.end + start }));
}

function runAt(text: string, at: number): number {
  let end = at;
  while (text.charCodeAt(end) === CODE) end++;
  return end - at;
}

/** Finds the end of a code span: behind the next run of as many backticks. Its positions only grow. */
function codeRuns(text: string): (length: number, from: number) => number | null {
  const runs = new Map<number, { at: number[]; next: number }>();
  for (const { index, 0: run } of text.matchAll(/`+/g)) {
    const same = runs.get(run.length);
    if (same) same.at.push(index);
    else runs.set(run.length, { at: [index], next: 0 });
  }
  return (length, from) => {
    const same = runs.get(length);
    if (same === undefined) return null;
    while (same.next < same.at.length && (same.at[same.next] ?? 0) < from) same.next++;
    const at = same.at[same.next];
    return at === undefined ? null : at + length;
  };
}

function indexFrom(text: string, what: string, from: number): number {
  const at = text.indexOf(what, from);
  return at < 0 ? Number.POSITIVE_INFINITY : at;
}

/** `$x$` as formulas are written: no space inside of the signs, no digit behind the second, which would be an amount of money. */
function isFormula(text: string, at: number, next: number): boolean {
  return (
    Number.isFinite(next) &&
    next > at + 1 &&
    /\S/.test(text[at + 1] ?? '') &&
    /\S/.test(text[next - 1] ?? '') &&
    !/\d/.test(text[next + 1] ?? '')
  );
}

/** Where the link ends whose text is in these brackets; null where they are no link. */
function linkEnd(text: string, open: number, close: number, labels: ReadonlySet<string>): number | null {
  const next = text[close + 1];
  if (next === '(') return targetEnd(text, close + 2);
  if (next === '[') {
    const end = text.indexOf(']', close + 2);
    if (end >= 0 && isDefined(text, end === close + 2 ? open : close + 1, end === close + 2 ? close : end, labels)) return end + 1;
  }
  return isDefined(text, open, close, labels) ? close + 1 : null;
}

const LONGEST_LABEL = 200;

function isDefined(text: string, open: number, close: number, labels: ReadonlySet<string>): boolean {
  return (
    close - open <= LONGEST_LABEL + 1 &&
    labels.has(
      text
        .slice(open + 1, close)
        .trim()
        .toLowerCase(),
    )
  );
}

function targetEnd(text: string, from: number): number | null {
  let depth = 1;
  const last = Math.min(text.length, from + LONGEST_TARGET);
  for (let i = from; i < last; i++) {
    const code = text.charCodeAt(i);
    if (code === ESCAPE) i++;
    else if (code === 0x28) depth++;
    else if (code === 0x29 && --depth === 0) return i + 1;
  }
  return null;
}
