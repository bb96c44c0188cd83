import { truthOf } from '@chimera/grounding';
import { type AgentName, Analysis, Evidence, indexFacts, Observations, type Report } from '@chimera/shared/domain';
import { type Dependencies, VERSION } from '@chimera/shared/service';
import { analysesOf, getJson, type Join } from '@chimera/shared/store';
import { z } from 'zod';
import { agentPage } from './agent-page.ts';
import { type Ground, lastGate } from './last-gate.ts';
import { renderMarkdown } from './markdown.ts';
import type { Analyses } from './narrators.ts';
import { assembleReport } from './report.ts';
import type { ReportFiles } from './report-folder.ts';
import { runRecord } from './run-record.ts';
import { pages } from './stated-report.ts';

/** What printing needs of a service. */
export type PrintingParts = Pick<Dependencies, 'blobs' | 'clock'>;

/** Assembles a run's report from its blobs, as it is while its inventory is the current one. */
export async function assemble(deps: PrintingParts, join: Join, revision: number, missing: readonly AgentName[]): Promise<Report> {
  const assembledFrom = deps.clock.now();
  const { inventory, run } = join;
  const { evidence, observations } = await bodyOf(deps, join);
  const found = await analysesIn(deps, join, analysesOf(join));
  const analyses = gated(found.analyses, groundOf(evidence, observations));
  const record = runRecord({
    run,
    inventory,
    observations,
    analyses,
    missing: [
      ...missing.map((agent) => ({
        agent,
        reason: join.parts[agent]?.state === 'begun' ? 'its analysis did not end in time' : 'no worker took its work in time',
      })),
      ...found.refused,
    ],
    version: VERSION,
    assembledFrom,
    now: deps.clock.now(),
  });
  return assembleReport({ run, inventory, evidence, observations, analyses, record, revision, status: 'current', supersededBy: null });
}

/** All files of a report's folder, the analyses being those that the printed revision was made from. */
export async function wholeFolder(deps: PrintingParts, join: Join, report: Report): Promise<ReportFiles> {
  const { inventory } = join;
  const { evidence, observations } = await bodyOf(deps, join);
  // The same analyses pass the same gate as when they were printed.
  const found = await analysesIn(deps, join, join.printed.analyses);
  const analyses = gated(found.analyses, groundOf(evidence, observations));
  const files = new Map<string, string | Uint8Array>(await pages(report));
  const facts = [...evidence.facts, ...observations.facts];
  for (const [agent, analysis] of Object.entries(analyses))
    files.set(`agents/${agent}.md`, renderMarkdown(agentPage(analysis, facts, report.record).page));
  files.set('evidence.json', await deps.blobs.get(inventory.evidence));
  files.set('observations.json', await deps.blobs.get(inventory.observations));
  files.set('measurements.parquet', await deps.blobs.get(inventory.measurements));
  for (const [name, bytes] of await transcripts(deps, analyses)) files.set(name, bytes);
  return files;
}

async function bodyOf(deps: PrintingParts, { inventory }: Join): Promise<{ evidence: Evidence; observations: Observations }> {
  const [evidence, observations] = await Promise.all([
    getJson(deps.blobs, inventory.evidence, Evidence),
    getJson(deps.blobs, inventory.observations, Observations),
  ]);
  return { evidence, observations };
}

/** Assembling a report and writing its folder read the same evidence one after the other. */
const grounds = new WeakMap<Evidence, { observations: Observations; ground: Ground }>();

/** What the analyses of an inventory are checked against; the index of all that it supports is built when it is first asked for. */
function groundOf(evidence: Evidence, observations: Observations): Ground {
  const known = grounds.get(evidence);
  if (known?.observations === observations) return known.ground;
  const ground = newGround(evidence, observations);
  grounds.set(evidence, { observations, ground });
  return ground;
}

function newGround(evidence: Evidence, observations: Observations): Ground {
  let truth: ReturnType<typeof truthOf> | null = null;
  return {
    facts: indexFacts([...evidence.facts, ...observations.facts]),
    artifacts: evidence.artifacts,
    truth: () => {
      truth ??= truthOf(evidence, observations);
      return truth;
    },
  };
}

/** The analyses as they may be printed. */
function gated(analyses: Analyses, ground: Ground): Analyses {
  const passed: Analyses = {};
  for (const [agent, analysis] of Object.entries(analyses)) passed[agent as AgentName] = lastGate(analysis, ground);
  return passed;
}

type Found = { analyses: Analyses; refused: { agent: AgentName; reason: string }[] };

/** The analyses of a run. One that is none, or another's, is refused with the reason: the report comes without it. */
async function analysesIn({ blobs }: PrintingParts, { run }: Join, wanted: Join['printed']['analyses']): Promise<Found> {
  const found: Found = { analyses: {}, refused: [] };
  for (const [name, blob] of Object.entries(wanted)) {
    if (blob === null) continue;
    const agent = name as AgentName;
    const analysis = await readAnalysis(blobs, blob);
    if (analysis === null) found.refused.push({ agent, reason: 'its analysis is not one that this version of Chimera can read' });
    else if (analysis.run !== run.id || analysis.agent !== agent)
      found.refused.push({ agent, reason: 'what came as its analysis is that of another run or agent' });
    else found.analyses[agent] = analysis;
  }
  return found;
}

/** The analysis in a blob; null where the bytes are something else. A blob that cannot be had is an error, and is tried again. */
async function readAnalysis(blobs: Dependencies['blobs'], blob: string): Promise<Analysis | null> {
  try {
    return await getJson(blobs, blob, Analysis);
  } catch (error) {
    if (error instanceof z.ZodError || error instanceof SyntaxError) return null;
    throw error;
  }
}

async function transcripts(deps: PrintingParts, analyses: Analyses): Promise<[string, Uint8Array][]> {
  const files: [string, Uint8Array][] = [];
  for (const [agent, analysis] of Object.entries(analyses)) {
    for (const [i, { transcript }] of analysis.calls.entries())
      if (transcript !== null) files.push([`transcripts/${agent}-${i + 1}.json`, await deps.blobs.get(transcript)]);
  }
  return files;
}
