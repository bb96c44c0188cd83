import { type Behaviour, type BehaviourScript, FAULTS, type Fault, type PlainBehaviour } from './behaviour.ts';
import { chance } from './chance.ts';
import type { ReplayRequest } from './request.ts';

/** Faults of a `mixed` script where it names none: those that end by themselves and soon. */
const ENDING: readonly Fault[] = FAULTS.filter((kind) => !['hang', 'stall', 'endless', 'slow-first-token', 'not-found'].includes(kind));

const WELL: PlainBehaviour = { kind: 'well-behaved' };

/**
 * Resolves a script call by call to a behaviour that one call can follow.
 * @param now milliseconds; what `busy-for` counts its while by
 */
export function behaviourResolver(script: BehaviourScript, now: () => number): (request: ReplayRequest, index: number) => PlainBehaviour {
  const met = new WeakMap<Behaviour, { calls: number; since: number }>();

  function isStillBusy(behaviour: Behaviour & { kind: 'busy-for' }): boolean {
    const entry = met.get(behaviour) ?? { calls: 0, since: now() };
    met.set(behaviour, entry);
    entry.calls += 1;
    const calls = behaviour.calls ?? (behaviour.ms === undefined ? 3 : 0);
    return entry.calls <= calls || now() - entry.since < (behaviour.ms ?? 0);
  }

  return (request, index) => {
    const behaviour = typeof script === 'function' ? script(request, index) : script;
    if (behaviour.kind === 'busy-for') return isStillBusy(behaviour) ? { kind: 'busy' } : WELL;
    if (behaviour.kind === 'mixed') return mixed(behaviour, index);
    return behaviour;
  };
}

function mixed({ share, seed = 1, kinds = ENDING }: Behaviour & { kind: 'mixed' }, index: number): PlainBehaviour {
  if (chance(seed, 2 * index) >= share) return WELL;
  const kind = kinds[Math.floor(chance(seed, 2 * index + 1) * kinds.length)];
  return kind === undefined ? WELL : { kind };
}
