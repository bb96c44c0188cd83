import { isBetween } from './between.ts';
import type { Claim } from './claim.ts';
import { type CountSubject, countSubject, sentenceAt, sentencesOf, shareAbout } from './count-subject.ts';
import { datesIn } from './date.ts';
import { claimsIn } from './find-claims.ts';
import { type Frame, frameOf, type Peer, type Setting } from './frame.ts';
import { isSampleNoun, judgeRowSample, judgeSample, judgeSize, judgeSpread } from './judge-companion.ts';
import { judgeComparison } from './judge-comparison.ts';
import { countFacts, EVERYTHING, judgeCount, judgePart, judgeShare } from './judge-count.ts';
import { dateRole, judgeDate, judgeRecency, judgeSpanLength, recentShare } from './judge-date.ts';
import { judgeDominance } from './judge-dominance.ts';
import { judgeName } from './judge-name.ts';
import { judgeChange, judgeInterval, judgeRange } from './judge-range.ts';
import { isDifference, judgeDifference, judgeRatio } from './judge-ratio.ts';
import { boundsOf, COPIED_DIGITS, judgeValue } from './judge-value.ts';
import { contradicted, type Judgement, supported, unsupported } from './judgement.ts';
import { type Mentions, mentionsIn } from './mentions.ts';
import { type Stretch, stretchesOf } from './page.ts';
import { plainText } from './plain-text.ts';
import { sentenceKey } from './sentence-key.ts';
import { canonicalSetting } from './setting-words.ts';
import { factFor, type Truth } from './truth.ts';
import { type Unit, unitOf } from './units.ts';
import { unknownModelIn, unknownUnitBehind } from './unknown-names.ts';

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
function named(judgement: Judgement, { claim, truth }: Place): Judgement {
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
  const unit = cellUnit(place);
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

type Checked = Judgement & { claim: Claim };

/** The claims of a stretch with their verdicts, their offsets into the stretch. */
function checkStretch(stretch: Stretch, truth: Truth, known: Known): Checked[] {
  const claims = claimsIn(stretch.text, { has: (word) => truth.names.has(word), settings: truth.settingPattern }).filter(
    (claim) => claim.kind !== 'name' || !truth.labelFiles.has(claim.name.toLowerCase()),
  );
  const checked: Checked[] = [];
  const places: Place[] = [];
  const sentences = sentencesOf(stretch.text);
  for (const claim of claims) {
    const sentence = sentenceAt(stretch.text, claim.start, sentences);
    const text = stretch.text.slice(sentence.start, sentence.end);
    const own: Setting = { text, mentions: known.mentionsOf(text), start: claim.start - sentence.start, end: claim.end - sentence.start };
    const previous = CONTINUES.test(text) ? lastSentence(stretch.text, sentence.start) : '';
    const framing = (words: string): Setting => ({ text: words, mentions: known.mentionsOf(words), start: -1, end: -1 });
    const around = [previous, stretch.column, stretch.row, stretch.settings, ...[...stretch.parents].reverse(), headingOf(stretch)]
      .filter((words) => words !== '')
      // What other columns hold says what was configured, and nothing of this one.
      .map((words) => (words === stretch.settings ? onlyLabels(framing(words)) : framing(words)));
    const before = checked
      .slice(-MOST_BESIDE)
      .filter((other) => other.claim.end <= claim.start && other.claim.start >= sentence.start)
      .map((other) => ({
        ...other,
        claim: { ...other.claim, start: other.claim.start - sentence.start, end: other.claim.end - sentence.start },
      }));
    const peers = peersOf(claim, claims, sentence);
    const at = { stretch, peers, claim: { ...claim, start: own.start, end: own.end } as Claim, own, around, before, truth };
    checked.push({ claim: withUnit(claim, at), ...named(judge(at), at) });
    places.push(at);
  }
  return checked.map((own, i) => {
    const place = places[i];
    return place === undefined ? own : (samplesBehind(own, place, checked.slice(i + 1, i + 1 + MOST_BESIDE)) ?? own);
  });
}

/** What is judged: a claim, with its place in a sentence, what frames it, and what was judged before it in its sentence. */
export type Place = {
  stretch: Stretch;
  claim: Claim;
  own: Setting;
  around: readonly Setting[];
  peers: readonly Peer[];
  before: readonly Checked[];
  truth: Truth;
};

const PROPOSAL =
  /\b(?:should|aim(?:ing|s)?|target(?:s|ed|ing)?|goals?|propos\w+|would|expect(?:ed|s)?|at least \w+ (?:runs|samples|repeats)|must|need(?:s|ed)? to|if|hypothetical\w*|threshold|acceptable|ideally)\b|\be\.g\.[^)]*$/i;
const BEHIND =
  /^[\s\u00a0)]*(?:[\w-]+\s){0,2}(?:budgets?|slos?|slas?|targets?|limits?|thresholds?|goals?|objectives?|baselines?|last (?:quarter|year|month|week)|previously|before|earlier|a (?:month|year|quarter) ago)\b/i;
const HYPOTHETICAL = /\b(?:if|may|might|could|would|suppose|imagine|hypothetically)\b[^.;]{0,120}$/i;
const NEGATED =
  /\b(?:not(?! only)|never|\w+n't|no longer|far from|false that|untrue that|incorrect|wrongly|cannot|rather than|instead of)\b[^.;,]{0,30}$/i;
const PROPOSALS = /\b(?:recommendations?|next steps|future work|action items?|mitigations?|targets?|goals?|proposed|proposal)\b/i;
const ILLUSTRATION =
  /\b(?:illustrat\w+|hypothetical\w*|placeholders?|example (?:data|table)|sample (?:data|table)|simulated|fictional|dummy)\b/i;
const OWN_RUN = /^\W*(?:aggregate |run |llm call |call )?(?:metrics|workflow summary|statistical summary|run record|llm call metrics)\W*$/i;

/** Whether words only propose something, say that they are made up, or speak of the run that wrote the page: then nothing contradicts. */
const NAMING =
  /\b(?:naming|convention|rename|creat\w+|save|export|new file|template|schema|standard\w*|pattern|format|unique|prefix\w*|identif\w+)\b/i;

function isNoStatement({ stretch, own, claim }: Pick<Place, 'stretch' | 'own' | 'claim'>): string | null {
  if (claim.kind === 'name')
    return NAMING.test(own.text) || ILLUSTRATION.test([...stretch.headings, ...stretch.parents.slice(0, 2), own.text].join(' '))
      ? 'it may be a name that is proposed'
      : null;
  const copied = claim.kind === 'number' && claim.numeral.digits >= 6;
  if (!copied && ILLUSTRATION.test([...stretch.headings, ...stretch.parents.slice(0, 2), stretch.column, stretch.note, own.text].join(' ')))
    return 'it is called an illustration, no result';
  const isValue =
    claim.kind === 'number'
      ? claim.unit !== null && claim.unit.name !== '%'
      : claim.kind === 'range' || claim.kind === 'spread' || claim.kind === 'sample';
  if (isValue && OWN_RUN.test(stretch.headings.at(-1) ?? '')) return 'it is of the run that wrote the page, which is no artifact';
  if (
    BEHIND.test(own.text.slice(own.end)) ||
    PROPOSAL.test(own.text.slice(0, own.start)) ||
    (isValue && (PROPOSALS.test(stretch.headings.at(-1) ?? '') || PROPOSALS.test(stretch.parents.join(' '))))
  )
    return 'it proposes something and states nothing of the artifacts';
  return null;
}

/** A sentence that is word for word one of a fact's claim says what the fact says. */
function saidByFact({ own, truth }: Place): Judgement | null {
  const id = truth.sentences.get(sentenceKey(own.text.replace(/\[F\d+\]\(?(?:#f\d+)?\)?/g, ' ')));
  const fact = id === undefined ? undefined : truth.facts.get(id);
  return fact ? supported(fact.claim, [fact.id]) : null;
}

/** Whether the words before a value deny it or only suppose it: then neither verdict says anything. */
function isTurned({ claim, own }: Place): string | null {
  if (claim.kind !== 'number' && claim.kind !== 'range') return null;
  const before = own.text.slice(0, own.start);
  if (claim.hedge === null && NEGATED.test(before)) return 'its sentence denies it';
  return HYPOTHETICAL.test(before) ? 'its sentence only supposes it' : null;
}

function judge(place: Place): Judgement {
  const said = saidByFact(place);
  if (said) return said;
  const judgement = judgeByKind(place);
  const turned = judgement.verdict === 'unsupported' ? null : isTurned(place);
  if (turned !== null) return unsupported(turned);
  if (judgement.verdict !== 'contradicted') return judgement;
  const reason = isNoStatement(place);
  return reason === null ? judgement : unsupported(reason);
}

function judgeByKind(place: Place): Judgement {
  const { claim, stretch, own, around, truth } = place;
  const cell = stretch.kind === 'cell' ? { column: stretch.column, row: stretch.row } : null;
  switch (claim.kind) {
    case 'date':
      return judgeDate(claim.dates, dateFrame(place), truth);
    case 'comparison':
      return judgeComparison(claim, own, frame(place, null).metrics, truth);
    case 'dominance':
      return judgeDominance(claim, own, truth);
    case 'recency':
      return judgeRecency(claim.days, own.text.slice(0, claim.start), truth);
    case 'name':
      return judgeName(claim.name, own.text, truth);
    case 'sample':
      return judgeSample(place);
    case 'spread':
      return judgeSpread(place);
    case 'part': {
      const subject = countSubject(claim, own, around, cell, truth);
      return subject === null ? judgeSample(place) : { ...judgePart(claim.part, claim.whole, subject, truth), subject };
    }
    case 'range':
      if (/\b(?:interval|CI)\W*$/.test(own.text.slice(0, claim.start)))
        return judgeInterval(
          claim,
          place.before.flatMap((other) => other.entries),
        );
      if (CHANGE.test(own.text.slice(0, own.start)))
        return judgeChange({ ...claim, unit: claim.unit ?? cellUnit(place) }, frame(place, claim.unit ?? cellUnit(place)), truth);
      return judgeRange({ ...claim, unit: claim.unit ?? cellUnit(place) }, frame(place, claim.unit ?? cellUnit(place)), truth);
    case 'number':
      return judgeNumber(place, cell);
  }
}

function judgeNumber(place: Place, cell: { column: string; row: string } | null): Judgement {
  const { claim, own, around, truth, before } = place;
  if (claim.kind !== 'number') return unsupported('it is no number');
  if (cell !== null && claim.unit === null && isSettingColumn(cell.column, truth)) return unsupported('it says what was configured');
  if (cell !== null && claim.unit === null && SAMPLES.test(cell.column) && Number.isInteger(claim.numeral.value))
    return judgeRowSample(place);
  if (!Number.isFinite(claim.numeral.value)) return unsupported('it is too large to be read');
  // Tokens are what is counted: files write no unit beside them.
  const unit = claim.unit?.dimension === 'tokens' ? null : (claim.unit ?? cellUnit(place));
  const stated = { ...claim, unit };
  const missing = missingFile(place);
  if (missing !== null && (unit === null || unit.dimension !== 'ratio')) return contradicted(`no artifact is called ${missing}`, []);
  if (unit?.dimension === 'bytes') {
    const size = judgeSize({ ...place, claim: stated });
    if (size) return size;
  }
  if (unit?.name === '%') {
    const share = judgeNamedShare(place);
    if (share) return share;
  }
  const whole = Number.isInteger(claim.numeral.value) && claim.numeral.value >= 0;
  if ((unit === null && whole) || unit?.name === '%') {
    const subject = subjectBefore(place) ?? countSubject(claim, own, around, cell, truth);
    if (subject !== null) {
      const judgement =
        unit === null ? judgeCount(claim.numeral, claim.hedge, subject, truth) : judgeShare(claim.numeral, claim.hedge, subject, truth);
      return { ...judgement, subject };
    }
  }
  if (unit?.dimension === 'span') return judgeSpanLength(claim.numeral, unit, claim.hedge, before.at(-1)?.claim ?? null, own, claim.start);
  if (unit !== null && (unit.dimension === 'ratio' || unit.dimension === 'times')) {
    const ratio = judgeRatio({ ...claim, unit, start: own.start, end: own.end }, own, frame(place, null).metrics, truth);
    if (ratio) return ratio;
  }
  if (
    unit !== null &&
    unit.dimension !== 'ratio' &&
    unit.dimension !== 'points' &&
    unit.dimension !== 'times' &&
    isDifference(own.text.slice(0, own.start), own.text.slice(own.end))
  ) {
    return judgeDifference({ ...claim, unit, start: own.start, end: own.end }, own, frame(place, unit).metrics, truth);
  }
  const sample = unit === null && whole ? judgeSample(place) : null;
  if (sample && (sample.verdict !== 'unsupported' || isSampleNoun(claim.noun))) return sample;
  const judgement = judgeValue(stated, frame({ ...place, claim: stated }, unit), truth);
  if (judgement.verdict === 'contradicted' && unknownModelIn(own.text, truth) !== null && claim.numeral.digits < COPIED_DIGITS)
    return unsupported('its sentence names a model that no artifact does');
  return judgement.verdict === 'supported' ? failClosed(judgement, place, unit) : judgement;
}

/** What names something that nobody here knows is supported by nothing. */
function failClosed(judgement: Judgement, { claim, own, truth }: Place, unit: Unit | null): Judgement {
  const model = unknownModelIn(own.text, truth);
  if (model !== null) return unsupported(`its sentence names ${model}, which no artifact does`);
  if (unit !== null || claim.kind !== 'number') return judgement;
  const behind = own.text.slice(claim.end, claim.end + 40);
  const isNamed = () =>
    [...own.mentions.metrics, ...own.mentions.labels, ...own.mentions.statistics].some(
      (mention) => mention.start >= claim.end && mention.start - claim.end <= 3,
    );
  const word = /^[\s\u00a0]*\p{L}/u.test(behind) ? unknownUnitBehind(claim.noun, isNamed) : null;
  return word === null ? judgement : unsupported(`"${word}" behind it is no unit that is known`);
}

const CHANGE =
  /\b(?:cuts?|drop(?:s|ped)?|went|goes|improv\w+|reduc\w+|slow(?:s|ed)|increas\w+|decreas\w+|rose|rises|fell|falls|grew|grows|climb\w+|shr[aiu]nks?|brings?|brought|lower(?:s|ed)|rais(?:es|ed)|jump\w*|declin\w+|speeds?|sped)\b[^.;]{0,80}\bfrom\s*$/i;

const SAMPLES = /^\W*(?:n|runs?|samples?|repeats?|repetitions?|iterations?|# ?runs)\W*$/i;

function isSettingColumn(column: string, truth: Truth): boolean {
  return truth.settingValues.has(canonicalSetting(column.replace(/[`*"]/g, '').trim()));
}

/** `over 80 % were modified within the last month`, `some 30 % of the data relates to compilation`: shares by time or by name. */
function judgeNamedShare({ claim, own, truth }: Place): Judgement | null {
  if (claim.kind !== 'number') return null;
  const recency = claimsIn(own.text).find((other) => other.kind === 'recency');
  const { low } = boundsOf(claim);
  if (recency?.kind === 'recency' && /\bfiles?\b|modif|updated/i.test(own.text)) {
    const share = recentShare(recency.days, truth);
    if (share === null) return null;
    const words = `${share.toFixed(1)} % of the artifacts were modified in the ${recency.days} days up to the latest modification`;
    // The page is younger than that, so no more can be.
    return share < low ? contradicted(words, countFacts(EVERYTHING, truth), [], `${share.toFixed(1)} %`) : unsupported(words);
  }
  const about = shareAbout(own.text.slice(0, own.start), own.text.slice(own.end), truth);
  return about === null ? null : judgeShare(claim.numeral, claim.hedge, { ...EVERYTHING, pattern: about }, truth);
}

const IN_BRACKETS =
  /^[\s*"'`]*(?:files?|artifacts?|of the (?:total|files|dataset)|documents?)?[\s*"'`]*(?:[(–—=/-]|,?\s(?:representing|comprising|constituting|making up|accounting for|which (?:is|are)))\s*(?:approximately|about|around|roughly|nearly|almost|over|some|~|≈|or|i\.e\.,?)?\s*$/i;

/** `87 (86.5 %)`, `98 % (about 98 files)`: what stands in brackets behind a count or a share is of the same artifacts. */
function subjectBefore({ before, own }: Place): CountSubject | null {
  const last = before.at(-1);
  return last?.subject !== undefined && isBetween(IN_BRACKETS, own.text, last.claim.end, own.start) ? last.subject : null;
}

/** The unit that a cell's column names, `Latency (ms)`, or that a cell beside it is. */
function cellUnit({ stretch }: Place): Unit | null {
  if (stretch.kind !== 'cell') return null;
  for (const words of [stretch.column, stretch.row.split(' | ')[0] ?? '']) {
    // `Value(s)` is a plural, `Latency (s)` a unit.
    const [, inBrackets] = /(?:\s\(|\((?!s\)))([^()]+)\)\s*$/.exec(words.trim()) ?? [];
    const unit = inBrackets === undefined ? null : unitOf(inBrackets.trim());
    if (unit) return unit;
  }
  for (const words of stretch.row.split(' | ').slice(1)) {
    const unit = words.trim() === '' ? null : unitOf(words.trim());
    if (unit) return unit;
  }
  return null;
}

/** The file that a row is of, where no artifact is called so. */
function missingFile({ stretch, around }: Place): string | null {
  if (stretch.kind !== 'cell') return null;
  const label = stretch.row.split(' | ')[0] ?? '';
  const file = around.flatMap(({ mentions }) => mentions.files).find((mention) => mention.paths.size === 0 && label.includes(mention.text));
  return file && !/[*{}]|YYYY/.test(file.text) ? file.text : null;
}

export function frame({ claim, own, around, truth, peers }: Place, unit: Parameters<typeof frameOf>[1]): Frame {
  return frameOf(claim, unit, [own, ...around], truth, peers);
}

function dateFrame({ claim, own, around, stretch }: Place) {
  const settings = [own, ...around];
  const kinds = new Set(settings.find((setting) => setting.mentions.kinds.length > 0)?.mentions.kinds.map(({ kind }) => kind) ?? []);
  const files = settings.find((setting) => setting.mentions.files.length > 0)?.mentions.files ?? [];
  const paths = files.length === 0 ? null : new Set(files.flatMap((file) => [...file.paths]));
  const around_ = [stretch.column, ...stretch.parents, stretch.headings.at(-1) ?? ''].join(' ');
  return {
    role: dateRole(own.text.slice(0, claim.start), own.text, around_),
    kinds,
    paths,
    several: /\bdates\b/i.test(own.text) && datesIn(own.text).length > 1,
  };
}
