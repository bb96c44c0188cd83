import { z } from 'zod';
import type { SectionDuty } from './definition.ts';

/**
 * The JSON schema of the answer to a section's call: `{"sentences": ["…"]}`, and of risks `{"sentences": [{text, mitigation}]}`; as
 * many as the duty asks for. A sentence names its facts by its references and nothing beside them: every token more is time. It
 * holds no greatest length of a text: servers make a grammar of the schema, and refuse one with so many repetitions.
 */
export function sectionSchema(duty: SectionDuty): object {
  return schemaOf(duty, duty.least, duty.most);
}

/** The same for the sentences that are to be written again: exactly so many. */
export function repairSchema(duty: SectionDuty, count: number): object {
  return schemaOf(duty, count, count);
}

function schemaOf(duty: SectionDuty, least: number, most: number): object {
  const text = z.string().min(1).describe('one sentence; values stand in it as references such as {{F1}}');
  const mitigation = z.string().min(1).describe('one sentence: what to do about the risk');
  const sentence = duty.layout === 'risks' ? z.strictObject({ text, mitigation }) : text;
  return z.toJSONSchema(z.strictObject({ sentences: z.array(sentence).min(least).max(most) }));
}
