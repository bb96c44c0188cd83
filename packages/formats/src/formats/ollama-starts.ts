import { canonicalValue } from '@chimera/shared/domain';
import { coldFrom, type Start, startsOf } from '../cold-start.ts';

/** What of a request includes the loading of the model. */
export type Loading = { value: number; unit: string | null } | null;

/** A load that takes this part of the whole shows by itself that the model was not there. */
const LEAST_PART = 0.5;

/** A request's durations; `first` is its time to first token, where the file has one. */
export type RequestTimes = { load: Loading; total: Loading; first?: Loading };

/**
 * Which requests of a file found the model loaded. Where no other request shows it, one whose loading takes a second and half of the
 * whole is cold. Of a loading that is longer than the time to first token nothing can be told: it was not waited for.
 */
export function startsOfRequests(requests: readonly RequestTimes[]): (Start | null)[] {
  const loads = requests.map(({ load, first = null }) => {
    const [loaded, token] = [secondsOf(load), secondsOf(first)];
    return loaded !== null && token !== null && token < loaded ? null : loaded;
  });
  const starts = startsOf(loads);
  if (starts.some((start) => start !== null)) return starts;
  return requests.map(({ total }, index) => startByItself(loads[index] ?? null, secondsOf(total)));
}

/** What the first requests of a file say of those that come later: which load is that of a cold start, and whether others are warm. */
export type KnownStarts = { coldFrom: number | null; warm: boolean };

export function knownStarts(requests: readonly RequestTimes[], starts: readonly (Start | null)[]): KnownStarts {
  return { coldFrom: coldFrom(requests.flatMap(({ load }) => secondsOf(load) ?? [])), warm: starts.includes('warm') };
}

/** Whether a request that comes behind the first ones found the model loaded. */
export function startOfLater({ load, total }: RequestTimes, known: KnownStarts): Start | null {
  const loaded = secondsOf(load);
  if (loaded === null) return null;
  if (known.coldFrom !== null && loaded >= known.coldFrom) return 'cold';
  return known.warm ? 'warm' : startByItself(loaded, secondsOf(total));
}

function startByItself(load: number | null, whole: number | null): Start | null {
  return load !== null && whole !== null && load >= 1 && load >= LEAST_PART * whole ? 'cold' : null;
}

function secondsOf(loading: Loading): number | null {
  return loading === null ? null : canonicalValue('load_duration', loading.value, loading.unit);
}
