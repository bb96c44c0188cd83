import { type AgentName, Analysis, type InventoryRef, type Report } from '@chimera/shared/domain';
import { type Dependencies, noTracer, SPANS, traced, traceIdOf, VERSION } from '@chimera/shared/service';
import { analysesOf, getJson, type Join } from '@chimera/shared/store';
import { z } from 'zod';
import { agentPage } from './agent-page.ts';
import { type Basis, createBases } from './basis.ts';
import { renderMarkdown } from './markdown.ts';
import type { Analyses } from './narrators.ts';
import { createRehearsal } from './rehearsal.ts';
import { assembleReport, type CampaignTry } from './report.ts';
import type { ReportFiles } from './report-folder.ts';
import { runRecord } from './run-record.ts';

/** What printing needs of a service. */
export type PrintingParts = Pick<Dependencies, 'blobs' | 'clock' | 'tracer'>;

/** Makes reports out of blobs. What it remembers saves time and changes nothing. */
export type Printing = {
  /** Assembles a run's report from its blobs, as it is while its inventory is the current one. */
  assemble(join: Join, revision: number, missing: readonly AgentName[], campaignTry?: CampaignTry): Promise<Report>;
  /**
   * All files of a report's folder, the analyses being those that the printed revision was made from.
   * @param spelt the report's pages
   */
  wholeFolder(join: Join, report: Report, spelt: ReportFiles): Promise<ReportFiles>;
  /**
   * Makes ahead what printing a join will need: all that follows from its inventory, and what follows from the analyses that are
   * there. Yields between the steps, so that others get their turn; may be left at any of them.
   */
  prepare(join: Join): AsyncGenerator<void, void, void>;
  /** Forgets what was made of an inventory. */
  forget(inventory: InventoryRef): void;
};

// What goes into the folder as it is lies ready in memory, where the inventory is no larger than this.
const MOST_READY_ARTIFACTS = 2_000;
// Of more, single steps would hold up others for seconds.
const MOST_PREPARED_FACTS = 50_000;

export function createPrinting(deps: PrintingParts): Printing {
  const bases = createBases(deps.blobs);
  const { tracer = noTracer } = deps;
  const rehearse = createRehearsal();

  async function* prepare(join: Join): AsyncGenerator<void, void, void> {
    const { inventory, run } = join;
    const basis = await bases.of(inventory);
    yield;
    if (basis.facts.facts.length > MOST_PREPARED_FACTS) return;
    basis.groundwork();
    yield;
    const speaks = Object.values(run.profile.agents).some((agent) => agent !== undefined && agent.model !== null);
    if (speaks) {
      basis.ground.truth();
      yield;
    }
    yield* rehearse(basis, join, speaks);
    if (inventory.artifacts <= MOST_READY_ARTIFACTS)
      for (const blob of [inventory.evidence, inventory.observations, inventory.measurements]) {
        await basis.bytes(blob);
        yield;
      }
    for (const blob of Object.values(analysesOf(join))) {
      if (blob === null) continue;
      const analysis = await readAnalysis(deps.blobs, blob);
      if (analysis !== null) basis.gated(blob, analysis);
      yield;
    }
  }

  return {
    prepare,
    forget: (inventory) => bases.drop(inventory),
    async assemble(join, revision, missing, campaignTry) {
      const assembledFrom = deps.clock.now();
      const { inventory, run } = join;
      const basis = await bases.of(inventory);
      const { evidence, observations } = basis;
      const found = await traced(tracer, SPANS.gateAnalyses.name, {}, () => analysesIn(deps, join, analysesOf(join), basis));
      const { analyses } = found;
      return traced(tracer, SPANS.assembleReport.name, {}, async () => {
        const record = runRecord({
          ...{ run, inventory, observations, analyses },
          missing: [
            ...missing.map((agent) => ({
              agent,
              reason: join.parts[agent]?.state === 'begun' ? 'its analysis did not end in time' : 'no worker took its work in time',
            })),
            ...found.refused,
          ],
          version: VERSION,
          trace: traceIdOf(tracer.current() ?? inventory.traceparent),
          assembledFrom,
          now: deps.clock.now(),
        });
        return assembleReport(
          { run, inventory, evidence, observations, analyses, record, revision, status: 'current', supersededBy: null, campaignTry },
          basis.groundwork(),
        );
      });
    },
    async wholeFolder(join, report, spelt) {
      const { inventory } = join;
      const basis = await bases.of(inventory);
      // The same analyses pass the same gate as when they were printed.
      const { analyses } = await analysesIn(deps, join, join.printed.analyses, basis);
      const files = new Map<string, string | Uint8Array>(spelt);
      for (const [agent, analysis] of Object.entries(analyses))
        files.set(`agents/${agent}.md`, renderMarkdown(agentPage(analysis, basis.facts, report.record).page));
      files.set('evidence.json', await basis.bytes(inventory.evidence));
      files.set('observations.json', await basis.bytes(inventory.observations));
      files.set('measurements.parquet', await basis.bytes(inventory.measurements));
      for (const [name, bytes] of await transcripts(deps, analyses)) files.set(name, bytes);
      return files;
    },
  };
}

/** The analyses of a run as they may be printed, and those that were refused. */
type Found = { analyses: Analyses; refused: { agent: AgentName; reason: string }[] };

/** One that is none, or another's, is refused with the reason: the report comes without it. */
async function analysesIn({ blobs }: PrintingParts, { run }: Join, wanted: Join['printed']['analyses'], basis: Basis): Promise<Found> {
  const found: Found = { analyses: {}, refused: [] };
  for (const [name, blob] of Object.entries(wanted)) {
    if (blob === null) continue;
    const agent = name as AgentName;
    const analysis = await readAnalysis(blobs, blob);
    if (analysis === null) found.refused.push({ agent, reason: 'its analysis is not one that this version of Chimera can read' });
    else if (analysis.run !== run.id || analysis.agent !== agent)
      found.refused.push({ agent, reason: 'what came as its analysis is that of another run or agent' });
    else found.analyses[agent] = basis.gated(blob, analysis);
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

async function transcripts({ blobs }: PrintingParts, analyses: Analyses): Promise<[string, Uint8Array][]> {
  return Promise.all(
    Object.entries(analyses).flatMap(([agent, { calls }]) =>
      calls.flatMap(({ transcript }, i) =>
        transcript === null
          ? []
          : [blobs.get(transcript).then((bytes): [string, Uint8Array] => [`transcripts/${agent}-${i + 1}.json`, bytes])],
      ),
    ),
  );
}
