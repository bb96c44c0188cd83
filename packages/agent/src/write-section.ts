import type { Fact, Sentence } from '@chimera/shared/domain';
import { repairSchema, sectionSchema } from './answer-schema.ts';
import type { AgentDefinition, SectionDuty } from './definition.ts';
import { type Fitted, fitRepair, fitSection } from './fit.ts';
import { type Judged, judgeItems } from './judge-items.ts';
import { AskFailed, type ModelSession } from './model-session.ts';
import type { NamedFacts } from './prompt.ts';
import { type Item, readAnswer } from './read-answer.ts';

/** What became of one sentence of a model; `text` of one withheld is its own words, with those of its mitigation. */
export type Fate = { outcome: 'kept' | 'repaired'; sentence: Sentence } | { outcome: 'withheld'; text: string; reason: string };

/**
 * What a model wrote of a section, in its order. `reason` is a sentence that says why it wrote nothing that could be read; `gone`
 * says that it, or its server, need not be asked for anything else.
 */
export type Written = { fates: Fate[]; reason: string | null; gone: boolean; leftOut: string[] };

type Task = { definition: AgentDefinition; duty: SectionDuty; session: Pick<ModelSession, 'ask' | 'room' | 'model' | 'server'> };

/**
 * Has a model write one section: its answer is read and judged; where sentences have faults, it is asked once to write them again.
 * What still has some is withheld. An answer that cannot be read at all is asked for once more instead.
 * @param ranked the facts chosen for the section, the most important first
 * @param before the agent's prose so far, with references to fact ids
 */
export async function writeSection(task: Task, ranked: readonly Fact[], before: readonly string[]): Promise<Written> {
  const fitted = fitSection(task.definition, task.duty, ranked, task.session.room);
  if ('reason' in fitted) return { fates: [], reason: fitted.reason, gone: false, leftOut: fitted.leftOut };
  const first = await firstWords(task, fitted);
  if ('reason' in first) return { fates: [], ...first, leftOut: fitted.leftOut };
  const { most } = task.duty;
  const judged = judgeItems(first.items.slice(0, most), task.duty, fitted.facts, before);
  const surplus = first.items.slice(most).map((item) => withheld(item, ['is more than the section may have']));
  if (first.again) {
    const fates = judged.map((one) => (one.faults.length > 0 ? withheld(one.item, one.faults) : standing(one, 'repaired')));
    return { fates: [...fates, ...surplus], reason: null, gone: false, leftOut: fitted.leftOut };
  }
  const { fates, gone } = await mended(task, fitted.facts, judged, before);
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
  { prompt, facts, estimate, numPredict }: Fitted,
  repair: boolean,
): Promise<{ items: Item[] } | { reason: string; gone: boolean; askAgain: boolean }> {
  const schema = sectionSchema(duty, [...facts.keys()]);
  try {
    const answer = await session.ask({ section: duty.id, repair, prompt, schema, estimate, numPredict });
    const { items, fault } = readAnswer(answer.text, duty);
    if (fault === null) return { items };
    answer.call.outcome = 'unusable_answer';
    const reason = `${session.model} at ${session.server} ${fault} (done reason: ${answer.doneReason ?? 'none given'})`;
    return { reason, gone: false, askAgain: true };
  } catch (error) {
    if (!(error instanceof AskFailed)) throw error;
    return { reason: error.message, gone: error.gone, askAgain: error.code === 'empty_answer' };
  }
}

/** The fates of a section's sentences, after the one repair call that they may need. */
async function mended(task: Task, facts: NamedFacts, judged: readonly Judged[], before: readonly string[]) {
  const faulty = judged.filter(({ faults }) => faults.length > 0);
  const good = judged.filter(({ faults }) => faults.length === 0);
  if (faulty.length === 0) return { fates: good.map((one) => standing(one)), gone: false };
  const said = good.flatMap(({ sentence }) => [sentence.text, ...(sentence.mitigation === null ? [] : [sentence.mitigation])]);
  const again = await askedAgain(task, facts, faulty, [...before, ...said]);
  const fates = judged.map((one): Fate => {
    if (one.faults.length === 0) return standing(one);
    const second = again.judged[faulty.indexOf(one)];
    if (second === undefined) return withheld(one.item, [...one.faults, ...again.fault]);
    return second.faults.length === 0 ? standing(second, 'repaired') : withheld(second.item, second.faults);
  });
  return { fates, gone: again.gone };
}

type Again = { judged: Judged[]; fault: string[]; gone: boolean };

async function askedAgain(task: Task, facts: NamedFacts, faulty: readonly Judged[], said: readonly string[]): Promise<Again> {
  const { definition, duty, session } = task;
  const fitted = fitRepair(definition, duty, facts, faulty, session.room);
  if (fitted === null) return { judged: [], fault: ['could not be asked for again: the context does not hold the question'], gone: false };
  const { prompt, estimate, numPredict } = fitted;
  const schema = repairSchema(duty, [...fitted.facts.keys()], faulty.length);
  try {
    const answer = await session.ask({ section: duty.id, repair: true, prompt, schema, estimate, numPredict });
    const { items, fault } = readAnswer(answer.text, duty);
    if (fault !== null) answer.call.outcome = 'unusable_answer';
    const judged = judgeItems(items.slice(0, faulty.length), duty, fitted.facts, said);
    return { judged, fault: ['was not written again'], gone: false };
  } catch (error) {
    if (!(error instanceof AskFailed)) throw error;
    return { judged: [], fault: [`could not be asked for again: ${error.message}`], gone: error.gone };
  }
}

function standing({ sentence }: Judged, outcome: 'kept' | 'repaired' = 'kept'): Fate {
  return { outcome, sentence };
}

function withheld({ text, mitigation }: Item, faults: readonly string[]): Fate {
  return { outcome: 'withheld', text: mitigation === null ? text : `${text} / ${mitigation}`, reason: faults.join('; ') };
}
