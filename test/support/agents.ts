import { randomUUID } from 'node:crypto';
import {
  AnalysisCompleted,
  type AnalysisDone,
  AnalysisRequested,
  connectBus,
  InventoryPublished,
  type NatsBus,
  publish,
  subjectToken,
  systemClock,
} from '@chimera/shared/bus';
import {
  Analysis,
  EVIDENCE_SCHEMA,
  type Evidence,
  type InventoryRef,
  OBSERVATIONS_SCHEMA,
  type Observations,
} from '@chimera/shared/domain';
import { createLogger, noMetrics, type Service } from '@chimera/shared/service';
import {
  CURRENT_BUCKET,
  Current,
  contentHash,
  folderBlobs,
  getJson,
  JOINS_BUCKET,
  Join,
  Lease,
  putJson,
  runOf,
} from '@chimera/shared/store';
import { agentSettings } from '../../packages/agent/src/config.ts';
import type { AgentDefinition } from '../../packages/agent/src/definition.ts';
import { KnownServer, SERVERS_BUCKET } from '../../packages/agent/src/servers/known-server.ts';
import { SLOTS_BUCKET } from '../../packages/agent/src/servers/slot-desk.ts';
import { startAgent } from '../../packages/agent/src/service.ts';
import { AGENT, factOf } from '../../packages/agent/src/testing.ts';
import { PATIENT_MS } from './nats.ts';
import { type Recorder, recorder } from './wait.ts';

/** For tests: the two agents, of sections that are quickly written. */
export const AGENTS: Record<'collector' | 'insight', AgentDefinition> = {
  collector: { ...AGENT, name: 'collector', title: 'CollectorAgent', persona: 'You are CollectorAgent.' },
  insight: AGENT,
};

/** For tests: services of agents around one NATS, one folder of blobs and Ollama servers, and the inventories that they work on. */
export type AgentsBench = {
  /** what was told to be completed */
  completed: Recorder<AnalysisDone>;
  bus: NatsBus;
  /** Starts one more service, on a connection of its own. */
  start(name: 'collector' | 'insight'): Promise<Service>;
  /** Makes an inventory the current one of its dataset, and tells of it. Its facts name the dataset and the version. */
  publish(dataset: string, version: number): Promise<InventoryRef>;
  /** Asks for one of a campaign's runs. */
  request(inventory: InventoryRef, ordinal: number): Promise<void>;
  analysis(done: AnalysisDone): Promise<Analysis>;
  close(): Promise<void>;
};

const AT = '2025-01-01T00:00:00.000Z';

/** For tests: opens a bench; `servers` as CHIMERA_OLLAMA_URLS has them. */
export async function openBench(natsUrl: string, folder: string, servers: readonly string[]): Promise<AgentsBench> {
  const settings = agentSettings({
    CHIMERA_HOME: folder,
    CHIMERA_MODEL: 'tiny:1b',
    CHIMERA_OLLAMA_URLS: servers.join(','),
    CHIMERA_OLLAMA_PATIENCE: '0',
    CHIMERA_RECONCILE_SECONDS: '60',
  });
  const blobs = folderBlobs(folder);
  const services: Service[] = [];
  const buses: NatsBus[] = [];
  const connect = async (name: string) => {
    const bus = await connectBus({ url: natsUrl, name, connectTimeoutMs: PATIENT_MS });
    buses.push(bus);
    return bus;
  };
  const bus = await connect('bench');
  const current = await bus.documents(CURRENT_BUCKET, Current);
  // Made here, one after the other: what happens where several make the same bucket at once is no matter of agents.
  await bus.documents(JOINS_BUCKET, Join);
  await bus.documents(SLOTS_BUCKET, Lease);
  await bus.documents(SERVERS_BUCKET, KnownServer);
  const completed = recorder<AnalysisDone>();
  bus.connection.subscribe(AnalysisCompleted.subjects, {
    callback: (_, message) => completed.add(AnalysisCompleted.schema.parse(message.json())),
  });
  await bus.connection.flush();
  const logger = createLogger('agents', process.env.TEST_LOG_LEVEL ?? 'silent');

  return {
    completed,
    bus,
    async start(name) {
      const own = await connect(name);
      const common = { logger, metrics: noMetrics, clock: systemClock, instance: randomUUID() };
      const service = await startAgent(AGENTS[name], settings, { bus: own, blobs: folderBlobs(folder), ...common });
      services.push(service);
      return service;
    },
    async publish(dataset, version) {
      const inventory = contentHash({ dataset, version });
      const facts = Array.from({ length: 6 }, (_, i) =>
        factOf(i + 1, { claim: `The median of column ${i + 1} of ${dataset} in version ${version} is so.` }),
      );
      const evidence: Evidence = { schema: EVIDENCE_SCHEMA, dataset, inventory, title: null, artifacts: [ARTIFACT], facts, groups: [] };
      const observations: Observations = {
        schema: OBSERVATIONS_SCHEMA,
        dataset,
        inventory,
        bucket: '/data',
        takenAt: AT,
        modified: [],
        facts: [],
      };
      const ref: InventoryRef = {
        ...{ dataset, inventory, generation: version, artifacts: 1, refused: 0 },
        evidence: await putJson(blobs, evidence),
        observations: await putJson(blobs, observations),
        measurements: await putJson(blobs, []),
        ingest: { startedAt: AT, finishedAt: AT, seconds: 0 },
      };
      await current.change(subjectToken(dataset), () => ({ inventory: ref, fence: { token: 1, holder: 'bench' } }));
      await publish(bus, InventoryPublished, ref);
      return ref;
    },
    async request(inventory, ordinal) {
      const run = { ...runOf(inventory.dataset, inventory.inventory, settings.profile), ordinal };
      const own = { ...run, id: contentHash({ run: run.id, ordinal }) };
      await publish(bus, AnalysisRequested, { run: own, agent: 'insight', inventory });
    },
    analysis: ({ analysis }) => getJson(blobs, analysis, Analysis),
    async close() {
      await Promise.all(services.map((service) => service.stop(2_000)));
      for (const one of buses) await one.close();
    },
  };
}

const ARTIFACT: Evidence['artifacts'][number] = {
  ...{ path: 'runs/a.csv', kind: 'csv', format: 'csv', bytes: 1, sha256: 'a'.repeat(64), status: 'read', reason: null },
  ...{ warnings: [], measurements: 6, records: 6, failed: [] },
};
