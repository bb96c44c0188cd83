import { type AgentName, agentsOf, type Block, type Inline, type ModelFound, OPTION_NAMES, type RunRecord } from '@chimera/shared/domain';
import { code, heading, paragraph, record, recordNumber, text } from './inline.ts';

/**
 * The models as they were asked for and as the servers had them, with a warning where a setting had no effect. Nothing where no
 * model was asked for.
 */
export function modelConfiguration(run: RunRecord): Block[] {
  const agents = agentsOf(run.profile);
  if (agents.every((agent) => !run.profile.agents[agent]?.model)) return [];
  return [heading(2, 'Model Configuration'), asked(run, agents), ...found(run), ...warnings(run)];
}

/** The agents that a row is of: all of them where they are alike. */
function whose(run: RunRecord, agents: readonly AgentName[], of: readonly AgentName[]): Inline[] {
  const some = [...new Set(of)];
  if (some.length === agents.length && some.length > 1) return [text('both agents')];
  return some.map((agent) => record(run.agents[agent]?.title ?? agent, `agents.${agent}.title`));
}

function asked(run: RunRecord, agents: readonly AgentName[]): Block {
  const { profile } = run;
  const settings = (agent: AgentName) =>
    JSON.stringify([profile.agents[agent]?.model, OPTION_NAMES.map((name) => profile.agents[agent]?.options[name])]);
  const rows = grouped(agents, settings).map((of): Inline[][] => {
    const [agent = 'collector'] = of;
    const { model = null, options = {} } = profile.agents[agent] ?? {};
    const cells = OPTION_NAMES.map((name) => {
      const value = options[name];
      if (value !== undefined) return [record(String(value), `profile.agents.${agent}.options.${name}`)];
      return [text(name === 'num_predict' ? 'default (bounded)' : 'default')];
    });
    return [whose(run, agents, of), [model === null ? text('none (template narrator)') : code(model)], ...cells];
  });
  return { type: 'table', head: ['Asked for by', 'Model', ...OPTION_NAMES], rows };
}

type Place = { agent: AgentName; at: string; found: ModelFound };

function found(run: RunRecord): Block[] {
  const agents = agentsOf(run.profile);
  const places = agents.flatMap((agent): Place[] =>
    (run.agents[agent]?.found ?? []).map((one, i) => ({ agent, at: `agents.${agent}.found.${i}`, found: one })),
  );
  if (places.length === 0) return [paragraph(text('No server told of a model, so it is not known what would have been in force.'))];
  const rows = grouped(places, ({ found: one }) => JSON.stringify(one)).map((of): Inline[][] => {
    const [{ at, found: one } = places[0] as Place] = of;
    const agentsHere = of.map(({ agent }) => agent);
    return [whose(run, agents, agentsHere), server(one), context(one, at), layers(one, at), ...identity(one, at), slots(one, at)];
  });
  const head = ['Found for', 'Server', 'Context in force', 'Layers on the GPU', 'Quantization', 'Parameters', 'Digest', 'Ollama', 'Slots'];
  const partly = places.some(({ found: { size, sizeVram } }) => sizeVram !== null && size !== null && sizeVram > 0 && sizeVram < size);
  const note = paragraph(text('How many layers lie on the GPU is told by the share of the model in GPU memory.'));
  return [{ type: 'table', head, rows }, ...(partly ? [note] : [])];
}

function server({ server: url, replay }: ModelFound): Inline[] {
  return [code(url), ...(replay ? [text(' (replay server, not a model)')] : [])];
}

function context({ context: inForce, trainedContext }: ModelFound, at: string): Inline[] {
  const trained = trainedContext === null ? [] : [text(', trained with '), recordNumber(trainedContext, '', `${at}.trainedContext`)];
  return [recordNumber(inForce, '', `${at}.context`), ...trained];
}

/** Layers; where a server does not tell how many there are, bytes. */
function layers({ layers: all, layersOnGpu, size, sizeVram }: ModelFound, at: string): Inline[] {
  if (layersOnGpu !== null && all !== null)
    return [recordNumber(layersOnGpu, '', `${at}.layersOnGpu`), text(' of '), recordNumber(all, '', `${at}.layers`)];
  if (size === null || sizeVram === null) return [text('–')];
  return [recordNumber(sizeVram, 'bytes', `${at}.sizeVram`), text(' of '), recordNumber(size, 'bytes', `${at}.size`)];
}

const DIGEST_LENGTH = 12;

function identity({ quantization, parameterSize, digest, serverVersion }: ModelFound, at: string): Inline[][] {
  const word = (value: string | null, field: string) => [value === null ? text('–') : record(value, `${at}.${field}`)];
  const short = digest === null ? null : digest.replace(/^sha256:/, '').slice(0, DIGEST_LENGTH);
  return [
    word(quantization, 'quantization'),
    word(parameterSize, 'parameterSize'),
    word(short, 'digest'),
    word(serverVersion, 'serverVersion'),
  ];
}

function slots({ slots: { count, by, rates } }: ModelFound, at: string): Inline[] {
  const measured = rates.flatMap(({ atOnce, tokensPerSecond }, i) => [
    text(i === 0 ? ': ' : ', '),
    recordNumber(tokensPerSecond, 'tok/s', `${at}.slots.rates.${i}.tokensPerSecond`),
    text(' at '),
    recordNumber(atOnce, '', `${at}.slots.rates.${i}.atOnce`),
  ]);
  return [recordNumber(count, '', `${at}.slots.count`), text(` (${by}`), ...measured, text(')')];
}

/** Each warning once, with the agent that it is of where it is not of all. */
function warnings(run: RunRecord): Block[] {
  const agents = agentsOf(run.profile);
  const all = agents.flatMap((agent) =>
    (run.agents[agent]?.warnings ?? []).map((words, i) => ({ agent, words, at: `agents.${agent}.warnings.${i}` })),
  );
  if (all.length === 0) return [];
  const items = grouped(all, ({ words }) => words).map((of): Inline[] => {
    const [{ words, at } = { words: '', at: '' }] = of;
    const owners = of.map(({ agent }) => agent);
    const who = new Set(owners).size === agents.length ? [] : [...whose(run, agents, owners), text(': ')];
    return [...who, record(words, at)];
  });
  return [paragraph(text('Of these settings:')), { type: 'list', ordered: false, items }];
}

/** What has the same key, together, in the order in which each first came. */
function grouped<T>(all: readonly T[], key: (one: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const one of all) groups.set(key(one), [...(groups.get(key(one)) ?? []), one]);
  return [...groups.values()];
}
