import { type CheckedClaim, checkPage, judgeSentence, type Truth } from '@chimera/grounding';
import type { Analysis, Artifact, FactIndex, Section, Sentence } from '@chimera/shared/domain';
import { type Narrative, narrativeOf, proseAlone } from './narrative.ts';
import { type OwnWords, ownWords } from './own-words.ts';
import { withSoundNames } from './sound-names.ts';
import { statedResults } from './stated-results.ts';

/** What analyses are checked against. `truth` takes time to build, and is asked for only where a model spoke. */
export type Ground = { facts: FactIndex; artifacts: readonly Pick<Artifact, 'path'>[]; truth: () => Truth };

type Stopped = Analysis['account']['withheld'][number];

/**
 * The analysis as it may be printed. An analysis comes over a network, so nothing is taken on its word: a sentence of a model is
 * judged again as its agent should have judged it, and by the checker for any prose; one that fails gives way to the template's next.
 * Then the sections are checked as the page that they will be; one with a contradicted claim in a model's words is printed in the
 * template's. What was stopped is withheld, and counted. The template's words are never checked against the facts: nothing goes round.
 */
export function lastGate(analysis: Analysis, ground: Ground): Analysis {
  const { sections, stopped } = gatedSections(analysis.sections, ground);
  const gated = { ...analysis, sections, narrator: narratorOf(analysis, sections), account: accountOf(analysis, sections, stopped) };
  return withSoundNames(withSoundReasons(gated, ground.facts));
}

/** The sections as they may be printed, and what was stopped in them. */
export function gatedSections(sections: readonly Section[], ground: Ground): { sections: Section[]; stopped: readonly Stopped[] } {
  const own = ownWords(ground.facts, ground.artifacts);
  const stopped: Stopped[] = [];
  const first = sections.map((section) => gatedSection(section, ground, own, stopped));
  return { sections: gatedPage(first, ground, stopped), stopped };
}

/** Reasons, notes, warnings and the agent's title are printed too: no result is told in them. */
function withSoundReasons(analysis: Analysis, facts: FactIndex): Analysis {
  const { agent, title, narrator, sections, calls, warnings } = analysis;
  const given = [narrator.reason, ...sections.map(({ reason }) => reason), ...calls.map(({ note }) => note), ...warnings];
  const { ofReason } = given.some((reason) => reason !== null) ? statedResults(facts) : { ofReason: () => [] };
  const sound = (reason: string | null) => (reason === null || ofReason(reason).length === 0 ? reason : NOT_TOLD);
  return {
    ...analysis,
    title: /^\p{L}+(?:-\d{1,5})?$/u.test(title) ? title : agent,
    narrator: { ...narrator, reason: sound(narrator.reason) },
    sections: sections.map((section) => ({ ...section, reason: sound(section.reason) })),
    calls: calls.map((call) => ({ ...call, note: sound(call.note) })),
    warnings: warnings.map((words) => sound(words) ?? words),
  };
}

const NOT_TOLD = 'The reason that was given states results, and is left out.';

function gatedSection(section: Section, ground: Ground, own: OwnWords, stopped: Stopped[]): Section {
  const sound = section.sentences.map((sentence) => {
    const faults = sentence.by === 'model' ? faultsOf(sentence, ground) : ownFaults(sentence, own);
    if (faults.length > 0) stopped.push(stoppedOf(section, sentence, faults.join('; ')));
    return faults.length === 0;
  });
  const template = section.template.filter((sentence) => sentence.by === 'template' && ownFaults(sentence, own).length === 0);
  const title = own(section.title).length === 0 ? section.title : 'Section';
  const kept = { ...section, title, template };
  if (sound.every(Boolean)) return kept;
  const standing = section.sentences.filter((_, i) => sound[i]);
  if (!standing.some(({ by }) => by === 'model') && template.length > 0) return inTemplatesWords(kept);
  const spare = template.filter(({ text }) => !standing.some((other) => other.text === text));
  return { ...kept, sentences: section.sentences.flatMap((sentence, i) => (sound[i] ? [sentence] : spare.splice(0, 1))) };
}

/** Sections in whose page a model's words are contradicted, in the template's words. */
function gatedPage(sections: readonly Section[], ground: Ground, stopped: Stopped[]): Section[] {
  if (!sections.some(hasModel)) return [...sections];
  const narrative = narrativeOf(sections, ground.facts);
  const contradicted = new Map<number, string>();
  for (const { start, end, fault } of contradictions(narrative, ground.truth())) {
    const place = narrative.sentences.find((sentence) => sentence.by === 'model' && start < sentence.end && end > sentence.start);
    if (place) contradicted.set(place.section, fault);
  }
  return sections.map((section, i) => {
    const fault = contradicted.get(i);
    if (fault === undefined) return section;
    for (const sentence of section.sentences)
      if (sentence.by === 'model') stopped.push(stoppedOf(section, sentence, `the page of its section ${fault}`));
    return inTemplatesWords(section);
  });
}

function inTemplatesWords(section: Section): Section {
  return { ...section, sentences: section.template, template: [], reason: ALL_STOPPED };
}

const ALL_STOPPED = 'What the model wrote here did not pass the last gate.';

/** What is wrong with a model's sentence: its form, what it says around its references, and what the facts contradict. */
function faultsOf({ text, mitigation }: Sentence, ground: Ground): string[] {
  const faults = [text, ...(mitigation === null ? [] : [mitigation])].flatMap((prose) => {
    const judgement = judgeSentence(prose, ground.facts.byId, []);
    // Where the form is not sound, what is printed of it says nothing.
    if (!judgement.passes) return judgement.faults;
    const alone = proseAlone(prose, ground.facts);
    return checkPage(alone.markdown, ground.truth()).flatMap((claim) => (isOfReference(claim, alone) ? [] : faultOf(claim)));
  });
  return [...new Set(faults)];
}

function ownFaults({ text, mitigation }: Sentence, own: OwnWords): string[] {
  return [...own(text), ...(mitigation === null ? [] : own(mitigation))];
}

/** A model never writes a number: what it states outside of its references is a fault though it be true. */
function faultOf(claim: CheckedClaim): string[] {
  if (claim.verdict === 'contradicted') return [contradictionOf(claim)];
  return NUMERIC.has(claim.claim.kind) ? [`says "${claim.text.slice(0, LONGEST)}", which is no reference to a fact`] : [];
}

const NUMERIC: ReadonlySet<CheckedClaim['claim']['kind']> = new Set(['number', 'range', 'spread', 'part', 'sample', 'date']);

/** The claims that the facts contradict, save printed values: whether these fit their words is judged by what they refer to. */
function contradictions(narrative: Narrative, truth: Truth): { start: number; end: number; fault: string }[] {
  return checkPage(narrative.markdown, truth).flatMap((claim) =>
    claim.verdict !== 'contradicted' || isOfReference(claim, narrative)
      ? []
      : [{ start: claim.start, end: claim.end, fault: contradictionOf(claim) }],
  );
}

function isOfReference({ start, end }: CheckedClaim, { references }: Narrative): boolean {
  return references.some((reference) => start < reference.end && end > reference.start);
}

function contradictionOf({ text, why }: CheckedClaim): string {
  return `says "${text.slice(0, LONGEST)}", which is contradicted: ${why.slice(0, LONGEST)}`;
}

const LONGEST = 160;

function stoppedOf({ id }: Section, { text, mitigation }: Sentence, fault: string): Stopped {
  return { section: id, text: mitigation === null ? text : `${text} / ${mitigation}`, reason: `stopped by the last gate: ${fault}` };
}

function hasModel({ sentences }: Section): boolean {
  return sentences.some(({ by }) => by === 'model');
}

/** Counted anew: what stands is what is printed, whatever the analysis says of itself. */
function accountOf({ account }: Analysis, sections: readonly Section[], stopped: readonly Stopped[]): Analysis['account'] {
  const standing = sections.flatMap(({ sentences }) => sentences).filter(({ by }) => by === 'model').length;
  const repaired = Math.min(account.repaired, standing);
  const withheld = [...account.withheld, ...stopped];
  return { written: standing + withheld.length, kept: standing - repaired, repaired, withheld };
}

function narratorOf({ narrator }: Analysis, sections: readonly Section[]): Analysis['narrator'] {
  if (narrator.kind === 'template' || sections.some(hasModel)) return narrator;
  const reason = `every sentence that ${narrator.model ?? 'the model'} wrote was withheld`;
  return { kind: 'template', model: null, digest: null, server: null, serverVersion: null, reason };
}
