import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { agentSettings } from '@chimera/agent';
import { CampaignFault, type CampaignFile, parseCampaign, sameServer, serversFault } from '@chimera/campaign';
import { collector } from '@chimera/collector';
import { insight } from '@chimera/insight';
import { printableJson, Report } from '@chimera/shared/domain';
import { ollamaUrl } from '@chimera/shared/service';
import { Command } from 'commander';
import { diskFault } from '../campaign/disk-fault.ts';
import { type CampaignPlaces, campaignPlaces, preparePlaces } from '../campaign/places.ts';
import { type Definitions, planListing, planSummary } from '../campaign/plan-listing.ts';
import { makeRuns, type RunsMade } from '../campaign/run.ts';
import { endText } from '../campaign/told.ts';
import { analyzeOnce } from '../host.ts';
import { stopSignal } from '../interrupt.ts';
import { artifactFolder, prepareOut } from '../out-folder.ts';
import { lockFile } from '../process-lock.ts';
import { createProgress, type ProgressTeller } from '../progress.ts';
import { checkAllSettings } from '../settings-check.ts';
import { summaryLines } from '../summary.ts';
import { CommandFailed, EXIT, UsageError } from '../usage-error.ts';
import { visible } from '../visible.ts';

type Given = { out: string; ollama?: string[]; untilDecided?: boolean; model: string; dryRun?: boolean; json?: boolean };

const DEFINITIONS: Definitions = { collector, insight };

/** `chimera campaign FILE.yaml`: runs a matrix of profiles, honestly timed. */
export function campaignCommand(): Command {
  return new Command('campaign')
    .description(
      'Runs profiles, arrangements and repeats as a file says, one after the other, and reports what differs. Stopped, it goes on where it was.',
    )
    .argument('<file>', 'the campaign (YAML): dataset, profiles or a matrix of settings, arrangements, repeats')
    .option('--out <dir>', 'where it goes; never inside of its dataset', './chimera-campaign')
    .option(
      '--ollama <url...>',
      'Ollama servers to time, in order (default: those of the file, else CHIMERA_OLLAMA_URLS, OLLAMA_HOST, localhost)',
    )
    .option('--until-decided', 'add runs while a comparison is undecided, up to most_repeats of the file')
    .option('--model <name>', "the model that writes the campaign's own report, or none for the template narrator", 'none')
    .option('--dry-run', 'print the plan and run nothing')
    .option('--json', "print the campaign's report, or with --dry-run its plan, as one JSON document on standard output")
    .action(campaign);
}

async function campaign(path: string, options: Given): Promise<void> {
  const text = await textOf(path);
  const file = fileOf(text, path);
  const dataset = await artifactFolder(file.dataset);
  const servers = serversOf(file, options);
  const environment = { ...process.env, CHIMERA_MODEL: options.model, CHIMERA_PROFILE: undefined, CHIMERA_OLLAMA_URLS: servers.join(',') };
  checkAllSettings(environment);
  const places = await campaignPlaces(options.out, dataset);
  if (options.dryRun) return printPlan(file, servers, options);
  await preparePlaces(places);
  const lock = await lockFile(places.lock, {
    held: (pid) =>
      `${places.out} is in use by another "chimera campaign" (process ${pid}): stop that one, or name another folder with --out.`,
    contended: `${places.lock} could not be taken: another "chimera campaign" is starting just now; try again.`,
  }).catch((error: unknown) => fail(error, places));
  const progress = createProgress(process.stderr);
  const { signal, release } = stopSignal();
  try {
    for (const line of planListing(planSummary(file, printed(servers), DEFINITIONS)).slice(0, 2)) progress.note(`chimera: ${line}`);
    const parts = { file, path: visible(path), text, dataset, places, servers, definitions: DEFINITIONS, environment, progress, signal };
    const made = await makeRuns({ ...parts, untilDecided: options.untilDecided === true });
    await report(places, environment, progress, signal);
    tellEnd(made, places, progress);
    await printReport(places, options);
    // A campaign that measured nothing answers nothing; the report says of each run why.
    if (!made.entries.some(({ line }) => line.outcome === 'measured')) process.exitCode = EXIT.failed;
  } catch (error) {
    fail(error, places);
  } finally {
    progress.end();
    release();
    await lock.release();
  }
}

/** Throws what a disk has to say as a sentence, and all else as it is. */
function fail(error: unknown, { out }: CampaignPlaces): never {
  const told = error instanceof UsageError || error instanceof CommandFailed ? null : diskFault(error, out);
  throw told === null ? error : new CommandFailed(told, { cause: error });
}

async function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: Error) => {
    throw new UsageError(
      `The campaign ${visible(path)} cannot be read (${visible(error.message)}): give a YAML file; examples/campaigns/ has some.`,
    );
  });
}

function fileOf(text: string, path: string): CampaignFile {
  try {
    return parseCampaign(text, path);
  } catch (error) {
    throw error instanceof CampaignFault ? new UsageError(error.message, { cause: error }) : error;
  }
}

/** The command line's, else those of the file, else those of the environment. */
function serversOf(file: CampaignFile, { ollama }: Given): string[] {
  const given =
    ollama?.map(validUrl) ?? (file.servers.length > 0 ? file.servers : agentSettings({ ...process.env, CHIMERA_PROFILE: undefined }).urls);
  for (const [i, url] of given.entries()) {
    const before = given.slice(0, i).find((other) => sameServer(other, url));
    if (before === undefined) continue;
    const [named, again] = printed([before, url]);
    throw new UsageError(
      `${again} is given twice${named === again ? '' : `, as ${named} too`}: a campaign asks each server by itself, and one cannot be two.`,
    );
  }
  const fault = serversFault(file, given);
  if (fault !== null) throw new UsageError(fault);
  return given;
}

function validUrl(given: string): string {
  try {
    return ollamaUrl(given);
  } catch (error) {
    // Its message leaves out a password, which an address may hold.
    throw new UsageError(`--ollama: ${(error as Error).message}`, { cause: error });
  }
}

/** Addresses as they may be printed. */
function printed(servers: readonly string[]): string[] {
  return servers.map((server) => {
    const url = new URL(server);
    return `${url.protocol}//${url.host}${url.pathname === '/' ? '' : url.pathname}`;
  });
}

function printPlan(file: CampaignFile, servers: readonly string[], { json }: Given): void {
  const plan = planSummary(file, printed(servers), DEFINITIONS);
  process.stdout.write(json ? `${JSON.stringify(plan, null, 2)}\n` : `${planListing(plan).join('\n')}\n`);
}

/** The campaign's own report: its results are a dataset like any other. */
async function report(
  { results, report: out }: CampaignPlaces,
  environment: Readonly<Record<string, string | undefined>>,
  progress: ProgressTeller,
  signal: AbortSignal,
): Promise<void> {
  await prepareOut(out);
  await analyzeOnce({ folder: results, out, environment, progress, signal });
}

function tellEnd({ planned, entries }: RunsMade, { results, runs }: CampaignPlaces, { note }: ProgressTeller): void {
  note(`chimera: ${endText(planned, entries)}`);
  note(`chimera: results in ${results}, a report of each run in ${runs}`);
}

async function printReport({ report: folder }: CampaignPlaces, { json }: Given): Promise<void> {
  const text = await readFile(join(folder, 'report.json'), 'utf8');
  if (json) process.stdout.write(printableJson(text));
  else process.stdout.write(`${summaryLines(Report.parse(JSON.parse(text)), folder, process.cwd()).join('\n')}\n`);
}
