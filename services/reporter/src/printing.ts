import { type AgentName, Analysis, type Block, Evidence, type Inline, Observations, Report, shortId } from '@chimera/shared/domain';
import { type Dependencies, VERSION } from '@chimera/shared/service';
import { analysesOf, getJson, type Join, putJson } from '@chimera/shared/store';
import { agentPage } from './agent-page.ts';
import { renderHtml } from './html.ts';
import { renderMarkdown } from './markdown.ts';
import type { Analyses } from './narrators.ts';
import { assembleReport } from './report.ts';
import { writeReportFiles, writeReportFolder } from './report-folder.ts';
import { runRecord } from './run-record.ts';

export type Printed = { report: Report; blob: string };

/** Assembles a run's report from its blobs, stores it, and writes its folder. */
export async function printRun(
  deps: Dependencies,
  join: Join,
  revision: number,
  missing: readonly AgentName[],
  folder: string,
): Promise<Printed> {
  const assembledFrom = deps.clock.now();
  const { inventory, run } = join;
  const [evidence, observations, evidenceBytes, observationsBytes, parquet] = await Promise.all([
    getJson(deps.blobs, inventory.evidence, Evidence),
    getJson(deps.blobs, inventory.observations, Observations),
    deps.blobs.get(inventory.evidence),
    deps.blobs.get(inventory.observations),
    deps.blobs.get(inventory.measurements),
  ]);
  const analyses: Analyses = {};
  for (const [agent, blob] of Object.entries(analysesOf(join)))
    if (blob !== null) analyses[agent as AgentName] = await getJson(deps.blobs, blob, Analysis);
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
  const report = assembleReport({
    run,
    inventory,
    evidence,
    observations,
    analyses,
    record,
    revision,
    status: 'current',
    supersededBy: null,
  });
  const files = new Map<string, string | Uint8Array>(pages(report));
  const facts = [...evidence.facts, ...observations.facts];
  for (const [agent, analysis] of Object.entries(analyses))
    files.set(`agents/${agent}.md`, renderMarkdown(agentPage(analysis, facts).page));
  files.set('evidence.json', evidenceBytes);
  files.set('observations.json', observationsBytes);
  files.set('measurements.parquet', parquet);
  for (const [name, bytes] of await transcripts(deps, analyses)) files.set(name, bytes);
  await writeReportFolder(folder, files);
  return { report, blob: await putJson(deps.blobs, report) };
}

/** Prints a report again with another status; its facts and its record stay as they were. */
export async function reprint(
  deps: Dependencies,
  blob: string,
  status: Report['status'],
  supersededBy: string | null,
  folder: string,
): Promise<Printed> {
  const before = await getJson(deps.blobs, blob, Report);
  const report: Report = { ...before, status, supersededBy };
  await writeReportFiles(folder, pages(report));
  return { report, blob: await putJson(deps.blobs, report) };
}

/** The three spellings of a report. */
function pages(report: Report): Map<string, string> {
  const page = pageOf(report);
  return new Map([
    ['report.md', renderMarkdown(page)],
    ['report.html', renderHtml(`Chimera report: ${report.title}`, page, report.facts)],
    ['report.json', `${JSON.stringify(report, null, 1)}\n`],
  ]);
}

/** The page with the note that a newer inventory came, where one did. */
function pageOf(report: Report): Block[] {
  if (report.status === 'current') return report.page;
  const by: Inline[] =
    report.supersededBy === null
      ? []
      : [
          { type: 'text', text: '; its current inventory is ' },
          { type: 'code', text: shortId(report.supersededBy) },
        ];
  const note: Block = {
    type: 'paragraph',
    line: [
      { type: 'strong', text: 'Superseded' },
      { type: 'text', text: ': the dataset has changed since' },
      ...by,
      { type: 'text', text: '.' },
    ],
  };
  return [...report.page.slice(0, 1), note, ...report.page.slice(1)];
}

async function transcripts(deps: Dependencies, analyses: Analyses): Promise<[string, Uint8Array][]> {
  const files: [string, Uint8Array][] = [];
  for (const [agent, analysis] of Object.entries(analyses)) {
    for (const [i, { transcript }] of analysis.calls.entries())
      if (transcript !== null) files.push([`transcripts/${agent}-${i + 1}.json`, await deps.blobs.get(transcript)]);
  }
  return files;
}
