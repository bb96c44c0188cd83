import { type AgentName, Analysis, Evidence, Observations, type Report } from '@chimera/shared/domain';
import { type Dependencies, VERSION } from '@chimera/shared/service';
import { analysesOf, getJson, type Join } from '@chimera/shared/store';
import { agentPage } from './agent-page.ts';
import { renderMarkdown } from './markdown.ts';
import type { Analyses } from './narrators.ts';
import { assembleReport } from './report.ts';
import type { ReportFiles } from './report-folder.ts';
import { runRecord } from './run-record.ts';
import { pages } from './stated-report.ts';

/** Assembles a run's report from its blobs, as it is while its inventory is the current one. */
export async function assemble(deps: Dependencies, join: Join, revision: number, missing: readonly AgentName[]): Promise<Report> {
  const assembledFrom = deps.clock.now();
  const { inventory, run } = join;
  const { evidence, observations } = await bodyOf(deps, join);
  const analyses = await analysesIn(deps, analysesOf(join));
  const record = runRecord({
    run,
    inventory,
    observations,
    analyses,
    missing: missing.map((agent) => ({
      agent,
      reason: join.parts[agent]?.state === 'begun' ? 'its analysis did not end in time' : 'no worker took its work in time',
    })),
    version: VERSION,
    assembledFrom,
    now: deps.clock.now(),
  });
  return assembleReport({ run, inventory, evidence, observations, analyses, record, revision, status: 'current', supersededBy: null });
}

/** All files of a report's folder, the analyses being those that the printed revision was made from. */
export async function wholeFolder(deps: Dependencies, join: Join, report: Report): Promise<ReportFiles> {
  const { inventory } = join;
  const { evidence, observations } = await bodyOf(deps, join);
  const analyses = await analysesIn(deps, join.printed.analyses);
  const files = new Map<string, string | Uint8Array>(pages(report));
  const facts = [...evidence.facts, ...observations.facts];
  for (const [agent, analysis] of Object.entries(analyses))
    files.set(`agents/${agent}.md`, renderMarkdown(agentPage(analysis, facts).page));
  files.set('evidence.json', await deps.blobs.get(inventory.evidence));
  files.set('observations.json', await deps.blobs.get(inventory.observations));
  files.set('measurements.parquet', await deps.blobs.get(inventory.measurements));
  for (const [name, bytes] of await transcripts(deps, analyses)) files.set(name, bytes);
  return files;
}

async function bodyOf(deps: Dependencies, { inventory }: Join): Promise<{ evidence: Evidence; observations: Observations }> {
  const [evidence, observations] = await Promise.all([
    getJson(deps.blobs, inventory.evidence, Evidence),
    getJson(deps.blobs, inventory.observations, Observations),
  ]);
  return { evidence, observations };
}

async function analysesIn(deps: Dependencies, blobs: Join['printed']['analyses']): Promise<Analyses> {
  const analyses: Analyses = {};
  for (const [agent, blob] of Object.entries(blobs))
    if (blob !== null) analyses[agent as AgentName] = await getJson(deps.blobs, blob, Analysis);
  return analyses;
}

async function transcripts(deps: Dependencies, analyses: Analyses): Promise<[string, Uint8Array][]> {
  const files: [string, Uint8Array][] = [];
  for (const [agent, analysis] of Object.entries(analyses)) {
    for (const [i, { transcript }] of analysis.calls.entries())
      if (transcript !== null) files.push([`transcripts/${agent}-${i + 1}.json`, await deps.blobs.get(transcript)]);
  }
  return files;
}
