import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { OUTPUT_MARKER } from '@chimera/shared/domain';

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
  await writeFile(join(folder, OUTPUT_MARKER), 'Chimera wrote this folder: nothing in it is an artifact.\n');
  for (const name of await readdir(folder)) {
    if (
      OWN_NAMES.includes(name as (typeof OWN_NAMES)[number]) &&
      ![...files.keys()].some((path) => path === name || path.startsWith(`${name}/`))
    )
      await rm(join(folder, name), { recursive: true });
  }
  await writeReportFiles(folder, files);
}

/** Writes files into a report's folder and leaves the others as they are. */
export async function writeReportFiles(folder: string, files: ReportFiles): Promise<void> {
  const last = 'report.json';
  const order = [...files.keys()].filter((path) => path !== last).concat(files.has(last) ? [last] : []);
  for (const path of order) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    const temporary = `${target}.${randomUUID()}.part`;
    await writeFile(temporary, files.get(path) ?? '');
    await rename(temporary, target);
  }
}
