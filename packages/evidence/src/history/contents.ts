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
