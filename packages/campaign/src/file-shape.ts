import { AgentName, Arrangement, ModelOptions, OPTION_NAMES, Start } from '@chimera/shared/domain';
import { z } from 'zod';
import { strict } from './faults.ts';

/** One line of text: names and titles are printed in many places. */
const Line = z
  .string()
  .min(1, 'is empty')
  .max(200, 'has more than 200 characters')
  .refine(
    (text) => !/[\p{C}\p{Zl}\p{Zp}]/u.test(text) && text.trim() === text,
    'must be one line of printable characters, without spaces around it',
  );

const NO_MODEL = 'names no model: a campaign times models, and without one there is nothing to time';

const Model = z
  .string({ error: ({ input }) => (input === null ? NO_MODEL : undefined) })
  .min(1, 'is empty')
  .refine((name) => name !== 'none', NO_MODEL);

/** One value, or a list of different ones. */
function listOf<T extends z.ZodType<string | number | undefined>>(value: T) {
  return z.preprocess(
    (given) => (Array.isArray(given) ? given : [given]),
    z
      .array(value)
      .min(1, 'is an empty list')
      .refine((values) => new Set(values).size === values.length, 'names something twice'),
  );
}

/** The fields of the file itself; profiles and matrix are read one by one. */
export const FILE_SHAPE = {
  name: Line,
  title: Line.optional(),
  dataset: z.string().min(1, 'is empty'),
  servers: listOf(z.string().min(1, 'is empty')).optional(),
  model: Model.optional(),
  seed: z.int().nonnegative().default(1),
  repeats: z.int().positive().default(8),
  most_repeats: z.int().positive().optional(),
  attempts: z.int().positive().max(10).default(2),
  start: listOf(Start).default(['warm']),
  arrangements: listOf(Arrangement).optional(),
  alone: AgentName.default('insight'),
  profiles: z.array(z.unknown()).default([]),
  matrix: z.unknown().optional(),
};

/** An agent of a profile: its options stand beside its model. `collector:` with nothing behind it is an agent with no option. */
const Agent = z.preprocess((given) => given ?? {}, strict({ model: Model.optional(), ...ModelOptions.shape }));
export type AgentEntry = z.infer<typeof Agent>;

export const PROFILE_SHAPE = {
  name: Line,
  agents: strict({ collector: Agent.optional(), insight: Agent.optional() }).refine(
    (agents) => Object.keys(agents).length > 0,
    'names no agent: give at least one of collector, insight',
  ),
  arrangements: listOf(Arrangement).optional(),
  duties: z.literal('own').optional(),
};

/** A value of an option; `default` leaves it to the server, and is kept as undefined. */
const optionValue = <T extends z.ZodType>(option: T) => z.preprocess((given) => (given === 'default' ? undefined : given), option);

const optionAxes = Object.fromEntries(OPTION_NAMES.map((name) => [name, listOf(optionValue(ModelOptions.shape[name])).optional()]));

/** The values that each setting takes in turn. */
const Axes = strict({ model: listOf(Model).optional(), ...optionAxes });
export type Axes = z.infer<typeof Axes>;

export const MATRIX_SHAPE = {
  agents: listOf(AgentName).optional(),
  both: Axes.optional(),
  collector: Axes.optional(),
  insight: Axes.optional(),
  arrangements: listOf(Arrangement).optional(),
  duties: z.literal('own').optional(),
};
