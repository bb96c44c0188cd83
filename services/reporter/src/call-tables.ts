import { agentsOf, type Block, type Call, type Inline, type NodeUse, numberText, type RunRecord } from '@chimera/shared/domain';
import { code, heading, paragraph, record, recordNumber, text } from './inline.ts';

/** Every call of a model in the run, and what the GPUs did meanwhile; nothing where no model was called. */
export function callTables(run: RunRecord): Block[] {
  const called = agentsOf(run.profile).flatMap((agent) => {
    const one = run.agents[agent];
    return one === undefined || one.calls.length === 0 ? [] : [{ agent, one, at: `agents.${agent}` }];
  });
  if (called.length === 0) return [];
  const blocks: Block[] = [heading(2, 'Model Calls'), paragraph(text(LEGEND))];
  for (const { one, at } of called)
    blocks.push(heading(3, `Calls of ${one.title}`), {
      type: 'table',
      head: HEAD,
      rows: one.calls.map((call, i) => callRow(call, `${at}.calls.${i}`)),
    });
  return [...blocks, ...gpus(run.nodes)];
}

const LEGEND =
  'Slot wait: before a call was sent. Queue: on the server, before its turn. Gap p95: that percentile of the times between two pieces of an answer. What the server did not say is left out.';

const HEAD = [
  ...['Section', 'Server', 'Slot wait', 'Queue', 'Load', 'Prompt tokens', 'Prompt time', 'TTFT'],
  ...['Output tokens', 'Output time', 'Gap p95', 'Done', 'Notes'],
];

function callRow(call: Call, at: string): Inline[][] {
  const seconds = (value: number | null, field: string) => [recordNumber(value, 's', `${at}.${field}`)];
  const count = (value: number | null, field: string) => [recordNumber(value, '', `${at}.${field}`)];
  return [
    [code(call.section)],
    [code(call.server)],
    seconds(call.slotWaitSeconds, 'slotWaitSeconds'),
    seconds(call.queueSeconds, 'queueSeconds'),
    seconds(call.loadSeconds, 'loadSeconds'),
    count(call.promptTokens, 'promptTokens'),
    seconds(call.promptEvalSeconds, 'promptEvalSeconds'),
    seconds(call.timeToFirstTokenSeconds, 'timeToFirstTokenSeconds'),
    count(call.outputTokens, 'outputTokens'),
    seconds(call.evalSeconds, 'evalSeconds'),
    seconds(call.gaps?.p95 ?? null, 'gaps.p95'),
    [record(call.outcome, `${at}.outcome`)],
    [text(notesOn(call))],
  ];
}

function notesOn({ repair, stored, truncated, replay }: Call): string {
  const notes = [
    repair ? 'asked again' : '',
    stored ? 'taken from an earlier equal call, whose times these are' : '',
    truncated === true ? 'prompt cut by the server' : '',
    replay ? 'replay server' : '',
  ].filter((note) => note !== '');
  return notes.length === 0 ? '–' : notes.join('; ');
}

/** What the GPUs of each node did; nothing where none was sampled. */
function gpus(nodes: readonly NodeUse[]): Block[] {
  if (nodes.length === 0) return [];
  const head = ['Node', 'GPUs', 'Calls', 'Samples', 'Time', 'Utilization', 'Most memory', 'Power', 'Energy', 'Tokens per joule', 'Source'];
  const common = paragraph(
    text('Calls were at work at the same time: their common time counts once, with the mean of what was sampled during them.'),
  );
  return [
    heading(3, 'GPUs during the calls'),
    { type: 'table', head, rows: nodes.map((node, i) => nodeRow(node, `nodes.${i}`)) },
    ...(nodes.some(({ overlapping }) => overlapping) ? [common] : []),
  ];
}

function nodeRow(use: NodeUse, at: string): Inline[][] {
  const number = (value: number | null, unit: string, field: keyof NodeUse) => [recordNumber(value, unit, `${at}.${field}`)];
  const { utilization } = use;
  return [
    [code(use.node)],
    number(use.gpus, '', 'gpus'),
    number(use.calls, '', 'calls'),
    number(use.samples, '', 'samples'),
    number(use.seconds, 's', 'seconds'),
    [utilization === null ? text('–') : record(`${numberText(100 * utilization)} %`, `${at}.utilization`)],
    number(use.memoryBytes, 'bytes', 'memoryBytes'),
    number(use.powerWatts, 'W', 'powerWatts'),
    number(use.energyJoules, 'J', 'energyJoules'),
    number(use.tokensPerJoule, 'tok/J', 'tokensPerJoule'),
    [text(use.source)],
  ];
}
