import { type Fact, instantText } from '@chimera/shared/domain';
import { fact, shown } from './fact.ts';

/** When an artifact says that it ran, as it writes it, and when the file was last changed. */
export type StatedTime = { path: string; sha256: string; stated: string; pointer: string; modified: string };

/** A time without its zone may be this far off, so no less is a disagreement. */
const MOST_ZONE_HOURS = 15;

const ISO = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?$/;
const COMPACT = /^(\d{4})(\d{2})(\d{2})[-_T](\d{2})(\d{2})(\d{2})$/;

/** A time as files write it, in milliseconds since 1970; one without a zone is taken for UTC. Null where it is none. */
export function instantOf(stated: string): number | null {
  const text = stated.trim();
  const compact = COMPACT.exec(text);
  if (compact) return validTime(`${compact[1]}-${compact[2]}-${compact[3]}T${compact[4]}:${compact[5]}:${compact[6]}Z`);
  if (!ISO.test(text)) return null;
  const zoned = /(?:Z|[+-]\d{2}:?\d{2})$/.test(text) ? text : `${text}Z`;
  return validTime(zoned.replace(' ', 'T'));
}

function validTime(text: string): number | null {
  const time = Date.parse(text);
  return Number.isNaN(time) ? null : time;
}

/**
 * Files that say they ran after they were last changed: a clock was wrong, or the time of the file is that of a copy. Only what no
 * time zone explains. At most one fact for an artifact.
 */
export function clockFacts(times: readonly StatedTime[]): Fact[] {
  const worst = new Map<string, { time: StatedTime; hours: number }>();
  for (const time of times) {
    const stated = instantOf(time.stated);
    if (stated === null) continue;
    const hours = (stated - Date.parse(time.modified)) / 3_600_000;
    if (hours > MOST_ZONE_HOURS && hours > (worst.get(time.path)?.hours ?? 0)) worst.set(time.path, { time, hours });
  }
  return [...worst.values()].map(({ time, hours }) =>
    fact({
      kind: 'doubt',
      metric: 'clock_difference',
      statistic: 'stated time after modification',
      value: hours,
      unit: 'h',
      scope: time.path,
      claim: `${time.path} says that it ran at ${time.stated}, which is ${shown({ value: hours, unit: 'h' })} after the file was last changed (${instantText(time.modified)}): the two clocks disagree.`,
      formula: 'the time that the file states less its modification time',
      sources: [{ path: time.path, pointer: time.pointer, sha256: time.sha256 }, { observation: `modification time of ${time.path}` }],
    }),
  );
}
