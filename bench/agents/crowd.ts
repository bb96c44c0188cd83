// Many workers on many servers: each dataset is a folder, each analysis the single agent's, so that no two prompts are alike.
import { mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AnalysisCompleted, connectBus } from '@chimera/shared/bus';
import { type Fleet, startFleet } from '../../test/support/fleet.ts';
import type { NatsBinary } from '../../test/support/nats.ts';
import { until } from '../../test/support/wait.ts';
import type { CallTimes } from './replay-child.ts';
import { type ReplayProcess, startReplayProcess } from './replay-process.ts';
import { RECORDED } from './report.ts';

const GUARD_MS = 600_000;
/** The fleet of the tests compares what it knows every other second, which is work of its own. */
const AS_BY_DEFAULT = { CHIMERA_RECONCILE_SECONDS: '60', CHIMERA_SCAN_SECONDS: '2' };
const WATCH_MS = 500;
/** When the first dataset was last modified; seconds since 1970. */
const BEGINNING = 1_750_000_000;
const PROFILE = 'name: single\nagents:\n  insight:\n    model: gemma3:latest\n    options: {}\n';

export type Crowd = {
  /** calls of each server, by the order of the servers */
  calls: CallTimes[][];
  /** moments at which analyses were completed, and of which runs; epoch milliseconds */
  completed: { at: number; run: string }[];
  kills: number;
};

export type CrowdOptions = {
  binary: NatsBinary;
  servers: number;
  datasets: number;
  /** datasets a worker that are analysed before: processes of node are slow at first, and here 16 nodes share one machine */
  warm?: number;
  /** a server that takes calls and never answers */
  hung?: boolean;
  /** milliseconds between two kills of a worker chosen by turns */
  killEveryMs?: number;
  env?: NodeJS.ProcessEnv;
  /** default: as recorded */
  rates?: { tokensPerSecond: number[]; loadMs: number; promptMs: number };
  /** called every half second with the text of a worker's metrics */
  watch?: (metrics: string) => void;
};

/** Runs one worker a server until all datasets are analysed. */
export async function runCrowd({
  binary,
  servers,
  datasets,
  warm = 0,
  hung = false,
  killEveryMs,
  env = {},
  rates,
  watch,
}: CrowdOptions): Promise<Crowd> {
  const replays = await Promise.all(
    Array.from({ length: servers }, (_, i) =>
      startReplayProcess({
        rates: rates ?? { ...RECORDED, tokensPerSecond: [98] },
        parallel: 1,
        ...(hung && i === 0 ? { behaviour: { kind: 'hang' } } : {}),
      }),
    ),
  );
  const fleet = await startFleet({
    binary,
    start: false,
    env: { CHIMERA_MODEL: 'gemma3:latest', CHIMERA_DATASETS: 'folders', ...AS_BY_DEFAULT, ...env },
  });
  const profile = join(fleet.folder, 'profile.yaml');
  writeFileSync(profile, PROFILE);
  const bus = await connectBus({ url: fleet.nats.url, name: 'bench', connectTimeoutMs: 10_000 });
  const completed: Crowd['completed'] = [];
  bus.connection.subscribe(AnalysisCompleted.subjects, {
    callback: (_, message) => void completed.push({ at: Date.now(), run: AnalysisCompleted.schema.parse(message.json()).run.id }),
  });
  let killer: NodeJS.Timeout | undefined;
  let watcher: NodeJS.Timeout | undefined;
  let kills = 0;
  try {
    fleet.add('ingest');
    for (const { url } of replays) fleet.add('insight', { CHIMERA_PROFILE: profile, CHIMERA_OLLAMA_URLS: `${url}#slots=1` });
    await fleet.started();
    const analysed = (count: number) => until('all analyses', () => new Set(completed.map(({ run }) => run)).size >= count, GUARD_MS);
    drop(fleet, 0, warm * servers);
    await analysed(warm * servers);
    const from = Date.now();
    drop(fleet, warm * servers, datasets);
    const url = fleet.log('insight-1').find(({ msg }) => msg === 'started')?.url;
    if (watch !== undefined)
      watcher = setInterval(() => void fetch(`${String(url)}/metrics`).then(async (answer) => watch(await answer.text())), WATCH_MS);
    if (killEveryMs !== undefined)
      killer = setInterval(() => {
        const names = fleet.names('insight');
        const name = names[(kills * 7 + 3) % names.length];
        if (name !== undefined && fleet.kill(name)) kills += 1;
      }, killEveryMs);
    await analysed(warm * servers + datasets);
    clearInterval(killer);
    const calls = await callsOf(replays);
    return {
      calls: calls.map((one) => one.filter(({ arrivedAt }) => arrivedAt >= from)),
      completed: completed.filter(({ at }) => at >= from),
      kills,
    };
  } finally {
    clearInterval(killer);
    clearInterval(watcher);
    await bus.close();
    await fleet.close();
    await Promise.all(replays.map((replay) => replay.close()));
    rmSync(fleet.folder, { recursive: true, force: true });
  }
}

async function callsOf(replays: readonly ReplayProcess[]): Promise<CallTimes[][]> {
  const told = await Promise.all(replays.map((replay) => replay.calls()));
  return told.map(({ calls }) => calls.filter((call) => call.kind === 'section'));
}

/** Lays datasets of a few numbers each, and moves them into the bucket at once. */
function drop(fleet: Fleet, first: number, count: number): void {
  const numbers = Array.from({ length: count }, (_, i) => first + i);
  for (const i of numbers) {
    const staged = join(fleet.folder, `d${i}`);
    mkdirSync(join(staged, `r${i}`), { recursive: true });
    const rows = [0, 1, 2, 3, 4].map((row) => `m${i},${0.2 + i / 1e3 + row / 1e4},${80 + (i % 9) + row / 10}`);
    // Names and times of its own: an answer to the same prompt would be taken from the store.
    const file = join(staged, `r${i}`, `runs-${i}.csv`);
    writeFileSync(file, `model,ttft_s,tokens_s\n${rows.join('\n')}\n`);
    const seconds = BEGINNING + i * 100;
    utimesSync(file, seconds, seconds);
  }
  for (const i of numbers) renameSync(join(fleet.folder, `d${i}`), join(fleet.bucket, `d${i}`));
}

/** Milliseconds that each server was idle between two calls, while work was waiting. */
export function idleTimes(calls: readonly CallTimes[][], until: number): number[] {
  return calls.flatMap((one) =>
    one.flatMap((call, i) => {
      const before = one[i - 1]?.endedAt;
      return before === undefined || before === null || call.arrivedAt > until ? [] : [Math.max(0, call.arrivedAt - before)];
    }),
  );
}

/** The value below which so great a share of the values lies, by nearest rank. */
export function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(share * values.length) - 1)] ?? Number.NaN;
}
