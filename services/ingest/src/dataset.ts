import { ARTIFACT_KINDS } from '@chimera/shared/domain';
import { parse } from 'yaml';
import { z } from 'zod';
import type { DatasetMode } from './config.ts';
import { DATASET_FILE, type Entry } from './entry.ts';

/** The dataset of files that lie beside the folders, where each folder is a dataset. */
export const ROOT_DATASET = '(root)';
/** The dataset that a whole bucket, or a folder given to `analyze`, is: not the folder's name, which is no content. */
export const WHOLE_DATASET = 'bucket';

/** A folder of a dataset as people write it: `reports`, `reports/`, `./reports`. */
const FolderName = z
  .string()
  .transform((name) =>
    name
      .replace(/\/+/g, '/')
      .replace(/^(\.\/)+/, '')
      .replace(/\/$/, ''),
  )
  .refine(
    (name) => name !== '' && name !== '.' && !name.startsWith('/') && !name.split('/').includes('..'),
    'must be a folder below the dataset, such as reports or reports/raw',
  );

/** `chimera.yaml` in a dataset's folder. `baseline` and `profile` are for later: they are taken and have no effect yet. */
export const DatasetFile = z.strictObject({
  title: z
    .string()
    .min(1)
    .refine((title) => title.isWellFormed(), 'holds half a character')
    .optional(),
  expected: z
    .strictObject({
      folders: z
        .array(FolderName)
        .transform((names) => [...new Set(names)])
        .optional(),
      kinds: z.array(z.enum(ARTIFACT_KINDS)).optional(),
    })
    .optional(),
  baseline: z.string().optional(),
  profile: z.string().optional(),
});
export type DatasetFile = z.infer<typeof DatasetFile>;

// Reading YAML takes time by the square of its keys.
const MOST_CHARACTERS = 16_384;

/** Parses `chimera.yaml`; returns its content, or a sentence that says what is wrong with it. */
export function parseDatasetFile(text: string): { file: DatasetFile } | { fault: string } {
  if (text.length > MOST_CHARACTERS)
    return { fault: `${DATASET_FILE} holds more than ${MOST_CHARACTERS} characters: keep to the title and what is expected` };
  try {
    const result = DatasetFile.safeParse(parse(text, { maxAliasCount: 20, logLevel: 'error' }) ?? {});
    if (result.success) return { file: result.data };
    return {
      fault: `${DATASET_FILE} is not as expected: ${result.error.issues.map((i) => `${i.path.join('.') || 'the document'}: ${i.message}`).join('; ')}`,
    };
  } catch (error) {
    return { fault: `${DATASET_FILE} is not valid YAML: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}` };
  }
}

/**
 * What the dataset of a top-level folder is called: as the folder is. One that is called as another dataset is stands in brackets, and
 * so does one that is called as such a one, so that no two datasets share a name, and with it their history, reports and keys.
 */
export function folderDataset(folder: string): string {
  return isTaken(folder) ? `(${folder})` : folder;
}

/** Whether a name, without brackets around it, is that of the whole bucket or of the files beside the folders. */
function isTaken(name: string): boolean {
  return name === WHOLE_DATASET || name === ROOT_DATASET || (/^\(.+\)$/s.test(name) && isTaken(name.slice(1, -1)));
}

/** One dataset's part of a bucket: its folder ('' for all) and its entries with paths relative to that folder. */
export type DatasetListing = { dataset: string; folder: string; entries: Entry[] };

/** Divides a bucket's entries into datasets. */
export function divide(entries: readonly Entry[], mode: DatasetMode): DatasetListing[] {
  if (mode === 'bucket') return [{ dataset: WHOLE_DATASET, folder: '', entries: [...entries] }];
  const datasets = new Map<string, DatasetListing>();
  for (const entry of entries) {
    const slash = entry.path.indexOf('/');
    const folder = slash < 0 ? '' : entry.path.slice(0, slash);
    const dataset = slash < 0 ? ROOT_DATASET : folderDataset(folder);
    const listing = datasets.get(dataset) ?? { dataset, folder, entries: [] };
    listing.entries.push(slash < 0 ? entry : { ...entry, path: entry.path.slice(slash + 1) });
    datasets.set(dataset, listing);
  }
  return [...datasets.values()];
}
