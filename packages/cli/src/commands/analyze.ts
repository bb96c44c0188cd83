import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { scanFolder } from '@chimera/ingest';
import { printableJson, Report } from '@chimera/shared/domain';
import { ollamaUrl } from '@chimera/shared/service';
import { Command } from 'commander';
import { analyzeOnce } from '../host.ts';
import { stopSignal } from '../interrupt.ts';
import { artifactFolder, outFolder, prepareOut } from '../out-folder.ts';
import { createProgress } from '../progress.ts';
import { checkAllSettings } from '../settings-check.ts';
import { summaryLines } from '../summary.ts';
import { CommandFailed, UsageError } from '../usage-error.ts';

type AnalyzeOptions = { out: string; model?: string; ollama?: string[]; profile?: string; json?: boolean };

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
    .option('--json', 'print the report as one JSON document on standard output')
    .action(analyze);
}

async function analyze(given: string, options: AnalyzeOptions): Promise<void> {
  if (options.model !== undefined && options.profile !== undefined)
    throw new UsageError('--model and --profile exclude each other: a profile names the models itself.');
  const folder = await artifactFolder(given);
  const out = await outFolder(options.out, folder);
  await requireArtifacts(given, folder);
  const environment = environmentOf(options);
  checkAllSettings(environment);
  await prepareOut(out);
  const progress = createProgress(process.stderr);
  const { signal, release } = stopSignal();
  try {
    await analyzeOnce({ folder, out, environment, progress, signal });
  } finally {
    progress.end();
    release();
  }
  const text = await readFile(join(out, 'report.json'), 'utf8');
  if (options.json) process.stdout.write(printableJson(text));
  else process.stdout.write(`${summaryLines(Report.parse(JSON.parse(text)), out, process.cwd()).join('\n')}\n`);
}

async function requireArtifacts(given: string, folder: string): Promise<void> {
  const { entries } = await scanFolder(folder);
  if (entries.some((entry) => entry.path !== 'chimera.yaml')) return;
  throw new CommandFailed(
    `${given} holds no artifact, so there is nothing to report on. An artifact is a result file: .csv, .tsv, .json, .jsonl, .ndjson, .md, .txt or .log, in this folder or below it. Hidden files, unfinished ones (.part, .tmp) and Chimera's own reports do not count.`,
  );
}

function environmentOf(options: AnalyzeOptions): Record<string, string | undefined> {
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
