import { cpSync, existsSync, mkdtempSync, readdirSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the clone. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The 101 artifacts of the earlier system, where they lie beside the clone. */
export const SEED = join(ROOT, '../shared/data/seed-artifacts');

/** Why tests over the seed artifacts are left out; null where they are there. */
export const seedAbsent = existsSync(SEED) ? null : 'the seed artifacts are not beside this clone';

const LATEST: Readonly<Record<string, string>> = {
  'reports/gemma3/gemma3_param_tuning_summary.csv': '2025-11-14T18:53:30Z',
  'reports/gemma3/SUMMARY.md': '2025-11-14T18:54:07Z',
};
const LATEST_JSON_FOLDER = 'reports/ollama/20251008-122955';

/** Lays the seed artifacts out in a folder, a new one unless it is given, with the modification times they were first observed with. */
export function laySeed(parent = tmpdir(), folder = mkdtempSync(join(parent, 'chimera-seed-'))): string {
  cpSync(SEED, folder, { recursive: true });
  for (const path of filesBelow(folder)) {
    const at =
      LATEST[path] ?? (path.startsWith(LATEST_JSON_FOLDER) && path.endsWith('.json') ? '2025-10-08T17:20:51Z' : '2025-10-02T12:00:00Z');
    const time = new Date(at);
    utimesSync(join(folder, path), time, time);
  }
  return folder;
}

/** All files below a folder, as relative paths, sorted. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}
