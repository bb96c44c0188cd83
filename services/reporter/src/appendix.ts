import { type Block, type Fact, type Inline, type RunRecord, type Source, shortId } from '@chimera/shared/domain';
import { code, heading, paragraph, record, recordNumber, text } from './inline.ts';
import { sourceWords } from './tooltip.ts';

/** Workflow Summary and the metrics per agent, from the run record. */
export function workflow(run: RunRecord): Block[] {
  const { seconds } = run;
  const blocks: Block[] = [
    heading(2, 'Workflow Summary'),
    {
      type: 'table',
      head: ['Files', 'Ingest', 'Analysis', 'Report', 'Total'],
      rows: [
        [
          [record(String(run.files), 'files')],
          ...(['ingest', 'analysis', 'report', 'total'] as const).map((stage) => [recordNumber(seconds[stage], 's', `seconds.${stage}`)]),
        ],
      ],
    },
  ];
  const rows: Inline[][][] = Object.entries(run.agents).map(([agent, r]) => {
    const at = (field: string) => `agents.${agent}.${field}`;
    return [
      [record(r.title, at('title'))],
      [record(r.narrator.kind, at('narrator.kind'))],
      [recordNumber(r.outputTokensPerSecond, 'tok/s', at('outputTokensPerSecond'))],
      [recordNumber(r.timeToFirstTokenSeconds, 's', at('timeToFirstTokenSeconds'))],
      [recordNumber(r.totalSeconds, 's', at('totalSeconds'))],
      [recordNumber(r.outputTokens, '', at('outputTokens'))],
      [recordNumber(r.promptEvalSeconds, 's', at('promptEvalSeconds'))],
      [recordNumber(r.evalSeconds, 's', at('evalSeconds'))],
      [recordNumber(r.loadSeconds, 's', at('loadSeconds'))],
    ];
  });
  blocks.push(heading(2, 'Metrics'), {
    type: 'table',
    head: ['Agent', 'Narrator', 'Throughput', 'TTFT', 'Total duration', 'Tokens generated', 'Prompt eval', 'Eval', 'Load'],
    rows,
  });
  if (Object.values(run.agents).every((r) => r.calls.length === 0))
    blocks.push(paragraph(text('No model was called, so there is nothing to measure: the template narrator generates no tokens.')));
  return [...blocks, ...storedAnswers(run)];
}

/** How many answers were taken from earlier calls: their times are in no sum. */
function storedAnswers(run: RunRecord): Block[] {
  const some = Object.entries(run.agents).filter(([, { storedCalls }]) => storedCalls > 0);
  if (some.length === 0) return [];
  const line = some.flatMap(([agent, { title, storedCalls, calls }], i): Inline[] => [
    text(i === 0 ? 'Taken from earlier equal calls, and counted in no sum: ' : '; '),
    recordNumber(storedCalls, '', `agents.${agent}.storedCalls`),
    text(' of '),
    recordNumber(calls.length, '', `agents.${agent}.calls.length`),
    text(' answers of '),
    record(title, `agents.${agent}.title`),
  ]);
  return [paragraph(...line, text('.'))];
}

/** Every fact that the page prints, with formula and source. */
export function evidenceList(printed: ReadonlyMap<string, Fact>): Block[] {
  const blocks: Block[] = [
    heading(2, 'Evidence'),
    paragraph(
      text('Every value printed above, with the way back. All facts, printed or not, are in '),
      code('evidence.json'),
      text('; all numbers read are in '),
      code('measurements.parquet'),
      text('.'),
    ),
  ];
  for (const [name, fact] of printed) {
    blocks.push({
      type: 'evidence',
      name,
      claim: fact.claim,
      lines: [
        `${fact.class}: ${fact.formula}`,
        ...fact.sources.slice(0, 3).map(sourceLine),
        ...(fact.sources.length > 3 ? ['further sources in evidence.json'] : []),
      ],
    });
  }
  return blocks;
}

function sourceLine(source: Source): string {
  return 'path' in source ? `${sourceWords(source)} (sha256 ${shortId(source.sha256)})` : sourceWords(source);
}

/** The prompts that made each agent what it is, word for word. */
export function personas(run: RunRecord): Block[] {
  return [
    heading(2, 'Persona Prompts'),
    ...Object.values(run.agents).flatMap((r): Block[] => [heading(3, r.title), { type: 'quote', text: r.persona }]),
  ];
}
