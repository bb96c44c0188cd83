import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { limitsFrom, scanFolder } from '@chimera/ingest';
import { printableJson, Report } from '@chimera/shared/domain';
import { ollamaUrl } from '@chimera/shared/service';
import { Command } from 'commander';
import { type GivenSide, refusedSentence, sideOf } from '../given-side.ts';
import { analyzeOnce } from '../host.ts';
import { stopSignal } from '../interrupt.ts';
import { artifactFolder, outFolder, prepareOut } from '../out-folder.ts';
import { createProgress, type ProgressTeller } from '../progress.ts';
import { againstBaseline } from '../regression.ts';
import { checkAllSettings } from '../settings-check.ts';
import { summaryLines } from '../summary.ts';
import { CommandFailed, EXIT, UsageError } from '../usage-error.ts';
import { visible } from '../visible.ts';

type AnalyzeOptions = {
  out: string;
  model?: string;
  ollama?: string[];
  profile?: string;
  baseline?: string;
  failOnRegression?: boolean;
  json?: boolean;
};

/** `chimera analyze DIR`: one report over a folder of artifacts. */
export function analyzeCommand(): Command {
  return new Command('analyze')
    .description('Makes one report over a folder of benchmark artifacts.')
    .argument('<dir>', 'the folder that holds the artifacts')
    .option('--out <dir>', 'where the report goes; never inside of <dir>', './chimera-report')
    .option(
      '--model <name>',
      'the Ollama model that writes, or "none" for the template narrator (default: CHIMERA_MODEL, else gemma3:latest)',
    )
    .option('--ollama <url...>', 'Ollama servers to ask, in order (default: CHIMERA_OLLAMA_URLS, OLLAMA_HOST, else localhost)')
    .option('--profile <file>', 'a profile (YAML): per agent, model and options')
    .option(
      '--baseline <path>',
      "what to compare with: a folder of artifacts, a report's folder, report.json or evidence.json, or one artifact",
    )
    .option('--fail-on-regression', 'end with 3 when something is worse than in the baseline; the report is written all the same')
    .option('--json', 'print the report as one JSON document on standard output')
    .action(analyze);
}

async function analyze(given: string, options: AnalyzeOptions): Promise<void> {
  if (options.model !== undefined && options.profile !== undefined)
    throw new UsageError('--model and --profile exclude each other: a profile names the models itself.');
  if (options.failOnRegression && options.baseline === undefined)
    throw new UsageError('--fail-on-regression needs something to compare with: give it with --baseline, as a folder or a report.json.');
  const folder = await artifactFolder(given);
  const out = await outFolder(options.out, folder);
  await requireArtifacts(given, folder);
  const environment = environmentOf(options);
  checkAllSettings(environment);
  const progress = createProgress(process.stderr);
  const { signal, release } = stopSignal();
  let baseline: GivenSide | null = null;
  try {
    // Before the report's folder is written to: the baseline may lie there.
    if (options.baseline !== undefined) baseline = await readBaseline(options.baseline, environment, progress, signal);
    await prepareOut(out);
    await analyzeOnce({ folder, out, environment, progress, signal, ...(baseline ? { baseline } : {}) });
  } finally {
    progress.end();
    release();
  }
  await print(out, options);
  if (baseline !== null) await judge(out, baseline, options);
}

async function readBaseline(given: string, environment: Environment, progress: ProgressTeller, signal: AbortSignal): Promise<GivenSide> {
  progress.note(`chimera: reading the baseline ${visible(given)}`);
  try {
    const baseline = await sideOf(given, { limits: limitsFrom(environment), signal });
    const refused = refusedSentence(baseline);
    if (refused !== null) progress.note(`chimera: ${refused}`);
    return baseline;
  } catch (error) {
    if (signal.aborted) throw new CommandFailed('Stopped before the report was printed.', { cause: error });
    throw error;
  }
}

async function print(out: string, options: AnalyzeOptions): Promise<void> {
  const text = await readFile(join(out, 'report.json'), 'utf8');
  if (options.json) process.stdout.write(printableJson(text));
  else process.stdout.write(`${summaryLines(Report.parse(JSON.parse(text)), out, process.cwd()).join('\n')}\n`);
}

/** Says what got worse and what cannot be told; the exit code says it too where it was asked for. */
async function judge(out: string, { name }: GivenSide, { failOnRegression }: AnalyzeOptions): Promise<void> {
  const { lines, isWorse } = await againstBaseline(out, name);
  for (const line of lines) process.stderr.write(`chimera: ${line}\n`);
  if (failOnRegression && isWorse) process.exitCode = EXIT.verdict;
}

async function requireArtifacts(given: string, folder: string): Promise<void> {
  const { entries } = await scanFolder(folder);
  if (entries.some((entry) => entry.path !== 'chimera.yaml')) return;
  throw new CommandFailed(
    `${given} holds no artifact, so there is nothing to report on. An artifact is a result file: .csv, .tsv, .json, .jsonl, .ndjson, .md, .txt or .log, in this folder or below it. Hidden files, unfinished ones (.part, .tmp) and Chimera's own reports do not count.`,
  );
}

type Environment = Record<string, string | undefined>;

function environmentOf(options: AnalyzeOptions): Environment {
  return {
    ...process.env,
    ...(options.model === undefined ? {} : { CHIMERA_MODEL: options.model, CHIMERA_PROFILE: undefined }),
    ...(options.profile === undefined ? {} : { CHIMERA_PROFILE: options.profile }),
    ...(options.ollama === undefined ? {} : { CHIMERA_OLLAMA_URLS: options.ollama.map(validUrl).join(',') }),
  };
}

function validUrl(given: string): string {
  try {
    return ollamaUrl(given);
  } catch {
    throw new UsageError(`--ollama ${given} is no address: give one such as http://127.0.0.1:11434.`);
  }
}
