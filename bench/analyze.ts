// Measures `chimera analyze` with the template narrator, from the start of the process to the report on disk.
//   npm run bench
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, type as systemType, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../test/support/seed.ts';
import { benchArtifacts } from './artifacts.ts';
import { treeBytes } from './process-tree.ts';

const WARM_RUNS = 7;
const COLD_RUNS = 3;
const SAMPLE_MS = 5;

type Measured = { seconds: number; peakBytes: number | null };

async function analyze(folder: string, env: NodeJS.ProcessEnv): Promise<Measured> {
  const out = mkdtempSync(join(tmpdir(), 'chimera-bench-out-'));
  const started = performance.now();
  const child = spawn(join(ROOT, 'packages/cli/bin/chimera'), ['analyze', folder, '--model', 'none', '--out', out], {
    env: { ...process.env, ...env },
    stdio: 'ignore',
  });
  let peak: number | null = null;
  const sampler = setInterval(() => {
    const bytes = treeBytes(child.pid ?? 0);
    if (bytes !== null) peak = Math.max(peak ?? 0, bytes);
  }, SAMPLE_MS);
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  clearInterval(sampler);
  if (code !== 0) throw new Error(`chimera analyze ended with ${code}; run it by hand to see why.`);
  // The report's own time: the process ends a little later, once NATS has stopped.
  const seconds = (statSync(join(out, 'report.json')).mtimeMs - (performance.timeOrigin + started)) / 1_000;
  rmSync(out, { recursive: true, force: true });
  return { seconds, peakBytes: peak };
}

/** Empties the page cache; only root on Linux may. */
function dropPageCache(): boolean {
  try {
    writeFileSync('/proc/sys/vm/drop_caches', '3');
    return true;
  } catch {
    return false;
  }
}

function row(name: string, runs: readonly Measured[], secondsAsked: number): string {
  const seconds = runs.map((r) => r.seconds).sort((a, b) => a - b);
  const peaks = runs.flatMap((r) => (r.peakBytes === null ? [] : [r.peakBytes / 1e6]));
  const median = seconds[Math.floor(seconds.length / 2)] ?? Number.NaN;
  const memory = peaks.length === 0 ? 'cannot be told here' : `${Math.max(...peaks).toFixed(0)} MB`;
  return `| ${name} | ${runs.length} | ${median.toFixed(2)} s | ${(seconds.at(-1) ?? Number.NaN).toFixed(2)} s | ${secondsAsked.toFixed(1)} s | ${memory} | 300 MB |`;
}

const { folder, what } = benchArtifacts();
try {
  await analyze(folder, {});
  const warm: Measured[] = [];
  for (let i = 0; i < WARM_RUNS; i++) warm.push(await analyze(folder, {}));
  const cold: Measured[] = [];
  const dropped = dropPageCache();
  for (let i = 0; i < COLD_RUNS; i++) {
    const cache = mkdtempSync(join(tmpdir(), 'chimera-bench-cache-'));
    dropPageCache();
    cold.push(await analyze(folder, { NODE_COMPILE_CACHE: cache }));
    rmSync(cache, { recursive: true, force: true });
  }
  const processors = cpus();
  console.log(
    [
      `\`chimera analyze\` of ${what}, template narrator, from process start to report.json on disk.`,
      `Machine: ${processors.length} × ${processors[0]?.model ?? 'unknown'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ${systemType()}, Node ${process.versions.node}.`,
      '',
      '| caches | runs | median | worst | asked | peak memory of the process tree | asked |',
      '| --- | --- | --- | --- | --- | --- | --- |',
      row('warm', warm, 1.5),
      row(dropped ? 'cold (page cache dropped, no compile cache)' : 'no compile cache (the page cache could not be dropped)', cold, 3),
    ].join('\n'),
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
