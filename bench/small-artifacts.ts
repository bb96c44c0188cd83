import { cpus, type as systemType, totalmem } from 'node:os';

const FOLDERS = 100;

/** Half JSON of five numbers, half CSV of three rows; each in one of a hundred folders. */
export function smallArtifact(i: number): { path: string; text: string } {
  const folder = `d${i % FOLDERS}`;
  if (i % 2 === 1) {
    const numbers = { model: `m${i % 3}`, ttft_s: 0.1 + i / 1e5, tokens_per_second: 80 + (i % 7), latency_ms: [10 + (i % 3), 11, 12] };
    return { path: `${folder}/r${i}.json`, text: JSON.stringify(numbers) };
  }
  const rows = [1, 2, 3].map((row) => `m${row},${0.15 + row / 100 + i / 1e5},${80 + row}`);
  return { path: `${folder}/r${i}.csv`, text: `model,ttft_s,tokens_s\n${rows.join('\n')}\n` };
}

/** The machine on which was measured, in a line. */
export function machine(): string {
  const processors = cpus();
  return `Machine: ${processors.length} × ${processors[0]?.model ?? 'unknown'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ${systemType()}, Node ${process.versions.node}.`;
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
