import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AgentName, defaultProfile } from '../domain/profile.ts';
import { runOf } from './ids.ts';
import { analysesOf, decideJoin, evolveJoin, Join, type JoinDecision, type JoinEvent, openJoin, writtenAge } from './join.ts';

const hash = (digit: string) => digit.repeat(64);
const OPENED = Date.parse('2025-11-14T18:00:00.000Z');
const at = (seconds: number) => new Date(OPENED + seconds * 1_000).toISOString();
const after = (seconds: number) => OPENED + seconds * 1_000;
const LIMITS = { begunSeconds: 60, waitingSeconds: 600 };
const profile = defaultProfile(null, {});
const inventory = {
  dataset: 'bucket',
  inventory: hash('a'),
  generation: 1,
  evidence: hash('1'),
  observations: hash('2'),
  measurements: hash('3'),
  artifacts: 4,
  refused: 0,
  ingest: { startedAt: at(-2), finishedAt: at(-1), seconds: 1 },
};
const fresh = () => openJoin(runOf('bucket', hash('a'), profile), inventory, at(0));
const done = (agent: AgentName, analysis: string): JoinEvent => ({ type: 'done', agent, analysis });
const begun = (agent: AgentName, seconds: number): JoinEvent => ({ type: 'begun', agent, at: at(seconds) });
const evolve = (join: Join, ...events: JoinEvent[]) => events.reduce((now, event) => evolveJoin(now, event) ?? now, join);

/** What is decided where all clocks agree. */
const decideAt = (join: Join, now: number) => decideJoin(join, (agent) => writtenAge(join, agent, now), LIMITS);

/** What the reporter does after each event: print where it is due, and note it. */
function reportOn(join: Join, now: number): { join: Join; decision: JoinDecision } {
  const decision = decideAt(join, now);
  if (decision.act === 'wait') return { join, decision };
  return { join: evolve(join, { type: 'printed', revision: decision.revision, analyses: analysesOf(join), report: hash('9') }), decision };
}

describe('a join', () => {
  it('waits for both agents, then prints once', () => {
    let join = evolve(fresh(), begun('collector', 1), done('collector', hash('c')));
    expect(decideAt(join, after(2))).toEqual({ act: 'wait' });
    join = evolve(join, done('insight', hash('d')));
    expect(decideAt(join, after(3))).toEqual({ act: 'print', revision: 1, missing: [] });
    join = reportOn(join, after(3)).join;
    expect(join.printed).toEqual({ revision: 1, analyses: { collector: hash('c'), insight: hash('d') }, report: hash('9') });
    expect(decideAt(join, after(1e6))).toEqual({ act: 'wait' });
  });

  it('remembers the span of each analysis that counts, and nothing where none was traced', () => {
    expect(evolve(fresh(), done('collector', hash('c')))).not.toHaveProperty('traces');
    const traced = (agent: AgentName, traceparent: string): JoinEvent => ({ type: 'done', agent, analysis: hash('c'), traceparent });
    const join = evolve(fresh(), traced('collector', 'span-1'), traced('collector', 'span-2'), traced('insight', 'span-3'));
    expect(Join.parse(JSON.parse(JSON.stringify(join))).traces).toEqual({ collector: 'span-1', insight: 'span-3' });
    // What an older service wrote, or damaged, is a join all the same.
    expect(Join.parse({ ...fresh(), traces: 5 }).traces).toBeUndefined();
  });

  it('counts the deadline of a part from the moment its work began, else from the opening', () => {
    const join = evolve(fresh(), done('collector', hash('c')), begun('insight', 500));
    expect(decideAt(join, after(560))).toEqual({ act: 'wait' });
    expect(decideAt(join, after(561))).toEqual({ act: 'print', revision: 1, missing: ['insight'] });
    expect(decideAt(fresh(), after(600))).toEqual({ act: 'wait' });
    expect(decideAt(fresh(), after(601))).toEqual({ act: 'print', revision: 1, missing: ['collector', 'insight'] });
  });

  it('prints a late analysis as revision 2', () => {
    let { join } = reportOn(evolve(fresh(), done('collector', hash('c'))), after(601));
    expect(join.printed).toEqual({ revision: 1, analyses: { collector: hash('c'), insight: null }, report: hash('9') });
    join = evolve(join, done('insight', hash('d')));
    expect(decideAt(join, after(700))).toEqual({ act: 'print', revision: 2, missing: [] });
  });

  it('hazard 5, 10: keeps the first analysis of an agent: work that was done twice prints nothing twice', () => {
    const { join } = reportOn(evolve(fresh(), done('collector', hash('c')), done('insight', hash('d'))), after(1));
    const again = evolve(join, done('insight', hash('e')), done('insight', hash('d')), begun('insight', 5));
    expect(again).toEqual(join);
    expect(decideAt(again, after(6))).toEqual({ act: 'wait' });
  });

  it('counts from the first beginning, whatever comes first', () => {
    const one = evolve(fresh(), begun('insight', 10), begun('insight', 40));
    expect(evolve(fresh(), begun('insight', 40), begun('insight', 10))).toEqual(one);
    expect(one.parts.insight).toEqual({ state: 'begun', at: at(10) });
  });

  it('waits anew for what is missing when its inventory becomes current again', () => {
    const before = evolve(fresh(), begun('collector', 1), done('insight', hash('d')));
    const again = evolve(before, { type: 'opened', inventory: { ...inventory, generation: 3 }, at: at(5_000) });
    expect(again.inventory.generation).toBe(3);
    expect(again.parts).toEqual({ collector: { state: 'waiting' }, insight: { state: 'done', analysis: hash('d') } });
    expect(decideAt(again, after(5_600))).toEqual({ act: 'wait' });
    expect(decideAt(again, after(5_601))).toEqual({ act: 'print', revision: 1, missing: ['collector'] });
  });

  it('is not opened twice, nor printed twice under one revision', () => {
    const { join } = reportOn(evolve(fresh(), done('collector', hash('c')), done('insight', hash('d'))), after(1));
    expect(evolveJoin(join, { type: 'opened', inventory, at: at(9) })).toBeNull();
    expect(evolveJoin(join, { type: 'printed', revision: 1, analyses: {}, report: hash('9') })).toBeNull();
  });

  it('waits for the agents of its profile only', () => {
    const single = { name: 'single', agents: { insight: { model: null, options: {} } } };
    const join = evolve(openJoin(runOf('bucket', hash('a'), single), inventory, at(0)), done('collector', hash('c')));
    expect(Object.keys(join.parts)).toEqual(['insight']);
    expect(decideAt(evolve(join, done('insight', hash('d'))), after(1))).toEqual({ act: 'print', revision: 1, missing: [] });
  });
});

describe('in any order and with any repetition', () => {
  const agent = fc.constantFrom<AgentName>('collector', 'insight');
  const event = fc.oneof(
    fc.record({ type: fc.constant('begun' as const), agent, at: fc.nat(900).map(at) }),
    fc.record({ type: fc.constant('done' as const), agent, analysis: fc.constantFrom(hash('c'), hash('d'), hash('e')) }),
    fc.constant<JoinEvent>({ type: 'opened', inventory, at: at(0) }),
  );
  const steps = fc.array(fc.record({ event, seconds: fc.nat(400) }), { maxLength: 20 });

  /** Runs events with time going by; returns what was printed, and the join as it stands at the end. */
  function history(list: { event: JoinEvent; seconds: number }[]) {
    let join = fresh();
    let now = 0;
    const prints: { revision: number; analyses: string }[] = [];
    const look = () => {
      const { join: next, decision } = reportOn(join, after(now));
      if (decision.act === 'print') prints.push({ revision: decision.revision, analyses: JSON.stringify(analysesOf(join)) });
      join = next;
    };
    for (const { event: given, seconds } of list) {
      now += seconds;
      join = evolve(join, given);
      look();
      Join.parse(join);
    }
    return { join, now, prints, look, wait: (seconds: number) => (now += seconds) };
  }

  it('hazard 5: nothing is printed twice from the same analyses, revisions count 1, 2, 3, and a join is printed in the end', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const run = history(list);
        run.wait(2_000);
        run.look();
        run.look();
        expect(new Set(run.prints.map((p) => p.analyses)).size).toBe(run.prints.length);
        expect(run.prints.map((p) => p.revision)).toEqual(run.prints.map((_, i) => i + 1));
        expect(run.prints.length).toBeGreaterThanOrEqual(1);
      }),
    );
  });

  it('once every part is done the last print has them all', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const run = history([
          ...list,
          { event: done('insight', hash('d')), seconds: 0 },
          { event: done('collector', hash('c')), seconds: 0 },
        ]);
        expect(decideAt(run.join, after(1e9))).toEqual({ act: 'wait' });
        expect(run.prints.at(-1)?.analyses).not.toContain('null');
      }),
    );
  });

  it('hazard 5: repeating all events changes nothing', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const events = list.map((step) => step.event);
        const join = evolve(fresh(), ...events);
        expect(evolve(join, ...events)).toEqual(join);
      }),
    );
  });
});
