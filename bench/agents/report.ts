// A full two-agent report over 101 artifacts at the recorded rates, each service a process of its own: from the inventory's
// publication to the report's, and how much of it was the server's.
import { cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectBus, InventoryPublished, type NatsBus, ReportPublished } from '@chimera/shared/bus';
import { type Fleet, startFleet } from '../../test/support/fleet.ts';
import type { NatsBinary } from '../../test/support/nats.ts';
import { until } from '../../test/support/wait.ts';
import { type ReplayProcess, startReplayProcess } from './replay-process.ts';

/** What was recorded of gemma3 on one card: with one caller, and with two at once. Load and prompt of a call beside it. */
export const RECORDED = { tokensPerSecond: [98, 41], loadMs: 500, promptMs: 800 };

export type ReportTimes = {
  totalMs: number;
  serverMs: number;
  oursMs: number;
  /** of ours: before the first call, and after the last */
  beginMs: number;
  endMs: number;
  calls: number;
  tokens: number;
  atOnce: number;
  slots: string;
};

const MODEL = 'gemma3:latest';
const GUARD_MS = 300_000;

/**
 * Measures two reports on a fleet of its own: the first that its processes make of so many artifacts, and one more. Between the two
 * the model is unloaded and what it answered forgotten, so that all is generated again.
 */
export async function measureReports(binary: NatsBinary, folder: string): Promise<[ReportTimes, ReportTimes]> {
  const replay = await startReplayProcess({ rates: RECORDED, parallel: 4 });
  const env = { CHIMERA_MODEL: MODEL, CHIMERA_OLLAMA_URLS: replay.url, CHIMERA_DATASETS: 'folders' };
  const fleet = await startFleet({ binary, env });
  const bus = await connectBus({ url: fleet.nats.url, name: 'bench', connectTimeoutMs: 10_000 });
  try {
    await fleet.started();
    const inventories = heard(bus, InventoryPublished.subjects);
    const reports = heard(bus, ReportPublished.subjects);
    await bus.connection.flush();
    // On first use it is found out how many calls at once the server is worth: before what is measured here.
    drop(fleet, 'found-out', (to) => {
      mkdirSync(to);
      writeFileSync(join(to, 'runs.csv'), 'model,ttft_s\na,0.5\na,0.6\na,0.7\n');
    });
    await until('the first report', () => reports.length > 0, GUARD_MS);
    const slots = fleet.logs().find(({ msg }) => / is given \d+ calls at once: /.test(msg))?.msg ?? 'not measured';
    const one = async (dataset: string): Promise<ReportTimes> => {
      const before = reports.length;
      await unload(replay.url);
      rmSync(join(fleet.home, 'blobs', 'names'), { recursive: true, force: true });
      drop(fleet, dataset, (to) => cpSync(folder, to, { recursive: true, preserveTimestamps: true }));
      await until('the report', () => reports.length > before, GUARD_MS);
      const [from, to] = [inventories[before] ?? Number.NaN, reports[before] ?? Number.NaN];
      return { ...(await timesOf(replay, from, to)), slots };
    };
    return [await one('first'), await one('second')];
  } finally {
    await bus.close();
    await fleet.close();
    await replay.close();
    rmSync(fleet.folder, { recursive: true, force: true });
  }
}

async function timesOf(replay: ReplayProcess, from: number, to: number): Promise<Omit<ReportTimes, 'slots'>> {
  const { calls } = await replay.calls();
  const mine = calls.filter((call) => call.arrivedAt >= from && call.arrivedAt < to && call.kind === 'section');
  const serverMs = covered(mine.map((call) => [call.arrivedAt, call.endedAt ?? to]));
  const together = mine.map((call) =>
    mine.filter((other) => other.arrivedAt < (call.endedAt ?? to) && (other.endedAt ?? to) > call.arrivedAt),
  );
  return {
    totalMs: to - from,
    serverMs,
    oursMs: to - from - serverMs,
    beginMs: Math.min(...mine.map((call) => call.arrivedAt)) - from,
    endMs: to - Math.max(...mine.map((call) => call.endedAt ?? to)),
    calls: mine.length,
    tokens: mine.reduce((sum, call) => sum + call.outputTokens, 0),
    atOnce: Math.max(...together.map(({ length }) => length)),
  };
}

/** The moments, in epoch milliseconds, at which something was told on a subject. */
function heard(bus: NatsBus, subject: string): number[] {
  const moments: number[] = [];
  bus.connection.subscribe(subject, { callback: () => void moments.push(performance.timeOrigin + performance.now()) });
  return moments;
}

/** Lays a dataset beside the bucket and moves it in: it is there whole. */
function drop(fleet: Fleet, dataset: string, lay: (to: string) => void): void {
  const staged = join(fleet.folder, dataset);
  lay(staged);
  renameSync(staged, join(fleet.bucket, dataset));
}

async function unload(url: string): Promise<void> {
  const body = JSON.stringify({ model: MODEL, messages: [], keep_alive: 0, stream: false });
  const answer = await fetch(`${url}/api/chat`, { method: 'POST', body });
  if (!answer.ok) throw new Error(`The model could not be unloaded: ${await answer.text()}`);
}

/** How long at least one of the intervals lasted, in all. */
export function covered(intervals: readonly [number, number][]): number {
  let sum = 0;
  let to = Number.NEGATIVE_INFINITY;
  for (const [begin, end] of intervals.toSorted((a, b) => a[0] - b[0])) {
    sum += Math.max(0, end - Math.max(begin, to));
    to = Math.max(to, end);
  }
  return sum;
}
