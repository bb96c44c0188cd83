import type { Claim } from './claim.ts';
import { claimsIn } from './find-claims.ts';
import type { Setting } from './frame.ts';
import type { Peer } from './framed-labels.ts';
import { judge } from './judge.ts';
import { judgeSample } from './judge-sample.ts';
import type { Judgement } from './judgement.ts';
import { type Mentions, mentionsIn } from './mentions.ts';
import { ofOtherInventories } from './other-inventories.ts';
import { type Stretch, stretchesOf } from './page.ts';
import { type Checked, cellUnit, type Place, unitBefore } from './place.ts';
import { plainText } from './plain-text.ts';
import { type Sentence, sentenceOf } from './sentence.ts';
import { type Span, sentenceAt, sentencesOf } from './sentences.ts';
import { factFor, type Truth } from './truth.ts';

/** A claim of a page with its verdict. `start` and `end` are offsets into the page as it was given; `text` is what stands there. */
export type CheckedClaim = Judgement & { claim: Claim; start: number; end: number; text: string };

/** Checks every claim of a page of Markdown or plain text against what the artifacts say. A function of its input; linear in the page. */
export function checkPage(page: string, truth: Truth): CheckedClaim[] {
  const plain = plainText(page);
  const known = createKnown(truth);
  return stretchesOf(plain.text).flatMap((stretch) =>
    checkStretch(stretch, truth, known).map(({ claim, ...judgement }) => {
      const start = plain.at[stretch.start + claim.start] ?? page.length;
      const last = plain.at[stretch.start + claim.end - 1] ?? page.length;
      const end = Math.max(last + 1, Math.min(plain.at[stretch.start + claim.end] ?? page.length, last + 2));
      return {
        ...judgement,
        claim,
        start,
        end: page.slice(last, end).trimEnd().length === 0 ? last : last + widthAt(page, last),
        text: page.slice(start, last + widthAt(page, last)),
      };
    }),
  );
}

function widthAt(page: string, at: number): number {
  return (page.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}

/** What the claims of one sentence have in common. */
type InSentence = { span: Span; sentence: Sentence; mentions: Mentions; around: readonly Setting[] };

/** The claims of a stretch with their verdicts, their offsets into the stretch. */
function checkStretch(stretch: Stretch, truth: Truth, known: Known): Checked[] {
  const claims = claimsIn(stretch.text, { has: (word) => truth.names.has(word), settings: truth.settingPattern }).filter(
    (claim) => claim.kind !== 'name' || !truth.labelFiles.has(claim.name.toLowerCase()),
  );
  const framing = (words: string): Setting => ({ text: words, mentions: known.mentionsOf(words), start: -1, end: -1 });
  const outer = [stretch.column, stretch.row, stretch.settings, ...[...stretch.parents].reverse(), headingOf(stretch)]
    .filter((words) => words !== '')
    // What other columns hold says what was configured, and nothing of this one.
    .map((words) => (words === stretch.settings ? onlyLabels(framing(words)) : framing(words)));
  const spans = sentencesOf(stretch.text);
  const inSentence = (span: Span): InSentence => {
    const text = stretch.text.slice(span.start, span.end);
    const previous = CONTINUES.test(text) ? lastSentence(stretch.text, span.start) : '';
    const around = previous === '' ? outer : [framing(previous), ...outer];
    return { span, sentence: sentenceOf(text, truth), mentions: known.mentionsOf(text), around };
  };
  const checked: Checked[] = [];
  const places: Place[] = [];
  let last: InSentence | null = null;
  for (const claim of claims) {
    const span = sentenceAt(stretch.text, claim.start, spans);
    const here: InSentence = last?.span === span ? last : inSentence(span);
    last = here;
    const { sentence, mentions, around } = here;
    const own: Setting = { text: sentence.text, mentions, start: claim.start - span.start, end: claim.end - span.start };
    const before = checked
      .slice(-MOST_BESIDE)
      .filter((other) => other.claim.end <= claim.start && other.claim.start >= span.start)
      .map((other) => ({
        ...other,
        claim: { ...other.claim, start: other.claim.start - span.start, end: other.claim.end - span.start },
      }));
    const peers = peersOf(claim, claims, span);
    const at: Place = { stretch, sentence, peers, claim: { ...claim, start: own.start, end: own.end }, own, around, before, truth };
    checked.push({ claim: withUnit(claim, at), ...named(ofOtherInventories(judge(at), at), at) });
    places.push(at);
  }
  return checked.map((own, i) => {
    const place = places[i];
    return place === undefined ? own : (samplesBehind(own, place, checked.slice(i + 1, i + 1 + MOST_BESIDE)) ?? own);
  });
}

/** What a text names is the same wherever it frames something. */
type Known = { mentionsOf(text: string): Mentions };

const MOST_KNOWN = 4_000;

function createKnown(truth: Truth): Known {
  const known = new Map<string, Mentions>();
  return {
    mentionsOf(text) {
      const found = known.get(text) ?? mentionsIn(text, truth);
      if (known.size >= MOST_KNOWN) known.clear();
      known.set(text, found);
      return found;
    },
  };
}

/** The heading right above, where it may name a configuration or a file; the title of a page names what all of it is about. */
function headingOf({ headings, depth }: Stretch): string {
  const last = headings.at(-1) ?? '';
  return headings.length > 1 || depth >= 3 || /\.\w{2,5}\b/.test(last) ? last : '';
}

// What stands farther off in one sentence is no companion of a value, and a sentence of so many values is a list.
const MOST_BESIDE = 24;

/** The values of a sentence in the same unit as one of them, with their places in it. */
function peersOf(claim: Claim, claims: readonly Claim[], sentence: { start: number; end: number }): Peer[] {
  if (claim.kind !== 'number' || claim.unit === null) return [];
  const { dimension } = claim.unit;
  const at = claims.indexOf(claim);
  return claims
    .slice(Math.max(0, at - MOST_BESIDE), at + MOST_BESIDE)
    .filter(
      (other) =>
        other.kind === 'number' && other.unit?.dimension === dimension && other.start >= sentence.start && other.end <= sentence.end,
    )
    .map(({ start, end }) => ({ start: start - sentence.start, end: end - sentence.start }));
}

/** A contradiction names a fact: what says otherwise, the fact nearest to it, or how many artifacts there are, of which none is so called. */
export function named(judgement: Judgement, { claim, truth }: Place): Judgement {
  if (judgement.verdict !== 'contradicted' || judgement.facts.length > 0) return judgement;
  const [near] = judgement.entries.flatMap((entry) => factFor(entry, truth) ?? []);
  const all = claim.kind === 'number' && claim.unit?.dimension === 'bytes' ? 'artifact_size' : 'artifact_count';
  const [total] = (truth.byMetric[truth.metricNumbers.get(all) ?? -1] ?? []).flatMap(({ fact }) =>
    fact && Object.keys(fact.labels).length === 0 ? [fact] : [],
  );
  const fact = near ?? total;
  return fact ? { ...judgement, facts: [fact.id] } : judgement;
}

/** A number in a cell has the unit of its column. */
function withUnit(claim: Claim, place: Place): Claim {
  if (claim.kind !== 'number' || claim.unit !== null) return claim;
  const unit = cellUnit(place) ?? unitBefore(place);
  return unit === null ? claim : { ...claim, unit };
}

/** `Over 10 samples, the median is 5 ms`: the number of samples may stand before the value that they are behind. */
function samplesBehind(own: Checked, place: Place, rest: readonly Checked[]): Checked | null {
  if (own.verdict !== 'unsupported' || place.before.some((other) => other.entries.length > 0)) return null;
  const { claim } = own;
  if (claim.kind !== 'sample' && !(claim.kind === 'number' && claim.unit === null && Number.isInteger(claim.numeral.value))) return null;
  const next = rest.find((other) => other.entries.length > 0);
  if (next === undefined || next.claim.start - claim.end > place.own.text.length) return null;
  return { ...judgeSample({ ...place, before: [next] }), claim };
}

function onlyLabels({ mentions, ...setting }: Setting): Setting {
  return { ...setting, mentions: { ...mentions, metrics: [], statistics: [], files: [], quotes: [], kinds: [], folders: [] } };
}

// Such a sentence goes on with what the one before speaks of.
const CONTINUES = /^\s*(?:\(|(?:It|Its|This|That|These|They|Here|There)\b)/;

function lastSentence(text: string, before: number): string {
  if (before === 0) return '';
  const last = sentenceAt(text, before - 2);
  return text.slice(last.start, Math.min(last.end, before));
}
