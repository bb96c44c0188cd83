import { historyCommandLine } from '@chimera/evidence';
import { datasetsWithHistory, historyOfDataset, type KnownHistories, WHOLE_DATASET } from '@chimera/ingest';
import { type NatsBus, withoutPassword } from '@chimera/shared/bus';
import { CommonSettings, natsLogin, parseSettings } from '@chimera/shared/service';
import { type Blobs, openBlobs, S3Fault } from '@chimera/shared/store';
import { Command } from 'commander';
import { connectOrFail } from '../connect.ts';
import { historyJson } from '../history/history-json.ts';
import { historyListing } from '../history/history-listing.ts';
import { type ToldHistory, tellHistory } from '../history/told-history.ts';
import { writePieces } from '../output.ts';
import { CommandFailed } from '../usage-error.ts';
import { visible } from '../visible.ts';

type HistoryFlags = { home?: string; metric?: string; nats?: string; all?: boolean; json?: boolean };

/** `chimera history DATASET`: what the blob store knows of all its inventories. */
export function historyCommand(): Command {
  return new Command('history')
    .description(
      'Shows each metric of each configuration through the inventories of a dataset: what changed when, which inventory brought it, and since when the present level holds. Reads the blob store alone, and changes nothing.',
    )
    .argument('[dataset]', 'its name in the reports: a folder of the bucket with CHIMERA_DATASETS=folders, else the whole', WHOLE_DATASET)
    .option('--metric <name>', 'only series of this metric, such as output_token_throughput')
    .option('--all', 'every inventory of each series, not the newest alone')
    .option('--json', 'print all of it as one JSON document')
    .option('--home <dir>', 'where the blobs lie, unless CHIMERA_BLOBS says so (default: CHIMERA_HOME, else ./.chimera)')
    .option('--nats <url>', 'the NATS server, where blobs lie in NATS (default: CHIMERA_NATS_URL, else nats://127.0.0.1:4222)')
    .action(history);
}

async function history(dataset: string, flags: HistoryFlags): Promise<void> {
  const told = await withBlobs(flags, (blobs, where) => read(blobs, where, dataset, flags.metric));
  await writePieces(process.stdout, flags.json ? historyJson(told) : historyListing(told, flags.all === true));
}

async function read(blobs: Blobs, where: string, dataset: string, metric: string | undefined): Promise<ToldHistory> {
  const found = await historyOfDataset(blobs, dataset);
  if (found === null) throw new CommandFailed(noneSentence(dataset, where, await datasetsWithHistory(blobs)));
  const told = tellHistory(dataset, found, metric);
  if (metric !== undefined && told.series.length === 0) throw new CommandFailed(noMetricSentence(metric, tellHistory(dataset, found)));
  return told;
}

function noneSentence(dataset: string, where: string, { datasets, unread }: KnownHistories): string {
  const [first] = datasets;
  const known =
    first !== undefined
      ? `there ${datasets.length === 1 ? 'is that' : 'are those'} of ${datasets.join(', ')}. Name one, as in "${historyCommandLine(first)}"`
      : unread.length > 0
        ? 'there is none that can be read'
        : 'there is none of any dataset. "chimera up" keeps one from its first inventory on; "chimera analyze" keeps none';
  const others = unread.map(({ name, reason }) => ` What ${name}… leads to cannot be read, so its dataset is not known (${reason}).`);
  return visible(
    `There is no history of dataset "${dataset}" in ${where}: ${known}.${others.join('')} Another store is named with --home or CHIMERA_BLOBS.`,
  );
}

function noMetricSentence(metric: string, { dataset, series }: ToldHistory): string {
  const names = [...new Set(series.map((one) => one.series.metric))].sort();
  const known = names.length === 0 ? 'it has none of any metric of the registry' : `it has ${names.join(', ')}`;
  return visible(`The history of dataset "${dataset}" has no series of metric "${metric}": ${known}.`);
}

function unreadableSentence(where: string, { message }: Error): string {
  return visible(
    `The history cannot be read from ${where} (${message}). Check its rights, or name another store with --home or CHIMERA_BLOBS.`,
  );
}

/** Opens the store; only where blobs lie in NATS is anything asked of a server of it. */
async function withBlobs<T>(flags: HistoryFlags, use: (blobs: Blobs, where: string) => Promise<T>): Promise<T> {
  const settings = parseSettings(CommonSettings, process.env);
  const home = flags.home || settings.CHIMERA_HOME;
  const inNats = settings.CHIMERA_BLOBS === 'nats';
  const url = flags.nats || settings.CHIMERA_NATS_URL;
  const dial = { url, ...natsLogin(settings, 'admin'), name: 'chimera history', connectTimeoutMs: 0 };
  const where = inNats ? `the object store of NATS at ${withoutPassword(url)}` : (settings.CHIMERA_BLOBS ?? `${home}/blobs`);
  const bus: NatsBus | null = inNats ? await connectOrFail(dial) : null;
  try {
    const blobs = await openBlobs(settings.CHIMERA_BLOBS, home, bus?.connection ?? null, settings);
    return await use(blobs, where);
  } catch (error) {
    if (error instanceof S3Fault) throw new CommandFailed(visible(error.message), { cause: error });
    if (!inNats && error instanceof Error && 'syscall' in error)
      throw new CommandFailed(unreadableSentence(where, error), { cause: error });
    throw error;
  } finally {
    await bus?.close();
  }
}
