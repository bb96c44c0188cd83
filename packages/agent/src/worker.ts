import {
  AnalysisCompleted,
  type AnalysisRequest,
  AnalysisRequested,
  publish,
  startWorker,
  subjectToken,
  tellProgress,
  type Worker,
} from '@chimera/shared/bus';
import { type Analysis, Evidence, Observations } from '@chimera/shared/domain';
import { type Dependencies, deliveryObserver } from '@chimera/shared/service';
import { evolveJoin, getJson, isOutdated, openJoin, putJson } from '@chimera/shared/store';
import type { AgentSettings } from './config.ts';
import type { AgentDefinition } from './definition.ts';
import { countAnalysis } from './measure.ts';
import { type NarrateInput, type narrate, narrateByTemplate } from './narrate.ts';
import type { Stores } from './stores.ts';
import { workerConsumer } from './worker-consumer.ts';

/** Pulls requests of this agent for one model, makes each analysis, stores it, then tells of it. */
export function startAgentWorker(
  definition: AgentDefinition,
  model: string | null,
  settings: AgentSettings,
  deps: Dependencies,
  stores: Stores,
  speak: typeof narrate,
): Promise<Worker> {
  const agent = definition.name;

  async function inputOf(request: AnalysisRequest): Promise<NarrateInput> {
    const [evidence, observations] = await Promise.all([
      getJson(deps.blobs, request.inventory.evidence, Evidence),
      getJson(deps.blobs, request.inventory.observations, Observations),
    ]);
    return { definition, run: request.run, profile: request.run.profile.agents[agent] ?? { model, options: {} }, evidence, observations };
  }

  async function complete(request: AnalysisRequest, analysis: Analysis): Promise<void> {
    const { run, inventory } = request;
    const blob = await putJson(deps.blobs, analysis);
    // Into the join at once: the event that follows is a hint. Work that was done twice counts once, the first of it.
    const join = await stores.joins.change(run.id, (known) => known && evolveJoin(known, { type: 'done', agent, analysis: blob }));
    const part = join?.parts[agent];
    await publish(deps.bus, AnalysisCompleted, { run, agent, inventory, analysis: part?.state === 'done' ? part.analysis : blob });
    countAnalysis(deps.metrics, analysis);
    tellProgress(deps.bus, request.run.id, { dataset: request.run.dataset, stage: 'narrated', agent, note: analysis.narrator.kind });
  }

  return startWorker({
    bus: deps.bus,
    contract: AnalysisRequested,
    consumer: workerConsumer(agent, model),
    concurrency: settings.values.CHIMERA_AGENT_CONCURRENCY,
    observe: deliveryObserver(deps.metrics, deps.logger),
    onError: (error) => deps.logger.warn({ err: error }, 'the pull of requests failed; trying again'),
    async handle(request, { signal }) {
      const { run, inventory } = request;
      const log = deps.logger.child({ dataset: run.dataset, inventory: run.inventory, run: run.id });
      const now = await stores.current.get(subjectToken(run.dataset));
      if (isOutdated(run, now)) {
        log.info({ newer: now?.inventory.inventory }, 'void: a newer inventory of the dataset is current');
        return;
      }
      const at = new Date(deps.clock.now()).toISOString();
      const join = await stores.joins.change(run.id, (known) => {
        const join = known ?? openJoin(run, inventory, at);
        return evolveJoin(join, { type: 'begun', agent, at }) ?? (known === null ? join : null);
      });
      const part = join?.parts[agent];
      if (part?.state === 'done') {
        await publish(deps.bus, AnalysisCompleted, { run, agent, inventory, analysis: part.analysis });
        return;
      }
      tellProgress(deps.bus, run.id, { dataset: run.dataset, stage: 'narrating', agent });
      const analysis = await speak(await inputOf(request), {
        urls: settings.urls,
        timeouts: settings.timeouts,
        now: deps.clock.now,
        signal,
        keepTranscript: (transcript) => putJson(deps.blobs, transcript),
      });
      await complete(request, analysis);
      log.info(
        { narrator: analysis.narrator.kind, reason: analysis.narrator.reason, withheld: analysis.account.withheld.length },
        'analysis completed',
      );
    },
    // The report must come: where the work is given up, the template speaks.
    async beforeBurial(request, reason) {
      const at = deps.clock.now();
      await complete(request, narrateByTemplate(await inputOf(request), `the analysis was given up: ${reason}`, at, deps.clock.now()));
    },
  });
}
