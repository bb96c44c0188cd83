import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './seed.ts';

/** The commands under a heading of a page, a block each, up to the next heading of its level or a higher one. `path` is relative to the root. */
export function commandsUnder(path: string, heading: string): string[] {
  const page = readFileSync(join(ROOT, path), 'utf8');
  const level = /^#+/.exec(heading)?.[0].length ?? 0;
  const start = page.indexOf(`\n${heading}\n`);
  if (start === -1) throw new Error(`${path} has no heading "${heading}".`);
  const rest = page.slice(start + heading.length + 2);
  const section = rest.split(new RegExp(`^#{1,${level}} `, 'm'))[0] ?? '';
  return [...section.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);
}
