/** Labels of the work in the order in which they say most. */
const TELLING = [
  'model',
  'test',
  'score',
  'command',
  'scenario',
  'dataset',
  'prompt_length',
  'output_length',
  'depth',
  'name',
  'place',
  'section',
  'tool',
];
const MOST_TOLD = 3;

/** The few labels that say which work a study is about; all of them stand in its facts. A test's name holds its lengths. */
export function workLabels(labels: Readonly<Record<string, string>>): [string, string][] {
  const told = TELLING.filter((name) => labels[name] !== undefined && !(labels.test !== undefined && /_length$|^depth$/.test(name)));
  const named = told.slice(0, MOST_TOLD).filter((name) => name !== 'tool' || told.length === 1);
  return named.map((name) => [name, labels[name] ?? '']);
}

/** How much is asked of a server at once: more of it always costs latency, so that alone chooses nothing. */
export const LOAD_LABELS: ReadonlySet<string> = new Set(['concurrency', 'request_rate', 'num_prompts', 'ramp_up_strategy', 'strategy']);
