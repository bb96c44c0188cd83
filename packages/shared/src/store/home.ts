import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OUTPUT_MARKER } from '../domain/text.ts';

/** Makes the folder of this host's state, marked as ours: wherever it lies, nothing in it is an artifact. */
export async function prepareHome(home: string): Promise<void> {
  await mkdir(home, { recursive: true });
  await writeFile(join(home, OUTPUT_MARKER), 'Chimera wrote this folder: nothing in it is an artifact.\n');
}
