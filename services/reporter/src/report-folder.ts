import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { OUTPUT_MARKER, Report } from '@chimera/shared/domain';
import { ReportEntry } from './report-index.ts';

/** What lies in a report's folder beside the marker; anything else there is left alone. */
const OWN_NAMES = [
  'report.md',
  'report.html',
  'report.json',
  'agents',
  'evidence.json',
  'observations.json',
  'measurements.parquet',
  'transcripts',
] as const;

/** File contents by their path in the report's folder. */
export type ReportFiles = ReadonlyMap<string, string | Uint8Array>;

/**
 * Writes a report's files, each under a temporary name first, `report.json` last: whoever sees it sees all of them.
 * Agents' pages and transcripts of an earlier revision that are not written again are removed.
 */
export async function writeReportFolder(folder: string, files: ReportFiles): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeMarker(folder, null);
  const inFolders = FOLDERS.map((name) => join(folder, name));
  for (const path of [...OWN_NAMES.map((name) => join(folder, name)), ...(await Promise.all(inFolders.map(pathsIn))).flat()])
    if (![...files.keys()].some((own) => isAtOrIn(path, join(folder, own)))) await rm(path, { recursive: true, force: true });
  await writeReportFiles(folder, files);
}

/** Of its own names those that are folders. */
const FOLDERS = ['agents', 'transcripts'] as const satisfies readonly (typeof OWN_NAMES)[number][];

async function pathsIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).map((name) => join(folder, name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Whether a file is this one, or lies in it. */
function isAtOrIn(path: string, file: string): boolean {
  return file === path || file.startsWith(join(path, '/'));
}

/** Folders that are being removed lie beside those of the datasets under this beginning: nobody takes them for reports. */
const GOING = '.going-';

/**
 * Removes a report's folder from the folder of all reports: at one stroke for whoever looks, and to its end where an earlier removal of
 * it was broken off. What somebody else has put there goes back to its place.
 */
export async function removeReportFolder(folder: string): Promise<void> {
  const dataset = dirname(folder);
  const going = join(dirname(dataset), `${GOING}${basename(dataset)}-${basename(folder)}`);
  await removeOwn(going, folder);
  if (await moved(folder, going)) await removeOwn(going, folder);
}

async function removeOwn(going: string, folder: string): Promise<void> {
  for (const name of [...OWN_NAMES, OUTPUT_MARKER]) await rm(join(going, name), { recursive: true, force: true });
  try {
    await rmdir(going);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
    await moved(going, folder);
  }
}

/** False where there is nothing to move. */
async function moved(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/**
 * Says in the marker what the folder holds, once all of it is there; null while it is being written. So a look at
 * one small file tells whether a report is whole and what it says of itself.
 */
export async function writeMarker(folder: string, holds: ReportEntry | null): Promise<void> {
  const text = `Chimera wrote this folder: nothing in it is an artifact.\n${holds === null ? '' : `${JSON.stringify(holds)}\n`}`;
  await writeWhole(join(folder, OUTPUT_MARKER), text);
}

/** What the marker of a folder says; null where there is none, or where writing did not come to its end. */
export async function readMarker(folder: string): Promise<ReportEntry | null> {
  try {
    const [, line = ''] = (await readFile(join(folder, OUTPUT_MARKER), 'utf8')).split('\n');
    return line === '' ? null : (ReportEntry.safeParse(JSON.parse(line)).data ?? null);
  } catch (error) {
    // A marker that somebody else wrote into says nothing; the report is written again.
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** The report that lies in a folder; null where there is none, or one that this version does not read. */
export async function readReport(folder: string): Promise<Report | null> {
  try {
    return Report.safeParse(JSON.parse(await readFile(join(folder, 'report.json'), 'utf8'))).data ?? null;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Writes files into a report's folder and leaves the others as they are. */
export async function writeReportFiles(folder: string, files: ReportFiles): Promise<void> {
  await writeMarker(folder, null);
  const last = 'report.json';
  const others = [...files].filter(([path]) => path !== last);
  await Promise.all([...new Set(others.map(([path]) => dirname(join(folder, path))))].map((inner) => mkdir(inner, { recursive: true })));
  // All come to their end, whatever becomes of one: nothing is written behind the back of whoever tries again.
  const ended = await Promise.allSettled(others.map(([path, content]) => writeWhole(join(folder, path), content)));
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
  const report = files.get(last);
  if (report !== undefined) await writeWhole(join(folder, last), report);
}

async function writeWhole(target: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${target}.${randomUUID()}.part`;
  await writeFile(temporary, content);
  await rename(temporary, target);
}
