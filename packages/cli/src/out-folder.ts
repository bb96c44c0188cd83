import { readdir, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { OUTPUT_MARKER } from '@chimera/shared/domain';
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
  const out = await resolveThroughLinks(resolve(given));
  const inside = relative(artifacts, out);
  if (inside === '' || (!inside.startsWith('..') && !isAbsolute(inside))) {
    throw new UsageError(
      `The report would lie in ${out}, inside of the artifacts' folder ${artifacts}: name another folder with --out, such as --out ${join(dirname(artifacts), 'chimera-report')}.`,
    );
  }
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

/** The path with its existing part freed of links, so that a link into the artifacts is seen as what it is. */
async function resolveThroughLinks(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(path) === path) throw error;
    return join(await resolveThroughLinks(dirname(path)), path.slice(dirname(path).length));
  }
}
