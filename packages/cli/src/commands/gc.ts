import { stat } from 'node:fs/promises';
import { reportsFolder } from '@chimera/reporter';
import { openDeadBox } from '@chimera/shared/bus';
import { CommonSettings, natsLogin, parseSettings } from '@chimera/shared/service';
import { openBlobs } from '@chimera/shared/store';
import { Command, InvalidArgumentError } from 'commander';
import { connectOrFail } from '../connect.ts';
import { type Collected, collect, type GcOptions } from '../gc/collect.ts';
import { oldLetters } from '../gc/letters.ts';
import { CommandFailed } from '../usage-error.ts';
import { cut, visible } from '../visible.ts';

const DAY_MS = 86_400_000;
const DEFAULT_AGE_MS = 90 * DAY_MS;
const DEFAULT_GRACE_MS = DAY_MS;
const LISTED = 50;
const WIDEST_NAME = 60;

type GcFlags = { home?: string; nats?: string; keepReports?: number; olderThan?: number; grace: number; dryRun?: boolean; json?: boolean };

/** `chimera gc`: retention. */
export function gcCommand(): Command {
  return new Command('gc')
    .description(
      'Removes what is old: superseded reports, stored answers of models, dead letters, and then every blob that nothing leads to any more. Current reports and what they are made of always stay. Services may run meanwhile.',
    )
    .option('--home <dir>', 'where the reports lie (default: CHIMERA_HOME, else ./.chimera)')
    .option('--older-than <age>', 'what is old, such as 90d, 12h or 30m (default: 90d)', age)
    .option(
      '--keep-reports <n>',
      'keeps the newest n superseded reports of each dataset, however old; without --older-than all others go, however young',
      wholeNumber,
    )
    .option('--grace <age>', 'no blob that was stored more recently goes; less than 2h only while no service runs', age, DEFAULT_GRACE_MS)
    .option('--dry-run', 'says what would go, and changes nothing')
    .option('--nats <url>', 'the NATS server (default: CHIMERA_NATS_URL, else nats://127.0.0.1:4222)')
    .option('--json', 'print what went as one JSON document')
    .action(gc);
}

async function gc(flags: GcFlags): Promise<void> {
  const settings = parseSettings(CommonSettings, process.env);
  const home = flags.home || settings.CHIMERA_HOME;
  const dial = { url: flags.nats || settings.CHIMERA_NATS_URL, ...natsLogin(settings, 'admin'), name: 'chimera gc', connectTimeoutMs: 0 };
  await requireReports(home);
  const box = await openDeadBox(dial).catch(failed);
  try {
    const bus = await connectOrFail(dial);
    try {
      const blobs = await openBlobs(settings.CHIMERA_BLOBS, home, bus.connection, settings);
      const collected = await collect({ bus, blobs, letters: oldLetters(box) }, { ...limitsOf(flags), home });
      process.stdout.write(flags.json ? `${JSON.stringify(collected, null, 1)}\n` : listing(collected));
    } finally {
      await bus.close();
    }
  } catch (error) {
    failed(error);
  } finally {
    await box.close();
  }
}

/** With a number of reports alone, their age does not count. */
function limitsOf({ olderThan, keepReports, grace, dryRun }: GcFlags): Omit<GcOptions, 'home'> {
  const maxAgeMs = olderThan ?? DEFAULT_AGE_MS;
  const reports = { maxAgeMs: keepReports !== undefined && olderThan === undefined ? null : maxAgeMs, newest: keepReports ?? null };
  return { reports, maxAgeMs, graceMs: grace, dryRun: dryRun ?? false, now: Date.now() };
}

/** On another host than the reporter's, folders would stay behind that nothing leads to. */
async function requireReports(home: string): Promise<void> {
  const folder = reportsFolder(home);
  try {
    if ((await stat(folder)).isDirectory()) return;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  throw new CommandFailed(`There are no reports at ${folder}: run this where the reporter runs, and name its home with --home.`);
}

function failed(error: unknown): never {
  const message = error instanceof Error ? error.message : String(error);
  const sentence = /permissions violation/i.test(message)
    ? `NATS refuses this to the user of these credentials (${message}): retention is the work of admin. Name its file in CHIMERA_NATS_CREDS.`
    : message;
  throw new CommandFailed(visible(sentence), { cause: error });
}

function listing({ dryRun, reports, answers, letters, blobs, kept }: Collected): string {
  const rows = reports
    .slice(0, LISTED)
    .map(({ dataset, run, openedAt }) => `  ${openedAt}  ${cut(dataset, WIDEST_NAME)}  run ${run.slice(0, 12)}`);
  if (reports.length > LISTED) rows.push(`  and ${reports.length - LISTED} more`);
  return [
    `${dryRun ? 'would go' : 'removed'}: ${counted(reports.length, 'superseded report')}, ${counted(answers, 'stored answer')}, ${counted(letters, 'dead letter')}, ${counted(blobs.count, 'blob')} of ${bytes(blobs.bytes)}`,
    ...rows,
    `${dryRun ? 'would stay' : 'kept'}: ${counted(kept.reports, 'report')}, ${counted(kept.blobs, 'blob')} of ${bytes(kept.bytes)}`,
    '',
  ].join('\n');
}

function counted(n: number, one: string): string {
  return `${n} ${one}${n === 1 ? '' : 's'}`;
}

function bytes(n: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = n < 1_000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(n) / 3));
  return `${power === 0 ? n : (n / 1_000 ** power).toFixed(1)} ${units[power]}`;
}

const UNITS: Readonly<Record<string, number>> = { d: DAY_MS, h: 3_600_000, m: 60_000, s: 1_000 };

function age(given: string): number {
  const [, amount, unit] = /^(\d{1,6})([dhms])$/.exec(given) ?? [];
  const ms = UNITS[unit ?? ''];
  if (amount === undefined || ms === undefined) throw new InvalidArgumentError('give a number and d, h, m or s, such as 90d.');
  return Number(amount) * ms;
}

function wholeNumber(given: string): number {
  if (!/^\d{1,9}$/.test(given)) throw new InvalidArgumentError('give a whole number, 0 or more.');
  return Number(given);
}
