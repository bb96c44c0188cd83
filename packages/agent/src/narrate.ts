import type { AgentProfile, Analysis, Evidence, Fact, Observations, Run, Section } from '@chimera/shared/domain';
import { type Account, assembleSection, NOTHING, together } from './assemble-section.ts';
import { type AgentDefinition, type SectionDuty, type Template, templateSection } from './definition.ts';
import { ASSUMED_CONTEXT, fitSection } from './fit.ts';
import { rankedFacts } from './grounds.ts';
import { type Heard, heardIn } from './heard.ts';
import { type ModelSession, openSession, type SessionOptions } from './model-session.ts';
import { NoModel } from './question.ts';
import { warningsOf } from './settings-found.ts';
import { createView, type View } from './view.ts';
import { type Begun, beginSection, finishSection, type Written } from './write-section.ts';

export type NarrateInput = {
  definition: AgentDefinition;
  run: Run;
  profile: AgentProfile;
  evidence: Evidence;
  observations: Observations /** of the two, where it is there already */;
  view?: View;
  /** what the collector has said, as it was checked: handed over to the agent as data */
  heard?: readonly Section[];
};

/** Why the template narrator spoke where no model was asked for. */
const ASKED_FOR_NONE = 'no model was asked for';

/** Sections in a row of which a model wrote nothing that could be read, after which it is not asked for more. */
const MOST_FAILURES = 2;

/** The analysis that the template narrator makes: always possible. `reason` says why no model spoke. */
export function narrateByTemplate(input: NarrateInput, reason: string | null, startedAt: number, finishedAt: number): Analysis {
  const view = input.view ?? createView(input.evidence, input.observations);
  return analysisByTemplate(input, view, reason, { startedAt, finishedAt });
}

/**
 * One agent's analysis of a run: section by section by the profile's model where it speaks and keeps to its facts, else by the
 * template. Never fails because of the model; throws only what keeping a transcript throws, or an abort.
 */
export async function narrate(input: NarrateInput, options: SessionOptions): Promise<Analysis> {
  const startedAt = options.now();
  const { model } = input.profile;
  const view = input.view ?? createView(input.evidence, input.observations);
  const byTemplate = (reason: string, sections?: Section[]) =>
    analysisByTemplate(input, view, reason, { startedAt, finishedAt: options.now() }, sections);
  if (model === null) return byTemplate(ASKED_FOR_NONE);
  // The template is made beside the first call: nothing waits for it that the model has a word for.
  const template = once(() => input.definition.template(view));
  const heard = heardIn(input.heard ?? [], view.byId);
  const plan = input.definition.sections.map((duty) => ({ duty, heard, ranked: () => rankedFacts(input.definition, view, duty) }));
  // Where nothing fits the context that was asked for, no server need be asked.
  const unfit = unfitSections(input, plan, template);
  if (unfit !== null) return byTemplate(unfit[0]?.reason ?? ASKED_FOR_NONE, unfit);
  let session: ModelSession;
  try {
    session = await openSession({ ...input.profile, model }, options);
  } catch (error) {
    if (!(error instanceof NoModel) || options.signal.aborted) throw error;
    await options.onNoServer?.(error.message);
    return byTemplate(error.message);
  }
  const { sections, account } = await writtenSections(input, plan, template, session, view).finally(() => session.close());
  const found = session.found();
  return {
    ...frame(input, startedAt, options.now(), session.calls),
    found,
    warnings: warningsOf(input.profile, found, input.run.profile),
    narrator: narratorOf(session, sections, account),
    sections,
    account,
  };
}

type Plan = readonly { duty: SectionDuty; heard: readonly Heard[]; ranked: () => readonly Fact[] }[];

function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** All sections by the template, where the context that was asked for holds the prompt of none; else null. */
function unfitSections({ definition, profile }: NarrateInput, plan: Plan, template: () => Template): Section[] | null {
  const asked = profile.options.num_ctx;
  if (asked === undefined) return null;
  const room = { context: { ...ASSUMED_CONTEXT, tokens: asked, by: 'asked' as const }, options: profile.options, scale: 1 };
  const sections: Section[] = [];
  for (const { duty, ranked, heard } of plan) {
    const fitted = fitSection(definition, duty, ranked(), room, heard);
    if (!('reason' in fitted)) return null;
    sections.push(templateSection(duty, template(), fitted.reason, fitted.leftOut));
  }
  return sections;
}

/**
 * The sections in their order. One of which the model wrote nothing is the template's; once it is gone, all that are left. Where the
 * server is worth several calls at once, the first words of the next sections are asked for beside one another.
 */
async function writtenSections(input: NarrateInput, plan: Plan, template: () => Template, session: ModelSession, view: View) {
  const sections: Section[] = [];
  let account: Account = NOTHING;
  let failures = 0;
  let givenUp: string | null = null;
  const begun: Promise<Begun>[] = [];
  const task = (duty: SectionDuty) => ({ definition: input.definition, duty, session });
  const begin = (count: number) => {
    for (const { duty, ranked, heard } of plan.slice(begun.length, count)) {
      const words = beginSection(task(duty), ranked(), heard);
      words.catch(() => undefined); // what comes of it is asked for below, unless another one ends the analysis
      begun.push(words);
    }
  };
  try {
    for (const [index, { duty }] of plan.entries()) {
      if (givenUp === null) begin(index + session.width);
      const words = await begun[index];
      // The slot goes on with the next section while this one is judged; what is to be mended comes behind that.
      if (givenUp === null && !isGone(words)) begin(index + 1 + session.width);
      const written: Written =
        words !== undefined
          ? await finishSection(task(duty), words, proseOf(sections))
          : { fates: [], reason: givenUp, gone: true, leftOut: [] };
      const done = assembleSection(duty, written, template(), view.byId);
      sections.push(done.section);
      account = together(account, done.account);
      // A section that was not asked for, because its prompt does not fit, says nothing of the model.
      if (words !== undefined && !('unfit' in words)) failures = written.reason === null ? 0 : failures + 1;
      if (written.gone || failures >= MOST_FAILURES) givenUp ??= written.reason ?? lastFailure(session);
    }
  } finally {
    await Promise.allSettled(begun);
  }
  return { sections, account };
}

/** Whether a section's first words could not be had because the model is gone. */
function isGone(words: Begun | undefined): boolean {
  return words !== undefined && 'first' in words && 'reason' in words.first && words.first.gone;
}

/** What the model has said so far, with references to fact ids. */
function proseOf(sections: readonly Section[]): string[] {
  return sections.flatMap(({ sentences }) =>
    sentences.flatMap(({ text, mitigation }) => [text, ...(mitigation === null ? [] : [mitigation])]),
  );
}

/** Why a model is not asked for more that was gone when it should have mended a section. */
function lastFailure({ model, server, calls }: ModelSession): string {
  return `${model} at ${server} failed before this section was asked for (${calls.at(-1)?.outcome ?? 'no call'})`;
}

function narratorOf(session: ModelSession, sections: readonly Section[], account: Account): Analysis['narrator'] {
  if (account.kept + account.repaired === 0) {
    const reason = account.written > 0 ? `every sentence that ${session.model} wrote was withheld` : (sections[0]?.reason ?? null);
    return { kind: 'template', model: null, digest: null, server: null, serverVersion: null, reason };
  }
  return {
    kind: 'model',
    model: session.model,
    digest: session.digest,
    server: session.server,
    serverVersion: session.serverVersion,
    reason: session.replay ? 'the answer came from the replay server, not from a model' : null,
  };
}

function analysisByTemplate(
  input: NarrateInput,
  view: View,
  reason: string | null,
  { startedAt, finishedAt }: { startedAt: number; finishedAt: number },
  sections?: Section[],
): Analysis {
  const template = input.definition.template(view);
  const why = input.profile.model === null ? null : reason;
  return {
    ...frame(input, startedAt, finishedAt, []),
    narrator: { kind: 'template', model: null, digest: null, server: null, serverVersion: null, reason },
    sections: sections ?? input.definition.sections.map((duty) => templateSection(duty, template, why)),
    account: NOTHING,
  };
}

function frame(input: NarrateInput, startedAt: number, finishedAt: number, calls: Analysis['calls']) {
  const { definition, run, profile } = input;
  return {
    schema: 'chimera.analysis/v1' as const,
    run: run.id,
    inventory: run.inventory,
    agent: definition.name,
    title: definition.title,
    persona: definition.persona,
    profile,
    calls,
    found: [],
    warnings: [],
    startedAt: new Date(startedAt).toISOString(),
    finishedAt: new Date(finishedAt).toISOString(),
  };
}
