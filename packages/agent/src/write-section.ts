import type { Fact, Sentence } from '@chimera/shared/domain';
import { repairSchema, sectionSchema } from './answer-schema.ts';
import type { AgentDefinition, SectionDuty } from './definition.ts';
import { type Fitted, fitRepair, fitSection, type Unfit } from './fit.ts';
import type { Heard } from './heard.ts';
import { type Judged, judgeItems } from './judge-items.ts';
import type { ModelSession } from './model-session.ts';
import { type Answer, AskFailed } from './question.ts';
import { type Item, readAnswer } from './read-answer.ts';

/** What became of one sentence of a model; `text` of one withheld is its own words, with those of its mitigation. */
export type Fate = { outcome: 'kept' | 'repaired'; sentence: Sentence } | { outcome: 'withheld'; text: string; reason: string };

/**
 * What a model wrote of a section, in its order. `reason` is a sentence that says why it wrote nothing that could be read; `gone`
 * says that it, or its server, need not be asked for anything else.
 */
export type Written = { fates: Fate[]; reason: string | null; gone: boolean; leftOut: string[] };

export type Task = { definition: AgentDefinition; duty: SectionDuty; session: Pick<ModelSession, 'ask' | 'room' | 'model'> };

/**
 * Has a model write one section: its answer is read and judged; where sentences have faults, it is asked once to write them again.
 * What still has some is withheld. An answer that cannot be read at all is asked for once more instead.
 * @param ranked the facts chosen for the section, the most important first
 * @param before the agent's prose so far, with references to fact ids
 */
export async function writeSection(task: Task, ranked: readonly Fact[], before: readonly string[]): Promise<Written> {
  return finishSection(task, await beginSection(task, ranked), before);
}

/** A section whose first words are there, or the reason why there are none. */
export type Begun = { fitted: Fitted; first: Words } | { unfit: Unfit };

/**
 * Asks for the first words of a section; what stands before it need not be known yet.
 * @param heard what the collector has said, where it is handed over; what is to be mended is asked for beside it, too
 */
export async function beginSection(task: Task, ranked: readonly Fact[], heard: readonly Heard[] = []): Promise<Begun> {
  const fitted = fitSection(task.definition, task.duty, ranked, task.session.room, heard);
  return 'reason' in fitted ? { unfit: fitted } : { fitted, first: await firstWords(task, fitted) };
}

/** Judges the first words of a section by what stands before it, and has them mended. */
export async function finishSection(task: Task, begun: Begun, before: readonly string[]): Promise<Written> {
  if ('unfit' in begun) return { fates: [], reason: begun.unfit.reason, gone: false, leftOut: begun.unfit.leftOut };
  const { fitted, first } = begun;
  if ('reason' in first) return { fates: [], ...first, leftOut: fitted.leftOut };
  const { most } = task.duty;
  const judged = judgeItems(first.items.slice(0, most), task.duty, fitted.facts, before);
  const surplus = first.items.slice(most).map((item) => withheld(item, ['is more than the section may have']));
  if (first.again) {
    const fates = judged.map((one) => (one.faults.length > 0 ? withheld(one.item, one.faults) : standing(one, 'repaired')));
    return { fates: [...fates, ...surplus], reason: null, gone: false, leftOut: fitted.leftOut };
  }
  const { fates, gone } = await mended(task, fitted, judged, before);
  return { fates: [...fates, ...surplus], reason: null, gone, leftOut: fitted.leftOut };
}

type Words = { items: Item[]; again: boolean } | { reason: string; gone: boolean };

/** The first answer that can be read, of two. */
async function firstWords(task: Task, fitted: Fitted): Promise<Words> {
  const first = await wordsOf(task, fitted, false);
  if ('items' in first) return { items: first.items, again: false };
  if (!first.askAgain) return first;
  const second = await wordsOf(task, fitted, true);
  return 'items' in second ? { items: second.items, again: true } : { reason: first.reason, gone: second.gone };
}

async function wordsOf(
  { duty, session }: Task,
  { duty: asked, prompt, estimate, numPredict }: Fitted,
  repair: boolean,
): Promise<{ items: Item[] } | { reason: string; gone: boolean; askAgain: boolean }> {
  const schema = sectionSchema(asked);
  try {
    const answer = await session.ask({ section: duty.id, repair, prompt, schema, estimate, numPredict, usable: usableFor(duty) });
    const { items, fault } = readAnswer(answer.text, duty);
    if (fault === null) return { items };
    answer.call.outcome = 'unusable_answer';
    const reason = `${session.model} at ${answer.call.server} ${fault} (done reason: ${answer.doneReason ?? 'none given'}). ${nextStep(answer)}`;
    return { reason, gone: false, askAgain: true };
  } catch (error) {
    if (!(error instanceof AskFailed)) throw error;
    return { reason: error.message, gone: error.gone, askAgain: error.code === 'empty_answer' };
  }
}

/** What to do about a model whose answers cannot be read. */
function nextStep({ doneReason }: Answer): string {
  return doneReason === 'length'
    ? 'It wrote without an end, or more than it may: choose another model, or raise repeat_penalty in the profile.'
    : 'It does not keep to the form that it is asked for: choose another model.';
}

/** What a section's first prompt showed. */
type Shown = Pick<Fitted, 'facts' | 'heard'>;

/** The fates of a section's sentences, after the one repair call that they may need. */
async function mended(task: Task, shown: Shown, judged: readonly Judged[], before: readonly string[]) {
  const faulty = judged.filter(({ faults }) => faults.length > 0);
  const good = judged.filter(({ faults }) => faults.length === 0);
  if (faulty.length === 0) return { fates: good.map((one) => standing(one)), gone: false };
  const said = good.flatMap(({ sentence }) => [sentence.text, ...(sentence.mitigation === null ? [] : [sentence.mitigation])]);
  const again = await askedAgain(task, shown, faulty, [...before, ...said]);
  const fates = judged.map((one): Fate => {
    if (one.faults.length === 0) return standing(one);
    const second = again.judged[faulty.indexOf(one)];
    if (second === undefined) return withheld(one.item, [...one.faults, ...again.fault]);
    return second.faults.length === 0 ? standing(second, 'repaired') : withheld(second.item, second.faults);
  });
  return { fates, gone: again.gone };
}

type Again = { judged: Judged[]; fault: string[]; gone: boolean };

async function askedAgain(task: Task, { facts, heard }: Shown, faulty: readonly Judged[], said: readonly string[]): Promise<Again> {
  const { definition, duty, session } = task;
  const fitted = fitRepair(definition, duty, facts, faulty, session.room, heard);
  if (fitted === null) return { judged: [], fault: ['could not be asked for again: the context does not hold the question'], gone: false };
  const { prompt, estimate, numPredict } = fitted;
  const schema = repairSchema(duty, faulty.length);
  try {
    const answer = await session.ask({ section: duty.id, repair: true, prompt, schema, estimate, numPredict, usable: usableFor(duty) });
    const { items, fault } = readAnswer(answer.text, duty);
    if (fault !== null) answer.call.outcome = 'unusable_answer';
    const judged = judgeItems(items.slice(0, faulty.length), duty, fitted.facts, said);
    return { judged, fault: ['was not written again'], gone: false };
  } catch (error) {
    if (!(error instanceof AskFailed)) throw error;
    return { judged: [], fault: [`could not be asked for again: ${error.message}`], gone: error.gone };
  }
}

/** Whether an answer can be read: one that cannot is not worth keeping. */
function usableFor(duty: SectionDuty): (text: string) => boolean {
  return (text) => readAnswer(text, duty).fault === null;
}

function standing({ sentence }: Judged, outcome: 'kept' | 'repaired' = 'kept'): Fate {
  return { outcome, sentence };
}

function withheld({ text, mitigation }: Item, faults: readonly string[]): Fate {
  return { outcome: 'withheld', text: mitigation === null ? text : `${text} / ${mitigation}`, reason: faults.join('; ') };
}
