import { randomUUID } from 'node:crypto';
import { open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { CommandFailed } from './usage-error.ts';
import { CHECKED_MARKER } from './verification-page.ts';
import { visible } from './visible.ts';

/** Where an annotated copy goes; `write` puts it there as a whole, or leaves what was there. */
export type AnnotatedFile = { name: string; write(text: string): Promise<void> };

/**
 * Looks whether an annotated copy may be written to `given`, before any work is done for it.
 * @param report the page, as it was given; null: standard input
 * @param artifacts as they were given
 * @throws CommandFailed where it is the report, lies in the artifacts, would overwrite what somebody else wrote, or cannot be written
 */
export async function annotatedFile(given: string, report: string | null, artifacts: string): Promise<AnnotatedFile> {
  const name = visible(given);
  const path = await placeFor(given, name);
  if (report !== null && (await isSame(path, report)))
    throw new CommandFailed(`${name} is the report itself, which is never changed: name another file with --annotate.`);
  if (await contains(artifacts, path))
    throw new CommandFailed(
      `${name} would lie in the artifacts ${visible(artifacts)}, where nothing is written: name another place with --annotate.`,
    );
  await requireOwn(path, name);
  return { name, write: (text) => replace(path, name, text) };
}

/** The path without links, so that a link into the artifacts is seen as what it is; the file itself need not be there yet. */
async function placeFor(given: string, name: string): Promise<string> {
  const path = resolve(given);
  const real = await realpath(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw unwritable(name, error);
  });
  if (real !== null) return real;
  try {
    return join(await realpath(dirname(path)), basename(path));
  } catch (error) {
    throw unwritable(name, error);
  }
}

async function isSame(path: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([statOf(path), statOf(other)]);
  return a !== null && b !== null && a.dev === b.dev && a.ino === b.ino;
}

/** True where `path` is what `outer` names or lies below it. */
async function contains(outer: string, path: string): Promise<boolean> {
  const folder = await realpath(outer).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return resolve(outer);
    throw new CommandFailed(`${visible(outer)} cannot be read: ${visible(error.message)}.`, { cause: error });
  });
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith('../') && !isAbsolute(way);
}

async function requireOwn(path: string, name: string): Promise<void> {
  const there = await statOf(path);
  if (there === null) return;
  if (!there.isFile()) throw new CommandFailed(`${name} is no file: name one with --annotate.`);
  const file = await open(path).catch((error: unknown) => {
    throw unwritable(name, error);
  });
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(CHECKED_MARKER.length), 0, CHECKED_MARKER.length, 0);
    if (there.size > 0 && buffer.toString('latin1', 0, bytesRead) !== CHECKED_MARKER)
      throw new CommandFailed(`${name} is there already, and "chimera verify" did not write it: name another file with --annotate.`);
  } finally {
    await file.close();
  }
}

async function statOf(path: string) {
  return stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw error;
  });
}

/** Under a hidden name first: whoever looks meanwhile sees the old file or the new one, whole. */
async function replace(path: string, name: string, text: string): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path).slice(0, 100)}.${randomUUID()}.tmp`);
  try {
    await writeFile(temporary, text, { flag: 'wx' });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw unwritable(name, error);
  }
}

function unwritable(name: string, error: unknown): CommandFailed {
  const reason = visible(error instanceof Error ? error.message : String(error));
  return new CommandFailed(`${name} cannot be written: ${reason}. Name another file with --annotate.`, { cause: error });
}
