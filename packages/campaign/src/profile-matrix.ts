import { AGENT_NAMES, type AgentName, type Arrangement, OPTION_NAMES } from '@chimera/shared/domain';
import type { Faults, Path } from './faults.ts';
import { type AgentEntry, MATRIX_SHAPE } from './file-shape.ts';

/** A profile as a file gives it, wherever it stands there; an agent that names no model has that of the file. */
export type GivenProfile = {
  path: Path;
  name: string;
  agents: Partial<Record<AgentName, AgentEntry>>;
  arrangements: Arrangement[] | undefined;
  duties: 'own' | undefined;
};

/** More runs than this are a slip: at a minute each, they take a week. */
export const MOST_RUNS = 10_000;

/** One setting of a product: whose it is, and the values that it takes; undefined leaves it to the server. */
type Axis = { of: AgentName | 'both'; key: Setting; values: readonly (string | number | undefined)[] };

const SETTINGS = ['model', ...OPTION_NAMES] as const;
type Setting = (typeof SETTINGS)[number];

/**
 * The profiles of a matrix: the product of its settings, the last one changing fastest; both agents' settings come first, then the
 * collector's, then insight's, each in the order in which options are printed. A profile is called after its values:
 * `num_gpu=60 collector.num_ctx=256`.
 */
export function profilesOfMatrix(given: unknown, path: Path, faults: Faults): GivenProfile[] {
  const before = faults.count;
  const matrix = faults.fields(MATRIX_SHAPE, given, path);
  const agents = AGENT_NAMES.filter((name) => (matrix.agents ?? AGENT_NAMES).includes(name));
  for (const name of AGENT_NAMES)
    if (matrix[name] !== undefined && !agents.includes(name))
      faults.add([...path, name], `gives settings of ${name}, which is none of the agents of this matrix`);
  const axes = axesOf(matrix);
  for (const { of, key } of axes)
    if (of !== 'both' && axes.some((other) => other.of === 'both' && other.key === key))
      faults.add([...path, of, key], `is given under both as well: leave one of them out`);
  const size = axes.reduce((product, { values }) => product * values.length, 1);
  // A setting that cannot be read has been a fault already.
  if (axes.length === 0 && faults.count === before) faults.add(path, 'holds no setting: its product is empty');
  else if (size > MOST_RUNS) faults.add(path, `makes ${size} profiles, and a campaign has ${MOST_RUNS} runs at most: give fewer values`);
  if (axes.length === 0 || size > MOST_RUNS) return [];
  return combinations(axes).map((chosen) => ({
    path,
    name: chosen.map(({ axis, value }) => `${axis.of === 'both' ? '' : `${axis.of}.`}${axis.key}=${value ?? 'default'}`).join(' '),
    agents: Object.fromEntries(agents.map((agent) => [agent, settingsOf(agent, chosen)])),
    arrangements: matrix.arrangements,
    duties: matrix.duties,
  }));
}

function axesOf(matrix: { [Of in Axis['of']]?: Partial<Record<string, Axis['values']>> | undefined }): Axis[] {
  return (['both', ...AGENT_NAMES] as const).flatMap((of) =>
    SETTINGS.flatMap((key) => {
      const values = matrix[of]?.[key];
      return values === undefined ? [] : [{ of, key, values }];
    }),
  );
}

type Chosen = { axis: Axis; value: Axis['values'][number] };

function combinations(axes: readonly Axis[]): Chosen[][] {
  return axes.reduce<Chosen[][]>((all, axis) => all.flatMap((before) => axis.values.map((value) => [...before, { axis, value }])), [[]]);
}

function settingsOf(agent: AgentName, chosen: readonly Chosen[]): AgentEntry {
  const own = chosen.filter(({ axis, value }) => value !== undefined && (axis.of === 'both' || axis.of === agent));
  return Object.fromEntries(own.map(({ axis, value }) => [axis.key, value]));
}
