import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { OUTPUT_MARKER } from '@chimera/shared/domain';
import { prepareHome } from '@chimera/shared/store';
import { CommandFailed, UsageError } from './usage-error.ts';

/** The folder of artifacts, as an absolute path without links. Throws when there is none. */
export async function artifactFolder(given: string): Promise<string> {
  try {
    const path = await realpath(given);
    if ((await stat(path)).isDirectory()) return path;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      throw new CommandFailed(`${given} cannot be read: ${(error as Error).message}.`, { cause: error });
    throw new CommandFailed(`There is no folder ${given}: give the folder that holds the benchmark artifacts.`, { cause: error });
  }
  throw new CommandFailed(`${given} is no folder: give the folder that holds the artifact; every artifact in it goes into one report.`);
}

/**
 * Where the report goes: outside of the artifacts' folder, and either new, empty, or written by Chimera before.
 * Throws UsageError otherwise: a person's files are never overwritten.
 */
export async function outFolder(given: string, artifacts: string): Promise<string> {
  const out = await resolveThroughLinks(resolve(given), given);
  if (contains(artifacts, out)) {
    throw new UsageError(
      `The report would lie in ${out}, inside of the artifacts' folder ${artifacts}: name another folder with --out, such as --out ${join(dirname(artifacts), 'chimera-report')}.`,
    );
  }
  if (contains(out, artifacts))
    throw new UsageError(
      `The artifacts lie in ${artifacts}, inside of the report's folder ${out}, where old pages are removed: name another folder with --out.`,
    );
  try {
    const names = await readdir(out);
    if (names.length > 0 && !names.includes(OUTPUT_MARKER))
      throw new UsageError(`${out} holds files that Chimera did not write, and would be overwritten: name another folder with --out.`);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      throw new UsageError(`${out} cannot hold the report: ${(error as Error).message}. Name another folder with --out.`, { cause: error });
  }
  return out;
}

/** True where `inner` is `outer` or lies below it. */
export function contains(outer: string, inner: string): boolean {
  const path = relative(outer, inner);
  return path !== '..' && !path.startsWith('../') && !isAbsolute(path);
}

/** Makes the folder and tries to write into it, before any work is done for it. Throws CommandFailed that names it and the reason. */
export async function prepareOut(out: string): Promise<void> {
  try {
    await prepareHome(out);
  } catch (error) {
    throw new CommandFailed(`The report cannot be written to ${out} (${(error as Error).message}): name another folder with --out.`, {
      cause: error,
    });
  }
}

/** The path with its existing part freed of links, so that a link into the artifacts is seen as what it is. */
export async function resolveThroughLinks(path: string, given: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR')
      throw new UsageError(`${given} leads through a file: name a folder with --out.`, { cause: error });
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(path) === path) throw error;
  }
  if (await isLink(path)) throw new UsageError(`${path} is a link that leads nowhere: name another folder with --out.`);
  return join(await resolveThroughLinks(dirname(path), given), basename(path));
}

async function isLink(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isSymbolicLink();
  } catch {
    // What is not there is no link.
    return false;
  }
}
