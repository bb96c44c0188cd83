import { z } from 'zod';

/** The agents there are. */
export const AGENT_NAMES = ['collector', 'insight'] as const;
export const AgentName = z.enum(AGENT_NAMES);
export type AgentName = z.infer<typeof AgentName>;

/** Ollama's options; one that is absent is the server's default and is printed as "default". */
export const ModelOptions = z.strictObject({
  num_gpu: z.int().optional(),
  num_ctx: z.int().positive().optional(),
  temperature: z.number().nonnegative().optional(),
  top_p: z.number().optional(),
  top_k: z.int().optional(),
  repeat_penalty: z.number().optional(),
  seed: z.int().optional(),
  num_predict: z.int().optional(),
});
export type ModelOptions = z.infer<typeof ModelOptions>;

/** The names of all options, in the order in which they are printed. */
export const OPTION_NAMES = ModelOptions.keyof().options;

/** The most tokens an answer may have where the profile does not say: a model that babbles must come to an end. */
export const ANSWER_TOKENS = 2_048;

/** How one agent works: `model` null means the template narrator. */
export const AgentProfile = z.strictObject({
  model: z.string().min(1).nullable(),
  options: ModelOptions,
});
export type AgentProfile = z.infer<typeof AgentProfile>;

/** Which agents take part, and how. */
export const Profile = z.strictObject({
  name: z.string().min(1),
  agents: z
    .strictObject({ collector: AgentProfile.optional(), insight: AgentProfile.optional() })
    .refine((agents) => Object.keys(agents).length > 0, 'names no agent: give at least one of collector, insight'),
  /** `own`: an agent that is named alone keeps to its own duties; without it, it has those of both */
  duties: z.literal('own').optional(),
});
export type Profile = z.infer<typeof Profile>;

/** The names of a profile's agents, in the order of design: collector before insight. */
export function agentsOf(profile: Profile): AgentName[] {
  return AGENT_NAMES.filter((name) => profile.agents[name] !== undefined);
}

/** The configured profile: both agents alike, with one model (null: the template narrator). */
export function defaultProfile(model: string | null, options: ModelOptions): Profile {
  return { name: 'default', agents: { collector: { model, options }, insight: { model, options } } };
}
