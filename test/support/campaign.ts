import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CampaignRun, Evidence, type Fact, Report } from '@chimera/shared/domain';
import { chimera, type Outcome } from './chimera.ts';
import { ROOT } from './seed.ts';

/** A campaign that has been run: what it wrote. */
export type Ran = {
  outcome: Outcome;
  out: string;
  lines: CampaignRun[];
  report: Report;
  markdown: string;
  facts: Fact[];
};

/** Writes a campaign's file into a folder; returns its path. JSON is YAML. */
export function campaignFile(folder: string, content: object, name = 'campaign.yaml'): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(content, null, 2));
  return path;
}

/** Runs a campaign to its end by the real command, and reads what it wrote. */
export async function runCampaign(file: string, out: string, args: readonly string[] = [], timeout = 300_000): Promise<Ran> {
  const outcome = await chimera(['campaign', file, '--out', out, ...args], { timeout });
  if (outcome.code !== 0) throw new Error(`The campaign ended with ${outcome.code}:\n${outcome.stderr.slice(-3_000)}`);
  return { outcome, ...written(out) };
}

/** What a campaign that is over wrote into its folder. */
export function written(out: string): Omit<Ran, 'outcome'> {
  const read = (path: string) => readFileSync(join(out, path), 'utf8');
  return {
    out,
    lines: runLines(out),
    report: Report.parse(JSON.parse(read('report/report.json'))),
    markdown: read('report/report.md'),
    facts: Evidence.parse(JSON.parse(read('report/evidence.json'))).facts,
  };
}

export function runLines(out: string): CampaignRun[] {
  return readFileSync(join(out, 'results/runs.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => CampaignRun.parse(JSON.parse(line)));
}

/** The reports of single runs, by their folder. */
export function runReports(out: string): Map<string, Report> {
  const folder = join(out, 'runs');
  const names = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'report.json')));
  return new Map(names.sort().map((name) => [name, Report.parse(JSON.parse(readFileSync(join(folder, name, 'report.json'), 'utf8')))]));
}

/** The median of some numbers, by sorting: not the way the program takes. */
export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[half] ?? Number.NaN) : ((sorted[half - 1] ?? Number.NaN) + (sorted[half] ?? Number.NaN)) / 2;
}

/** What the measured runs of a cell have in one field. */
export function valuesOf(
  lines: readonly CampaignRun[],
  field: keyof CampaignRun['measured'],
  of: Partial<Pick<CampaignRun, 'profile' | 'arrangement' | 'start'>>,
): number[] {
  return lines
    .filter((line) => line.outcome === 'measured' && Object.entries(of).every(([name, value]) => line[name as keyof typeof of] === value))
    .map((line) => line.measured[field]?.value ?? Number.NaN);
}

/**
 * Starts a campaign and ends its process with SIGKILL as soon as its journal has so many tries. Resolves with how it ended: a code
 * where it was over before that.
 */
export async function killedAfter(file: string, out: string, tries: number): Promise<number | null> {
  const journal = join(out, '.campaign/journal');
  mkdirSync(journal, { recursive: true });
  const child: ChildProcess = spawn(join(ROOT, 'packages/cli/bin/chimera'), ['campaign', file, '--out', out], {
    cwd: ROOT,
    env: { ...process.env, OLLAMA_HOST: 'http://127.0.0.1:9' },
    stdio: 'ignore',
  });
  const there = () => readdirSync(journal).filter((name) => name.endsWith('.json')).length;
  const watcher = watch(journal, () => {
    if (there() >= tries) child.kill('SIGKILL');
  });
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => resolve(code));
    });
  } finally {
    watcher.close();
  }
}
