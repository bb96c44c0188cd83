import { z } from 'zod';
import type { AgentDefinition } from './definition.ts';

const LONGEST_SENTENCE = 600;

/** What a model must answer: for each section its sentences, each with the ids of the facts it rests on. */
export type ModelAnswer = Record<string, { text: string; facts: string[]; mitigation?: string | undefined }[]>;

/** The schema of an agent's answer; the duties' numbers of sentences are part of it. */
export function answerSchema(definition: AgentDefinition): z.ZodType<ModelAnswer> {
  const sentences = definition.sections.map((duty) => {
    const common = {
      text: z.string().min(1).max(LONGEST_SENTENCE).describe('one sentence; write values only as references such as {{F1}}'),
      facts: z.array(z.string()).max(12).describe('the ids of the facts the sentence refers to'),
    };
    const one = duty.layout === 'risks' ? z.object({ ...common, mitigation: z.string().min(1).max(LONGEST_SENTENCE) }) : z.object(common);
    return [duty.id, z.array(one).min(duty.least).max(duty.most).describe(duty.duty)] as const;
  });
  return z.object(Object.fromEntries(sentences)) as unknown as z.ZodType<ModelAnswer>;
}
