import { type AgentDefinition, agentSettings, startAgent } from '@chimera/agent';
import { collector } from '@chimera/collector';
import { createReadings, ingestSettings, startIngest } from '@chimera/ingest';
import { insight } from '@chimera/insight';
import { reporterSettings, startReporter } from '@chimera/reporter';
import { createLogger, type Dependencies, noMetrics } from '@chimera/shared/service';
import { DATASET, Invariants, unfinished } from './checks.ts';
import { SimulatedFolder } from './folder.ts';
import { simulatedNarrator } from './narrator.ts';
import { SimulatedNats } from './nats.ts';
import { SimulatedShelf } from './shelf.ts';
import { SimulatedStore } from './store.ts';
import { simulatedTable } from './table.ts';
import type { Process, World } from './world.ts';

const ENVIRONMENT = {
  CHIMERA_MODEL: 'none',
  CHIMERA_BUCKET: DATASET,
  CHIMERA_HOME: '/nowhere',
  CHIMERA_SWEEP_SECONDS: '10',
  CHIMERA_JOIN_TIMEOUT: '120',
  CHIMERA_JOIN_WAIT: '400',
};
const SETTINGS = { ingest: ingestSettings(ENVIRONMENT), agent: agentSettings(ENVIRONMENT), reporter: reporterSettings(ENVIRONMENT) };
const silent = createLogger('simulator', 'silent');
const ROLES = ['ingest', 'ingest', 'collector', 'insight', 'reporter', 'reporter'] as const;
type Role = (typeof ROLES)[number];

/** All processes of a simulated installation, over simulated files, NATS, blobs and report folders; who dies is started again. */
export class SimulatedSystem {
  readonly world: World;
  readonly store: SimulatedStore;
  readonly invariants: Invariants;
  readonly nats: SimulatedNats;
  readonly folder: SimulatedFolder;
  readonly shelf: SimulatedShelf;
  readonly processes: Process[] = [];
  #count = 0;

  constructor(world: World) {
    this.world = world;
    this.store = new SimulatedStore(world);
    this.folder = new SimulatedFolder(world);
    this.invariants = new Invariants(world, this.store, this.folder);
    this.nats = new SimulatedNats(world, this.invariants);
    this.invariants.watch(this.nats);
    this.folder.onRead = (by) => this.invariants.read(by);
    this.shelf = new SimulatedShelf(world);
    for (const role of ROLES) this.start(role);
  }

  start(role: Role): void {
    const process: Process = { name: `${role}-${++this.#count}`, alive: true, skewMs: 0, onDeath: new Set() };
    this.processes.push(process);
    process.onDeath.add(() => {
      this.processes.splice(this.processes.indexOf(process), 1);
      this.world.after(this.world.chance.between(500, 30_000), () => this.start(role));
    });
    this.world.say(() => `${process.name} starts`);
    // A service that cannot start ends its process, and is started again.
    this.#run(role, process).catch((error: Error) => this.world.kill(process, `because it could not start: ${error.message}`));
  }

  async #run(role: Role, process: Process): Promise<void> {
    const bus = this.nats.busOf(process);
    await bus.assert();
    const deps: Dependencies = {
      bus,
      blobs: this.store.blobsOf(process),
      logger: silent,
      metrics: noMetrics,
      clock: bus.clock,
      instance: process.name,
    };
    if (role === 'ingest') await startIngest(SETTINGS.ingest, deps, this.#ingestParts(process));
    else if (role === 'reporter') await startReporter(SETTINGS.reporter, deps, this.shelf.pressOf(process, deps.blobs));
    else await this.#agent(role === 'collector' ? collector : insight, process, deps);
  }

  #agent(definition: AgentDefinition, process: Process, deps: Dependencies) {
    return startAgent(definition, SETTINGS.agent, deps, { speak: simulatedNarrator(this.world, process), ollama: false });
  }

  #ingestParts(process: Process): NonNullable<Parameters<typeof startIngest>[2]> {
    const state = { mode: 'events' as const, reason: null };
    return {
      bucket: this.folder.bucketOf(process),
      readings: createReadings({ workFolder: '/nowhere', table: simulatedTable, elapsed: () => this.world.now }),
      watch: async (onHint) => {
        const stop = this.folder.watch(process, onHint);
        return { state: () => state, stop: async () => stop() };
      },
    };
  }

  unfinished(): string[] {
    return unfinished(this);
  }
}
