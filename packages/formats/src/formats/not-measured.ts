import type { Extract } from '../extract.ts';

/** Says that a time that is 0 throughout was not measured, and was left out. */
export function warnNotMeasured(extract: Extract, what: string, where: string): void {
  extract.warnings.add('not measured', `${where}: ${what} is 0 throughout, so it was not measured; it was left out`);
}
