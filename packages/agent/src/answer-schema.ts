import { z } from 'zod';
import type { SectionDuty } from './definition.ts';

/** Facts that one sentence may rest on at most. */
const MOST_NAMED = 8;

/**
 * The JSON schema of the answer to a section's call: `{"sentences": [{text, facts, kind}]}`, with a mitigation beside each risk;
 * as many sentences as the duty asks for, of its kinds, resting on facts that are shown. It holds no greatest length of a text:
 * servers make a grammar of the schema, and refuse one with so many repetitions.
 * @param names of the facts that are shown: F1, …
 */
export function sectionSchema(duty: SectionDuty, names: readonly string[]): object {
  return schemaOf(duty, names, duty.least, duty.most);
}

/** The same for the sentences that are to be written again: exactly so many. */
export function repairSchema(duty: SectionDuty, names: readonly string[], count: number): object {
  return schemaOf(duty, names, count, count);
}

function schemaOf(duty: SectionDuty, names: readonly string[], least: number, most: number): object {
  const mitigation = duty.layout === 'risks' ? { mitigation: z.string().min(1).describe('one sentence: what to do about the risk') } : {};
  const sentence = z.strictObject({
    text: z.string().min(1).describe('one sentence; values stand in it as references such as {{F1}}'),
    ...mitigation,
    facts: z.array(z.enum(names)).max(MOST_NAMED).describe('ids of the facts that the sentence rests on'),
    kind: z.enum(duty.kinds),
  });
  return z.toJSONSchema(z.strictObject({ sentences: z.array(sentence).min(least).max(most) }));
}
