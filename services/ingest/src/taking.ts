import { getHeapStatistics } from 'node:v8';
import { type Documents, subjectToken, tellProgress } from '@chimera/shared/bus';
import type { InventoryRef } from '@chimera/shared/domain';
import { ATTRIBUTES, type Dependencies, noTracer, SPANS, traced } from '@chimera/shared/service';
import type { Current } from '@chimera/shared/store';
import { type Baseline, type Before, type Comparison, comparisonWith, previousOf, withComparison } from './baseline.ts';
import type { Bucket } from './bucket.ts';
import type { IngestSettings } from './config.ts';
import { readingLimits } from './config.ts';
import { earlierGroups } from './earlier-groups.ts';
import type { Entry } from './entry.ts';
import { heapWarning } from './heap-room.ts';
import { type HistoryTold, historyWith, type RememberedHistory, withHistory } from './history-taking.ts';
import { type TakenInventory, takeInventory } from './inventory.ts';
import { createPace } from './pace.ts';
import { firstSeenBefore, publishInventory } from './publication.ts';
import type { Readings } from './readings.ts';
import type { Spread } from './spread.ts';

export type Taking = {
  dataset: string;
  /** its folder within the bucket, '' for the whole */
  folder: string;
  /** paths relative to the folder */
  entries: readonly Entry[];
  /** files that are still being written */
  left?: readonly Entry[];
  /** paths to read again although they look the same */
  again?: ReadonlySet<string>;
  /** the token of the lease under which this is done */
  fence: number;
  /** files that look cut off are reported and nothing is published, if this says so */
  waitFor?: (cut: readonly string[]) => boolean;
  /** what to compare with, instead of the dataset's previous inventory */
  baseline?: Baseline;
  /** what is remembered of the histories of datasets; absent: the inventory is kept in none, and nothing is told of the past */
  histories?: Map<string, RememberedHistory>;
  signal?: AbortSignal;
  alive?: () => void;
  /** since when (monotonic ms) there is something to take in, and, where that was tried before, the trace in which it was */
  since?: { dueMs: number; trace: string | null };
  /** told the trace of this taking: that of the first try */
  onTrace?: (traceparent: string | null) => void;
};

/** What became of a taking: published, or put off because files look cut off. */
export type Taken = { inventory: InventoryRef } | { cut: string[] };

type Parts = {
  current: Documents<Current>;
  bucket: Bucket;
  readings: Readings;
  /** who else reads what lies in a folder of the bucket; absent: nobody */
  spread?: ((folder: string) => Spread) | undefined;
};

/** Takes one dataset's inventory and publishes it. Throws Unstable, EmptyInventory, StaleLease, or what storing and publishing throw. */
export function ingestDataset(settings: IngestSettings, deps: Dependencies, parts: Parts, taking: Taking): Promise<Taken> {
  const { clock, tracer = noTracer } = deps;
  const { dataset, since } = taking;
  const first = since !== undefined && since.trace === null;
  const startedAt = first ? clock.now() - (clock.elapsed() - since.dueMs) : clock.now();
  const span = { parent: since?.trace, startedAt, attributes: { [ATTRIBUTES.dataset]: dataset } };
  return traced(tracer, SPANS.takeInventory.name, span, async (span) => {
    taking.onTrace?.(since?.trace ?? span.traceparent);
    if (first) tracer.start(SPANS.settle.name, { startedAt }).end();
    const taken = await take(settings, deps, parts, taking);
    if ('cut' in taken) span.set({ [ATTRIBUTES.outcome]: 'put_off' });
    else {
      const { inventory, generation, artifacts, refused } = taken.inventory;
      span.set({
        ...{ [ATTRIBUTES.outcome]: 'published', [ATTRIBUTES.inventory]: inventory, [ATTRIBUTES.generation]: generation },
        ...{ [ATTRIBUTES.artifacts]: artifacts, [ATTRIBUTES.refused]: refused },
      });
    }
    return taken;
  });
}

async function take(settings: IngestSettings, deps: Dependencies, parts: Parts, taking: Taking): Promise<Taken> {
  const started = deps.clock.now();
  const { dataset, folder, entries } = taking;
  const known = await parts.current.get(subjectToken(dataset));
  const within = (entry: Entry): Entry => (folder === '' ? entry : { ...entry, path: `${folder}/${entry.path}` });
  const taken = await takeInventory({
    dataset,
    bucket: folder === '' ? settings.CHIMERA_BUCKET : `${settings.CHIMERA_BUCKET}/${folder}`,
    entries,
    limits: readingLimits(settings),
    read: (entry) => parts.bucket.read(within(entry)),
    pieces: (entry) => parts.bucket.pieces(within(entry)),
    ...(parts.spread ? { spread: parts.spread(folder) } : {}),
    readings: parts.readings,
    firstSeen: await firstSeenBefore(deps, known?.inventory ?? null),
    now: deps.clock.now,
    ...(taking.again ? { again: taking.again } : {}),
    ...(taking.left?.length ? { unsettled: taking.left.map(({ path }) => ({ path, reason: 'it is still being written' })) } : {}),
    ...(taking.signal ? { signal: taking.signal } : {}),
    ...(deps.tracer ? { tracer: deps.tracer } : {}),
    onProgress(done, total) {
      taking.alive?.();
      tellProgress(deps.bus, null, { dataset, stage: 'reading', done, total });
    },
  });
  if (taken.cut.length > 0 && taking.waitFor?.(taken.cut)) return { cut: taken.cut };
  for (const path of taken.skipped) deps.logger.info({ dataset, artifact: path }, "left out: Chimera's own output");
  const before = { current: known, published: parts.readings.published.get(dataset) ?? null, earlier: earlierGroups(deps.blobs) };
  const comparison = await traced(deps.tracer ?? noTracer, SPANS.compareBaseline.name, {}, () => compared(deps, taking, before, taken));
  const history = await toldHistory(deps, taking, before, taken);
  const inventory = await publishInventory(
    deps,
    parts.current,
    {
      ...taken,
      observations: withHistory(comparison === null ? taken.observations : withComparison(taken.observations, comparison), history),
    },
    started,
    { token: taking.fence, holder: deps.instance },
    history?.keep,
  );
  const { evidence } = taken;
  parts.readings.published.set(dataset, {
    inventory: evidence.inventory,
    evidence: inventory.evidence,
    groups: evidence.groups,
    comparison,
  });
  tellPublished(deps, taken, inventory, started);
  return { inventory };
}

function tellPublished(deps: Dependencies, { evidence }: TakenInventory, published: InventoryRef, started: number): void {
  for (const { kind, status } of evidence.artifacts) deps.metrics.count('chimera_artifacts_total', { kind, status });
  deps.metrics.count('chimera_inventories_total');
  deps.metrics.observe('chimera_inventory_duration_seconds', {}, (deps.clock.now() - started) / 1_000);
  const { dataset, inventory, generation, artifacts, refused } = published;
  deps.logger.info({ dataset, inventory, generation, artifacts, refused }, 'inventory published');
  const full = heapWarning(getHeapStatistics(), artifacts);
  if (full !== null) deps.logger.warn({ dataset }, full);
  tellProgress(deps.bus, null, { dataset, stage: 'inventory', done: artifacts, total: artifacts });
}

/** What is known of the dataset before the inventory that is taken. */
type Earlier = Omit<Before, 'hasHistory'>;

/** What is told of the dataset's past; null where nobody keeps its history. */
async function toldHistory(
  deps: Dependencies,
  { histories, alive, signal }: Taking,
  before: Earlier,
  taken: TakenInventory,
): Promise<HistoryTold | null> {
  if (histories === undefined) return null;
  const pace = createPace(deps.clock.elapsed, () => alive?.(), signal);
  return historyWith(deps, { histories, ...before, pace }, taken);
}

/** What came of comparing an inventory with its baseline; null where there is none. */
async function compared(
  deps: Dependencies,
  { baseline, histories, alive, signal }: Taking,
  before: Earlier,
  taken: TakenInventory,
): Promise<Comparison | null> {
  const against = baseline ?? (await previousOf(deps, { ...before, hasHistory: histories !== undefined }, taken));
  if (against === null || 'facts' in against) return against;
  const pace = createPace(deps.clock.elapsed, () => alive?.(), signal);
  return pace.through(comparisonWith(against, taken.evidence));
}
