import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A small dataset of our own: two sweeps with repeats, a failed row, a failed backend, a note. */
export const SMALL: Readonly<Record<string, string>> = {
  'runs/sweep.csv': [
    'model,num_ctx,ttft_s,tokens_s,error',
    'tiny:1b,1024,2.5,80.25,',
    'tiny:1b,1024,0.125,81.5,',
    'tiny:1b,1024,0.126,81.75,',
    'tiny:1b,2048,0.127,79.5,',
    'tiny:1b,2048,0.129,80.5,',
    'tiny:1b,2048,0,0,connection refused',
    '',
  ].join('\n'),
  'runs/other.csv': ['model,tokens_s', 'big:7b,20.5', 'big:7b,21.5', 'big:7b,22.5', ''].join('\n'),
  'runs/backends.json': JSON.stringify({
    backends: { eager: { success: true, mean_time_ms: 1.5 }, fast: { success: false, error: 'not installed', mean_time_ms: 0 } },
  }),
  'notes.md': '# Notes\n\nNothing to see here.\n',
};

/** Writes files into a new folder, or into the one given; returns the folder. */
export function layFiles(files: Readonly<Record<string, string>>, folder = mkdtempSync(join(tmpdir(), 'chimera-data-'))): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}
