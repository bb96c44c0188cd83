import type { Group } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { changeFacts } from './change-facts.ts';
import { type Changes, changesBetween, hasRegression } from './changes.ts';

const HASH = 'a'.repeat(64);

const group = (labels: Record<string, string>, runs: number[], more: Partial<Group> = {}): Group => ({
  pattern: more.scope ?? 'a.json',
  ...{ metric: 'output_token_throughput', statistic: 'value', unit: 'tok/s', over: 'runs', derived: [], scope: 'a.json' },
  ...{ labels, runs: [...runs].sort((a, b) => a - b), n: runs.length, samples: runs.length },
  sources: [{ path: 'a.json', sha256: HASH, pointer: '/x' }],
  ...more,
});
const around = (middle: number, n = 8) => Array.from({ length: n }, (_, i) => middle * (1 + (i - (n - 1) / 2) / 1000));
const between = (now: Group[], then: Group[]): Changes => changesBetween({ name: 'now', groups: now }, { name: 'main', groups: then });
const verdicts = ({ changes }: Changes) => changes.map(({ metric, comparison }) => [metric, comparison.verdict]);

describe('changesBetween', () => {
  it('finds a regression of 10 % in the configuration that has it, and in no other', () => {
    const labels = [
      { model: 'm', concurrency: '1' },
      { model: 'm', concurrency: '8' },
    ];
    const then = labels.map((one) => group(one, around(100)));
    const found = between(
      [group({ model: 'm', concurrency: '1' }, around(90)), group({ model: 'm', concurrency: '8' }, around(100))],
      then,
    );
    expect(
      found.changes.map(({ labels: { concurrency }, comparison, ratio }) => [concurrency, comparison.verdict, ratio?.toFixed(2)]),
    ).toEqual([
      ['1', 'worse', '0.90'],
      ['8', 'no difference shown', '1.00'],
    ]);
    expect(hasRegression(found)).toBe(true);
    expect(hasRegression(between(then, then))).toBe(false);
  });

  it('says how many more runs it needs', () => {
    const found = between([group({ model: 'm' }, around(90, 2))], [group({ model: 'm' }, around(100, 8))]);
    expect(found.changes[0]?.comparison).toMatchObject({ verdict: 'not enough samples', needed: 2, n: [2, 8] });
    expect(hasRegression(found)).toBe(false);
  });

  it('says it among the facts too, and names metrics that got lost', () => {
    const ttft = (statistic: string) => group({ model: 'm' }, [1], { metric: 'time_to_first_token', unit: 's', statistic });
    const found = between([group({ model: 'm' }, around(90, 2))], [group({ model: 'm' }, around(100, 8)), ttft('value')]);
    expect(found.lost).toEqual([{ labels: { model: 'm' }, scope: 'a.json', metric: 'time_to_first_token' }]);
    const facts = changeFacts(found);
    const value = (metric: string) => facts.find((fact) => fact.metric === metric)?.value;
    expect([value('changes_runs_needed'), value('metrics_lost')]).toEqual([2, 1]);
    // A mean is not compared with values, which must not pass in silence.
    expect(between([group({ model: 'm' }, [1]), ttft('mean')], [group({ model: 'm' }, [1]), ttft('value')]).lost).toHaveLength(1);
    expect(between([ttft('mean')], [ttft('mean')]).lost).toEqual([]);
    expect(changeFacts(between([ttft('value')], [ttft('value')])).some(({ metric }) => metric === 'changes_runs_needed')).toBe(true);
    const enough = [group({ model: 'm' }, around(100, 8))];
    expect(changeFacts(between(enough, enough)).some(({ metric }) => metric === 'changes_runs_needed')).toBe(false);
  });

  it('names what is new and what is gone', () => {
    const found = between([group({ model: 'a' }, [1])], [group({ model: 'b' }, [1])]);
    expect(found).toMatchObject({ changes: [], added: [{ labels: { model: 'a' } }], gone: [{ labels: { model: 'b' } }] });
  });

  it('matches by labels where files are called otherwise, and by files where labels are not enough', () => {
    const renamed = between([group({ model: 'm' }, [1], { scope: 'new.json' })], [group({ model: 'm' }, [1], { scope: 'old.json' })]);
    expect(renamed.changes).toHaveLength(1);
    const two = (a: string, b: string) => [group({}, [1], { scope: a }), group({}, [2], { scope: b })];
    expect(between(two('x.csv', 'y.csv'), two('y.csv', 'x.csv')).changes.map(({ scope, before }) => [scope, before])).toEqual([
      ['x.csv', 'x.csv'],
      ['y.csv', 'y.csv'],
    ]);
    // Which of the two was meant cannot be told.
    expect(between([group({}, [1], { scope: 'z.csv' })], two('x.csv', 'y.csv'))).toMatchObject({
      changes: [],
      added: [{ scope: 'z.csv' }],
    });
  });

  it('matches over versions, and says so', () => {
    const found = between(
      [group({ model: 'm', engine_commit: 'b2' }, around(90))],
      [group({ model: 'm', engine_commit: 'a1' }, around(100))],
    );
    expect(found.changes[0]?.comparison).toMatchObject({ verdict: 'worse', caveats: ['engine_commit was a1 and is b2'] });
    for (const name of ['python_version', 'jdk_version']) {
      const other = between([group({ test: 't', [name]: '21' }, around(90))], [group({ test: 't', [name]: '17' }, around(100))]);
      expect(other.changes[0]?.comparison.caveats).toEqual([`${name} was 17 and is 21`]);
    }
    expect(between([group({ model: 'm', gpu: 'H100' }, [1])], [group({ model: 'm', gpu: 'A100' }, [1])]).changes).toEqual([]);
  });

  it('compares warm starts with warm ones, means with means, and no percentiles', () => {
    const ttft = (start: string, runs: number[]) => group({ model: 'm', start }, runs, { metric: 'time_to_first_token', unit: 's' });
    expect(
      verdicts(between([ttft('warm', around(1)), ttft('cold', around(9))], [ttft('warm', around(1)), ttft('cold', around(5))])),
    ).toEqual([['time_to_first_token', 'no difference shown']]);
    const stated = (statistic: string) => group({ model: 'm' }, around(1), { statistic });
    expect(between([stated('mean')], [stated('median')]).changes).toEqual([]);
    expect(between([stated('p99')], [stated('p99')]).changes).toEqual([]);
  });
});

describe('changeFacts', () => {
  it('counts and tells each change, with ids of their own', () => {
    const facts = changeFacts(
      between([group({ model: 'a' }, around(90)), group({ model: 'b' }, [1])], [group({ model: 'a' }, around(100))]),
    );
    const value = (metric: string) => facts.find((f) => f.metric === metric)?.value;
    expect([value('changes_worse'), value('changes_better'), value('configurations_added'), value('configurations_gone')]).toEqual([
      1, 0, 1, 0,
    ]);
    expect(facts.at(-1)).toMatchObject({ kind: 'change', value: expect.closeTo(0.9, 9), unit: 'times', n: 16 });
    expect(facts.at(-1)?.claim).toContain('against main: output token throughput');
    expect(facts.at(-1)?.sources).toEqual([
      { path: 'a.json', sha256: HASH, pointer: '/x' },
      { observation: `main: a.json at /x (sha256 ${HASH})` },
    ]);
    expect(new Set(facts.map(({ id }) => id)).size).toBe(facts.length);
    expect(facts.some(({ metric }) => metric === 'measurements_unchanged')).toBe(false);
  });

  it('says how much was left out because it is the same', () => {
    const [fact] = changeFacts(between([], []), 3).filter(({ metric }) => metric === 'measurements_unchanged');
    expect(fact).toMatchObject({ value: 3, claim: expect.stringContaining('3 files and series of files hold the same') });
  });
});
