import type { Source } from '@chimera/shared/domain';
import { sha256 } from '@chimera/shared/store';

/** What a source holds: a file that was moved holds the same. */
export function contentOf(source: Source): string {
  return JSON.stringify('sha256' in source ? [source.sha256, source.pointer] : source);
}

/** That in 48 bits, which a number holds exactly. */
export function fingerprintOf(source: Source): number {
  return Number.parseInt(sha256(contentOf(source)).slice(0, 12), 16);
}

/** The sources without those whose content others have too. */
export function withoutContents(sources: readonly Source[], others: readonly Source[]): Source[] {
  const left: Source[] = [];
  let at = 0;
  for (const source of sources) {
    // Groups list them in the order of their paths, and most stand on both sides as they are: these need no key.
    while (at < others.length && pathOf(others[at]) < pathOf(source)) at += 1;
    if (isSame(source, others[at])) at += 1;
    else left.push(source);
  }
  const hashes = new Set(left.map(hashOf));
  const had = new Set(others.filter((other) => hashes.has(hashOf(other))).map(contentOf));
  return had.size === 0 ? left : left.filter((source) => !had.has(contentOf(source)));
}

function isSame(a: Source, b: Source | undefined): boolean {
  if (b === undefined || !('sha256' in a) || !('sha256' in b)) return false;
  return a.path === b.path && a.sha256 === b.sha256 && a.pointer === b.pointer;
}

function pathOf(source: Source | undefined): string {
  return source !== undefined && 'path' in source ? source.path : '';
}

function hashOf(source: Source): string | null {
  return 'sha256' in source ? source.sha256 : null;
}
