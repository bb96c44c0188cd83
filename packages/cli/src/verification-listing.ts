import { counted } from '@chimera/shared/domain';
import { type Spot, spotsOf, type Verification, type VerifiedClaim } from './verification.ts';
import { cut, visible } from './visible.ts';

/** Characters of what is shown; where a number stands, and its true value, are never cut. */
const WIDEST = { claim: 80, why: 240, fact: 240 } as const;
/** Stretches of lines that are named of claims like another. */
const MOST_STRETCHES = 12;

/** A verification as a terminal shows it, line by line, without line ends; `all`: the supported claims too. */
export function* verificationListing(verification: Verification, all: boolean): Generator<string> {
  const { claims, counts, report, against } = verification;
  yield summaryOf(verification);
  if (counts.claims === 0) {
    yield `${visible(report)} states no number, date, file or comparison that could be checked against ${visible(against)}.`;
    return;
  }
  const shown = all ? claims : claims.filter(({ verdict }) => verdict !== 'supported');
  for (const alike of folded(shown)) {
    yield '';
    yield* block(alike, verification.facts);
  }
  const left = claims.length - shown.length;
  if (left === 0) return;
  yield '';
  yield `${counted(left, 'supported claim')} not listed; --all lists ${left === 1 ? 'it' : 'them'} too, with ${left === 1 ? 'its source' : 'their sources'}.`;
}

/** `42 claims: 30 supported, 4 contradicted, 8 unsupported`. */
export function summaryOf({ counts }: Pick<Verification, 'counts'>): string {
  const { claims, supported, contradicted, unsupported } = counts;
  return `${counted(claims, 'claim')}: ${supported} supported, ${contradicted} contradicted, ${unsupported} unsupported`;
}

/** Claims that follow each other and are alike in all but their place, together. */
function folded(claims: readonly VerifiedClaim[]): VerifiedClaim[][] {
  const groups: VerifiedClaim[][] = [];
  for (const claim of claims) {
    const last = groups.at(-1);
    if (last?.[0] && isLike(last[0], claim)) last.push(claim);
    else groups.push([claim]);
  }
  return groups;
}

function isLike(a: VerifiedClaim, b: VerifiedClaim): boolean {
  return a.text === b.text && a.verdict === b.verdict && a.why === b.why;
}

function* block([first, ...others]: readonly VerifiedClaim[], facts: Verification['facts']): Generator<string> {
  if (first === undefined) return;
  const { line, column, verdict, text, why, truth } = first;
  yield `${`${line}:${column}`.padEnd(8)} ${verdict.padEnd(12)}  ${cut(text, WIDEST.claim)}`;
  yield `    why: ${cut(why, WIDEST.why)}`;
  if (verdict !== 'unsupported') {
    if (truth !== undefined && verdict === 'contradicted') yield `    true: ${visible(truth)}`;
    const fact = first.facts.map((id) => facts.get(id)).find((one) => one !== undefined);
    if (fact !== undefined && !why.includes(fact.claim)) yield `    fact: ${cut(fact.claim, WIDEST.fact)}`;
    const source = sourceText(spotsOf(first, facts));
    if (source !== null) yield `    source: ${source}`;
  }
  if (others.length > 0) yield `    … and ${others.length} more like this, on ${linesText(others.map((other) => other.line))}`;
}

function sourceText([first, ...others]: readonly Spot[]): string | null {
  if (first === undefined) return null;
  return `${visible(first.path)}, ${visible(first.pointer)}${others.length === 0 ? '' : `, and ${counted(others.length, 'other place')}`}`;
}

/** `line 5`, `lines 5, 7–9`; what follows the first few stretches is counted. */
function linesText(lines: readonly number[]): string {
  const stretches: { from: number; to: number }[] = [];
  for (const line of lines) {
    const last = stretches.at(-1);
    if (last !== undefined && line <= last.to + 1) last.to = line;
    else stretches.push({ from: line, to: line });
  }
  const shown = stretches.slice(0, MOST_STRETCHES).map(({ from, to }) => (from === to ? `${from}` : `${from}–${to}`));
  const last = stretches.at(-1);
  if (stretches.length > MOST_STRETCHES && last !== undefined) shown.push(`… ${last.to}`);
  const single = stretches.length === 1 && stretches[0]?.from === stretches[0]?.to;
  return `${single ? 'line' : 'lines'} ${shown.join(', ')}`;
}
