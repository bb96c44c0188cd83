import { type Clock, systemClock } from '@chimera/shared/bus';
import type { Fact } from '@chimera/shared/domain';
import type { AgentDefinition, SectionDuty } from './definition.ts';
import { ServerPool } from './servers/pool.ts';
import { localSlots } from './servers/slot-desk.ts';
import { serverSpec } from './servers/spec.ts';

/** For tests: the n-th fact, of a column of its own. */
export function factOf(n: number, rest: Partial<Fact> = {}): Fact {
  return {
    id: `f${n.toString(16).padStart(16, '0')}`,
    kind: 'series',
    claim: `The median of column ${n} is so.`,
    metric: `column_${n}`,
    statistic: 'median',
    value: n,
    unit: 's',
    n: 5,
    interval: null,
    labels: {},
    scope: 'runs/a.csv',
    formula: 'median(x)',
    inputs: [],
    sources: [{ inventory: 'all' }],
    class: 'measured',
    ...rest,
  };
}

/** For tests: a section of two to four sentences. */
export const SUMMARY: SectionDuty = {
  id: 'summary',
  title: 'Summary',
  layout: 'paragraph',
  kinds: ['observation', 'comparison'],
  duty: 'what stands out',
  least: 2,
  most: 4,
  words: 60,
};

/** For tests: a table of risks. */
export const RISKS: SectionDuty = {
  id: 'risks',
  title: 'Risks',
  layout: 'risks',
  kinds: ['risk'],
  duty: 'risks and their mitigations',
  least: 2,
  most: 3,
  words: 60,
};

/** For tests: an agent of these two sections. */
export const AGENT: AgentDefinition = {
  name: 'insight',
  title: 'InsightAgent',
  persona: 'You are InsightAgent.',
  sections: [SUMMARY, RISKS],
  chooseFacts: ({ facts }) => [...facts],
  template: () => TEMPLATE,
};

export const TEMPLATE = {
  summary: [{ text: 'Template one.' }, { text: 'Template two.' }, { text: 'Template three.' }],
  risks: [
    { text: 'Risk one.', mitigation: 'Mend one.' },
    { text: 'Risk two.', mitigation: 'Mend two.' },
  ],
};

/** For tests: clocks that are long enough for any machine. */
export const PATIENT = { connectMs: 5_000, firstTokenMs: 5_000, idleMs: 5_000, totalMs: 20_000 };

/** For tests: servers that this process shares with nobody. */
export function poolOf(urls: readonly string[], clock: Clock = systemClock): ServerPool {
  const servers = urls.map((url) => serverSpec(url, 'here'));
  const { signal } = new AbortController();
  return new ServerPool({ servers, timeouts: PATIENT, clock, desk: localSlots(), known: null, signal });
}

/** For tests: a clock by which time passes only by being waited for, and then at once. */
export function leapingClock(): Clock {
  let at = 0;
  return {
    now: () => at,
    elapsed: () => at,
    sleep: async (ms, signal) => {
      if (!signal?.aborted) at += ms;
    },
    every: () => () => undefined,
    random: () => 0,
  };
}
