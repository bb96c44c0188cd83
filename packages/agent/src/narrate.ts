import type { AgentProfile, Analysis, Evidence, Observations, Run } from '@chimera/shared/domain';
import { checkAnswer, templateSections } from './checked-answer.ts';
import type { AgentDefinition } from './definition.ts';
import { type ModelNarratorOptions, NarrationFailed, narrateByModel } from './model-narrator.ts';
import { nameFacts } from './prompt.ts';
import { createView } from './view.ts';

export type NarrateInput = { definition: AgentDefinition; run: Run; profile: AgentProfile; evidence: Evidence; observations: Observations };

/** Why the template narrator spoke where no model was asked for. */
const ASKED_FOR_NONE = 'no model was asked for';

/** The analysis that the template narrator makes: always possible. `reason` says why no model spoke. */
export function narrateByTemplate(
  input: NarrateInput,
  reason: string | null,
  startedAt: number,
  finishedAt: number,
  calls: Analysis['calls'] = [],
): Analysis {
  const view = createView(input.evidence, input.observations);
  return {
    ...frame(input, startedAt, finishedAt, calls),
    narrator: { kind: 'template', model: null, digest: null, server: null, serverVersion: null, reason },
    sections: templateSections(input.definition, input.definition.template(view)),
    account: { written: 0, kept: 0, withheld: [] },
  };
}

/**
 * One agent's analysis of a run: by the profile's model where it speaks and keeps to its facts, else by the template.
 * Never fails because of the model; throws only what keeping a transcript throws, or an abort.
 */
export async function narrate(input: NarrateInput, options: ModelNarratorOptions): Promise<Analysis> {
  const startedAt = options.now();
  const { model } = input.profile;
  if (model === null) return narrateByTemplate(input, ASKED_FOR_NONE, startedAt, options.now());
  const view = createView(input.evidence, input.observations);
  const facts = nameFacts(input.definition.chooseFacts(view));
  try {
    const narration = await narrateByModel(input.definition, { ...input.profile, model }, facts, options);
    const { sections, account } = checkAnswer(input.definition, narration.answer, facts, input.definition.template(view));
    return {
      ...frame(input, startedAt, options.now(), [narration.call]),
      narrator: {
        kind: 'model',
        model,
        digest: narration.digest,
        server: narration.call.server,
        serverVersion: narration.serverVersion,
        reason: narration.replay ? 'the answer came from the replay server, not from a model' : null,
      },
      sections,
      account,
    };
  } catch (error) {
    if (!(error instanceof NarrationFailed) || options.signal.aborted) throw error;
    return narrateByTemplate(input, error.message, startedAt, options.now(), error.call ? [error.call] : []);
  }
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
    startedAt: new Date(startedAt).toISOString(),
    finishedAt: new Date(finishedAt).toISOString(),
  };
}
