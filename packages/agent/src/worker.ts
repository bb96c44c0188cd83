import {
  AnalysisCompleted,
  type AnalysisRequest,
  AnalysisRequested,
  type Delivery,
  InventoryPublished,
  publish,
  RetryLater,
  startGatedWorker,
  startWorker,
  subjectToken,
  tellProgress,
  type Worker,
} from '@chimera/shared/bus';
import type { Analysis } from '@chimera/shared/domain';
import { ATTRIBUTES, type Dependencies, deliveryObserver, noTracer, SPANS, traced } from '@chimera/shared/service';
import { evolveJoin, isOutdated, openJoin, putJson } from '@chimera/shared/store';
import type { AgentSettings } from './config.ts';
import { type AgentDefinition, definitionFor } from './definition.ts';
import { storedGenerations } from './generations.ts';
import type { readGrounds } from './grounds.ts';
import { countAnalysis } from './measure.ts';
import { type NarrateInput, type narrate, narrateByTemplate } from './narrate.ts';
import type { AgentServers } from './servers/agent-servers.ts';
import type { Means } from './servers/gate.ts';
import type { Lane } from './servers/pool.ts';
import type { Stores } from './stores.ts';
import { workerConsumer } from './worker-consumer.ts';

/** An analysis under way that is void as soon as its dataset has a newer inventory, as long as it has produced nothing. */
type UnderWay = { dataset: string; produced: boolean; abort: AbortController; request: AnalysisRequest };

export type WorkerOptions = {
  definition: AgentDefinition;
  /** the model of the configured profile; null: the template narrator */
  model: string | null;
  settings: AgentSettings;
  deps: Dependencies;
  stores: Stores;
  speak: typeof narrate;
  /** the Ollama servers and the gate to them; null: each message is taken as it comes */
  servers: AgentServers | null;
  grounds: ReturnType<typeof readGrounds>;
};

/** Pulls requests of this agent, makes each analysis, stores it, then tells of it. */
export async function startAgentWorker(options: WorkerOptions): Promise<Worker> {
  const { definition, model, settings, deps, stores, speak, servers, grounds } = options;
  const agent = definition.name;
  const { tracer = noTracer } = deps;
  const underWay = new Set<UnderWay>();
  const generations = storedGenerations(deps.blobs);

  async function inputOf(request: AnalysisRequest): Promise<NarrateInput> {
    const { profile } = request.run;
    return {
      definition: definitionFor(definition, profile),
      run: request.run,
      profile: profile.agents[agent] ?? { model, options: {} },
      ...(await grounds(request.inventory)),
    };
  }

  async function complete(request: AnalysisRequest, analysis: Analysis): Promise<void> {
    const { run, inventory } = request;
    const blob = await putJson(deps.blobs, analysis);
    // Into the join at once: the event that follows is a hint. Work that was done twice counts once, the first of it.
    const traceparent = tracer.current();
    const join = await stores.joins.change(
      run.id,
      (known) => known && evolveJoin(known, { type: 'done', agent, analysis: blob, traceparent }),
    );
    const part = join?.parts[agent];
    const done = { run, agent, inventory, analysis: part?.state === 'done' ? part.analysis : blob };
    await publish(deps.bus, AnalysisCompleted, done, inventory.traceparent);
    countAnalysis(deps.metrics, analysis, model);
    tellProgress(deps.bus, request.run.id, { dataset: request.run.dataset, stage: 'narrated', agent, note: analysis.narrator.kind });
  }

  const outdated = async ({ run }: AnalysisRequest) => isOutdated(run, await stores.current.get(subjectToken(run.dataset)));

  /** What is under way for an older inventory of that dataset and has produced nothing yet is broken off. */
  async function voidOlder(datasetToken: string): Promise<void> {
    for (const one of underWay) {
      if (subjectToken(one.dataset) !== datasetToken || one.produced) continue;
      if ((await outdated(one.request)) && !one.produced) one.abort.abort(new Error('a newer inventory of the dataset is current'));
    }
  }

  async function handle(request: AnalysisRequest, { signal, deliveries }: Delivery, lane: Lane | null): Promise<void> {
    const { run, inventory } = request;
    const log = deps.logger.child({ dataset: run.dataset, inventory: run.inventory, run: run.id });
    const isVoid = () => log.info('void: a newer inventory of the dataset is current');
    const one: UnderWay = { dataset: run.dataset, produced: false, abort: new AbortController(), request };
    underWay.add(one);
    try {
      // All that has to be known before the first call is asked for at once: a slot is waiting.
      const input = inputOf(request);
      input.catch(() => undefined); // of one that is void, the blobs may be gone; else it is waited for below
      const [isOld, known] = await Promise.all([outdated(request), stores.joins.get(run.id)]);
      if (isOld || one.abort.signal.aborted) return isVoid();
      const part = known?.parts[agent];
      if (part?.state === 'done') {
        await publish(deps.bus, AnalysisCompleted, { run, agent, inventory, analysis: part.analysis }, inventory.traceparent);
        return;
      }
      tellProgress(deps.bus, run.id, { dataset: run.dataset, stage: 'narrating', agent });
      const at = new Date(deps.clock.now()).toISOString();
      const begun = stores.joins.change(run.id, (now) => {
        const join = now ?? openJoin(run, inventory, at);
        return evolveJoin(join, { type: 'begun', agent, at }) ?? (now === null ? join : null);
      });
      begun.catch(() => undefined); // told where it is waited for
      const attributes = { [ATTRIBUTES.run]: run.id, [ATTRIBUTES.agent]: agent };
      await traced(tracer, SPANS.writeAnalysis.name, { attributes }, async (span) => {
        const analysis = await speak(await input, {
          pool: servers?.pool ?? null,
          lane,
          timeouts: settings.timeouts,
          patienceMs: settings.patienceMs,
          now: deps.clock.now,
          elapsed: () => deps.clock.elapsed(),
          signal: AbortSignal.any([signal, one.abort.signal]),
          keepTranscript: (transcript) => putJson(deps.blobs, transcript),
          // A campaign measures: each of its runs is generated.
          generations: run.ordinal === null ? generations : null,
          gpus: servers?.gpus ?? null,
          tracer,
          onFirstToken: () => {
            one.produced = true;
          },
          async onNoServer(reason) {
            const asked = run.profile.agents[agent]?.model;
            if (deliveries >= workerConsumer(agent, model).maxDeliveries || !asked || !(await servers?.pool.othersHave(asked))) return;
            throw new RetryLater(`left to workers elsewhere: ${reason}`, 0);
          },
        });
        await begun;
        await complete(request, analysis);
        const { narrator, account, calls } = analysis;
        span.set({
          [ATTRIBUTES.narrator]: narrator.kind,
          [ATTRIBUTES.withheld]: account.withheld.length,
          [ATTRIBUTES.storedCalls]: calls.filter(({ stored }) => stored).length,
        });
        log.info({ narrator: narrator.kind, reason: narrator.reason, withheld: account.withheld.length }, 'analysis completed');
      });
    } catch (error) {
      if (!one.abort.signal.aborted || signal.aborted) throw error;
      isVoid();
    } finally {
      underWay.delete(one);
    }
  }

  const common = {
    bus: deps.bus,
    contract: AnalysisRequested,
    observe: deliveryObserver(deps.metrics, deps.logger),
    onError: (error: Error) => deps.logger.warn({ err: error }, 'the pull of requests failed; trying again'),
    // The report must come: where the work is given up, the template speaks.
    async beforeBurial(request: AnalysisRequest, reason: string) {
      const at = deps.clock.now();
      await complete(request, narrateByTemplate(await inputOf(request), `the analysis was given up: ${reason}`, at, deps.clock.now()));
    },
  };
  const off = deps.bus.listen(InventoryPublished.subjects, (subject) => {
    const failed = (error: unknown) => deps.logger.warn({ err: error }, 'what a newer inventory makes void could not be told; it goes on');
    void voidOlder(subject.slice(subject.lastIndexOf('.') + 1)).catch(failed);
  });
  const worker =
    servers === null
      ? await startWorker({
          ...common,
          consumer: workerConsumer(agent, model),
          concurrency: settings.values.CHIMERA_AGENT_CONCURRENCY,
          handle: (request, delivery) => handle(request, delivery, null),
        })
      : startGatedWorker<AnalysisRequest, Means>({
          ...common,
          nextSeat: servers.gate.nextSeat,
          handle: (request, delivery) => handle(request, delivery, delivery.means.lane).finally(delivery.means.end),
        });
  return {
    ...worker,
    async stop(deadlineMs) {
      off();
      await worker.stop(deadlineMs);
    },
  };
}
