import { AnalysisCompleted, AnalysisRequested, InventoryPublished, subjectToken } from '@chimera/shared/bus';
import {
  CURRENT_BUCKET,
  type Current,
  inventoryId,
  JOINS_BUCKET,
  type Join,
  LEASES_BUCKET,
  type Lease,
  sha256,
} from '@chimera/shared/store';
import type { SimulatedFolder } from './folder.ts';
import type { NatsWatcher, SimulatedNats } from './nats.ts';
import type { SimulatedShelf } from './shelf.ts';
import type { SimulatedStore } from './store.ts';
import type { World } from './world.ts';

export const DATASET = 'bucket';

// A lease lapses after 15 s, and a request takes a few hundredths of one.
const KNOWN_AFTER_MS = 20_000;

/** A promise that did not hold, in a sentence. */
export type Violation = { at: number; what: string };

type EvidenceJson = { artifacts: { path: string; sha256: string | null; status: string; reason: string | null }[] };

/** What must hold at every moment: looked at by whoever stores, writes and acknowledges. */
export class Invariants implements NatsWatcher {
  readonly violations: Violation[] = [];
  readonly #world: World;
  readonly #store: SimulatedStore;
  readonly #folder: SimulatedFolder;
  #nats: SimulatedNats | null = null;
  /** texts that streams hold, and since when */
  readonly #texts = new Map<string, number>();
  /** analyses told of, and reports committed: by run and agent or revision */
  readonly #told = new Set<string>();
  readonly #reports = new Map<string, string>();
  readonly #evidence = new Map<string, string>();
  #fence = { token: 0, holder: '' };
  #lease = { holder: '', since: 0 };
  /** from when on nothing is late any more */
  calmFromMs = 0;

  constructor(world: World, store: SimulatedStore, folder: SimulatedFolder) {
    this.#world = world;
    this.#folder = folder;
    this.#store = store;
  }

  watch(nats: SimulatedNats): void {
    this.#nats = nats;
  }

  #broken(what: string): void {
    this.violations.push({ at: this.#world.now, what });
    this.#world.say(() => `VIOLATION: ${what}`);
  }

  #join(run: string): Join | undefined {
    return this.#nats?.peek(JOINS_BUCKET).get(run) as Join | undefined;
  }

  #current(): Current | undefined {
    return this.#nats?.peek(CURRENT_BUCKET).get(subjectToken(DATASET)) as Current | undefined;
  }

  /** A repetition within the duplicate window must carry the id of the first, or it is no repetition to the server. */
  stored(message: { subject: string; text: string; id: string; at: number }, by: string): void {
    const key = `${message.subject} ${message.text}`;
    const before = this.#texts.get(key);
    if (before !== undefined && message.at - before < 600_000)
      this.#broken(`${by} published the same message on ${message.subject} twice, under ids that differ (now "${message.id}")`);
    this.#texts.set(key, message.at);
    if (message.subject.startsWith('chimera.inventory.'))
      this.#inventoryTold(InventoryPublished.schema.parse(JSON.parse(message.text)), by);
    if (message.subject.startsWith('chimera.analysis.v1.completed.')) {
      const { run, agent, analysis } = AnalysisCompleted.schema.parse(JSON.parse(message.text));
      if (!this.#store.blobs.has(analysis)) this.#broken(`${by} told of an analysis that is not stored`);
      this.#told.add(`${run.id} ${agent}`);
    }
  }

  #inventoryTold(inventory: Current['inventory'], by: string): void {
    for (const blob of [inventory.evidence, inventory.observations, inventory.measurements])
      if (!this.#store.blobs.has(blob)) this.#broken(`${by} told of an inventory whose blobs are not stored`);
    if (!this.#store.names.has(`history-${sha256(inventory.dataset)}-${inventory.inventory}`))
      this.#broken(`${by} told of an inventory that is not in the history`);
    const { artifacts } = this.#store.json(inventory.evidence) as EvidenceJson;
    for (const { path, sha256: hash } of artifacts)
      if (hash !== null && !this.#folder.contents.has(hash)) this.#broken(`${by} told of ${path} with a content that no file ever had`);
    const known = this.#evidence.get(inventory.inventory);
    if (known !== undefined && known !== inventory.evidence) this.#broken(`one inventory has two evidences (told by ${by})`);
    this.#evidence.set(inventory.inventory, inventory.evidence);
  }

  /** An acknowledgement takes the message away: by then its effect must be there, where a crash cannot undo it. */
  acknowledged(durable: string, message: { text: string }, by: string): void {
    if (/_worker_/.test(durable)) {
      const { run, agent } = AnalysisRequested.schema.parse(JSON.parse(message.text));
      const done = this.#join(run.id)?.parts[agent]?.state === 'done' || this.#told.has(`${run.id} ${agent}`);
      if (!done && !this.#outdated(run.inventory)) this.#broken(`${by} acknowledged a request of ${agent} before its analysis was there`);
    }
    if (durable === 'reporter_analysis') {
      const { run, agent } = AnalysisCompleted.schema.parse(JSON.parse(message.text));
      if (this.#join(run.id)?.parts[agent]?.state !== 'done' && !this.#outdated(run.inventory))
        this.#broken(`${by} acknowledged an analysis of ${agent} before it was in the join`);
    }
  }

  readonly #currents = new Set<string>();
  /** the inventory was no longer the current one, now or at some time: whoever acknowledged may have seen that */
  #outdated(inventory: string): boolean {
    return this.#currents.size > 1 || this.#current()?.inventory.inventory !== inventory;
  }

  /** Who reads the bucket holds its lease; in calm weather, where nothing is late, nobody may be mistaken about that for long. */
  read(by: string): void {
    const { holder, since } = this.#lease;
    const known = this.#world.now - Math.max(since, this.calmFromMs) > KNOWN_AFTER_MS;
    if (holder !== '' && holder !== by && known) this.#broken(`${by} takes the dataset in, whose lease ${holder} has held for long`);
  }

  written(bucket: string, key: string, text: string, before: string | null, by: string): void {
    if (bucket === CURRENT_BUCKET) {
      const now = JSON.parse(text) as Current;
      this.#currents.add(now.inventory.inventory);
      const { token } = now.fence;
      if (token < this.#fence.token) this.#broken(`${by} wrote under token ${token} after somebody had written under ${this.#fence.token}`);
      if (token === this.#fence.token && by !== this.#fence.holder)
        this.#broken(`${by} and ${this.#fence.holder} both wrote under token ${token}`);
      this.#fence = { token, holder: by };
    }
    if (bucket === LEASES_BUCKET) {
      const { holder } = JSON.parse(text) as Lease;
      if (holder !== this.#lease.holder) this.#lease = { holder: holder ?? '', since: this.#world.now };
    }
    if (bucket === JOINS_BUCKET) {
      const { printed } = JSON.parse(text) as Join;
      if (printed.report === null) return;
      const name = `${key} revision ${printed.revision}`;
      const known = this.#reports.get(name);
      if (known !== undefined && known !== printed.report && before !== null) this.#broken(`two reports were committed as ${name}`);
      this.#reports.set(name, printed.report);
      for (const analysis of Object.values(printed.analyses))
        if (analysis !== null && !this.#store.blobs.has(analysis)) this.#broken(`${name} was printed from an analysis that is not stored`);
    }
  }

  /** What the server forgot may be done again. */
  forgot(): void {
    this.#texts.clear();
    this.#told.clear();
    this.#reports.clear();
    this.#fence = { token: 0, holder: '' };
    this.#lease = { holder: '', since: this.#world.now };
    this.#currents.add('forgotten');
    this.#currents.add('too');
  }
}

/** What must be true once everything has come to rest; returns what is not (yet), as sentences. */
export function unfinished(parts: {
  folder: SimulatedFolder;
  nats: SimulatedNats;
  store: SimulatedStore;
  shelf: SimulatedShelf;
}): string[] {
  const { folder, nats, store, shelf } = parts;
  const files = [...folder.files].filter(([path]) => path !== '.done').map(([path, { bytes }]) => ({ path, sha256: sha256(bytes) }));
  if (files.length === 0) return [];
  const wanted = inventoryId(DATASET, files);
  const current = nats.peek(CURRENT_BUCKET).get(subjectToken(DATASET)) as Current | undefined;
  if (current?.inventory.inventory !== wanted) return ['the current inventory is not that of the files that lie in the bucket'];
  const evidence = store.json(current.inventory.evidence) as EvidenceJson;
  const faults = files.flatMap(({ path }) => {
    const artifact = evidence.artifacts.find((a) => a.path === path);
    if (artifact?.status === 'read' || (artifact?.status === 'refused' && artifact.reason)) return [];
    return [`${path} is neither read nor refused with a reason`];
  });
  const joins = [...nats.peek(JOINS_BUCKET).values()] as Join[];
  const join = joins.find((j) => j.run.inventory === wanted);
  // Where writing began and nobody knows of it any more, nothing was ever told: there is no report.
  const papers = [...shelf.folders.values()].filter((p) => p.printed !== null || p.report.inventory === wanted);
  const mine = papers.filter((p) => p.report.inventory === wanted);
  if (join === undefined || join.printed.report === null) faults.push('the current inventory has no printed run');
  if (mine.length !== 1) faults.push(`the current inventory has ${mine.length} reports`);
  for (const paper of papers) {
    const status = paper.report.inventory === wanted ? 'current' : 'superseded';
    if (paper.entry === null || !paper.others) faults.push(`the report of run ${paper.report.run.slice(0, 8)} is half written`);
    else if (paper.status !== status)
      faults.push(`the report of run ${paper.report.run.slice(0, 8)} says ${paper.status} and is ${status}`);
  }
  if (join && mine[0] && mine[0].base !== join.printed.report) faults.push('what lies in the folder is not what was committed');
  if (join)
    for (const [agent, part] of Object.entries(join.parts)) if (part.state !== 'done') faults.push(`the analysis of ${agent} never came`);
  return faults;
}
