import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMetrics, METRIC_TABLE, type MetricName } from '@chimera/shared/service';
import { describe, expect, it } from 'vitest';
import { readPromql } from '../containers/promql.ts';
import { ROOT } from '../support/seed.ts';
import { alerts, RUNBOOK, recordings, ruleTests, seconds, testFiles } from './rules.ts';

/** What Prometheus and every service add. */
const LABELS_OF_ALL = ['job', 'instance', 'service'];
/** The labels that are left on a recorded series, by the first part of its name. */
const LEVELS: Readonly<Record<string, readonly string[]>> = {
  account: [],
  agent: ['agent'],
  durable: ['durable'],
  server_model: ['server_address', 'gen_ai_request_model'],
  stage: ['stage'],
  stream: ['stream'],
  subject: ['subject'],
};
const recorded = new Map(recordings().map(({ record }) => [record, LEVELS[record.split(':')[0] ?? ''] ?? []]));
const exposed = new Set([...(await (await createMetrics('test')).expose()).text.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name));

/** The labels of a series that a rule selects; null where there is no such series. */
function labelsOf(series: string): readonly string[] | null {
  if (series === 'up') return LABELS_OF_ALL;
  const levels = recorded.get(series);
  if (levels) return levels;
  const whole = METRIC_TABLE[series as MetricName];
  if (whole && whole.type !== 'histogram') return [...LABELS_OF_ALL, ...whole.labels];
  const part = whole ? undefined : METRIC_TABLE[series.replace(/_(bucket|sum|count)$/, '') as MetricName];
  if (part?.type === 'histogram') return [...LABELS_OF_ALL, 'le', ...part.labels];
  return exposed.has(series) && !whole ? LABELS_OF_ALL : null;
}

/** Texts in an expression name no series. */
const asked = (expr: string) => readPromql(expr.replace(/"[^"]*"/g, '""'));

const expressions = [
  ...alerts().map(({ alert, expr }) => [alert, expr] as const),
  ...recordings().map(({ record, expr }) => [record, expr] as const),
];

describe('the rules', () => {
  it.each(expressions)('%s asks only for metrics and labels that there are', (_, expr) => {
    const { selections, groupings } = asked(expr);
    expect(selections.length).toBeGreaterThan(0);
    for (const { metric, labels } of selections) {
      const known = labelsOf(metric);
      expect(known, `${metric} is neither in METRIC_TABLE nor recorded`).not.toBeNull();
      for (const label of labels) expect(known, `${metric} has no label ${label}`).toContain(label);
    }
    for (const label of groupings)
      expect(
        selections.some(({ metric }) => labelsOf(metric)?.includes(label)),
        label,
      ).toBe(true);
  });

  it('notices a metric and a label that there are not', () => {
    expect(labelsOf('chimera_reports_printed_total')).toBeNull();
    expect(labelsOf('chimera_run_stage_duration_seconds')).toBeNull();
    expect(labelsOf('chimera_reports_total')).not.toContain('dataset');
    expect(asked('label_replace(max(a{x="y z"}), "b", "c", "", "")').selections).toEqual([{ metric: 'a', labels: ['x'] }]);
  });

  it.each(recordings().map(({ record, expr }) => [record, expr]))('%s is named by the labels that are left', (record, expr) => {
    expect(record).toMatch(/^[a-z_]+:(chimera|gen_ai)_[a-z0-9_]+:[a-z0-9_]+$/);
    const left = new Set(asked(expr).groupings.filter((label) => label !== 'le'));
    expect([...left].sort()).toEqual([...(recorded.get(record) ?? [])].sort());
  });

  it('have names of their own', () => {
    expect(recorded.size).toBe(recordings().length);
    expect(new Set(alerts().map(({ alert }) => alert)).size).toBe(alerts().length);
  });
});

describe.each(alerts().map((alert) => [alert.alert, alert] as const))('%s', (name, { for: duration, labels, annotations }) => {
  it('says what is wrong in words, with what is measured, and where to read on', () => {
    expect(name).toMatch(/^Chimera([A-Z][a-z]+)+$/);
    expect(['critical', 'warning']).toContain(labels.severity);
    expect(annotations.summary).not.toMatch(/[.:]$/);
    expect(annotations.description).toMatch(/\.(\{\{ end \}\})?$/);
    expect(`${annotations.summary} ${annotations.description}`).not.toMatch(/\{\{ \$value \}\}/);
    expect(annotations.runbook_url).toBe(`${RUNBOOK}/${name}.md`);
    if (duration !== undefined) expect(seconds(duration)).toBeGreaterThanOrEqual(60);
  });

  it('has a page of the runbook that says what it means, what to look at, why it is, how to mend it and when it clears', () => {
    const path = join(ROOT, annotations.runbook_url ?? '');
    expect(existsSync(path), path).toBe(true);
    const page = readFileSync(path, 'utf8');
    expect(page.startsWith(`# ${name}\n`)).toBe(true);
    const headings = [...page.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(['What it means', 'What to look at first', 'Likely causes', 'How to mend it', 'When it clears']);
    // Queries and commands stand in blocks; those for Prometheus ask for what there is.
    const queries = [...page.matchAll(/```promql\n([\s\S]*?)```/g)].flatMap(([, block = '']) =>
      block.split('\n').filter((line) => line !== ''),
    );
    expect(queries.length + [...page.matchAll(/```sh\n/g)].length).toBeGreaterThan(0);
    for (const query of queries) {
      for (const { metric, labels: filters } of asked(query).selections) {
        expect(labelsOf(metric), `${metric} in ${path}`).not.toBeNull();
        for (const label of filters) expect(labelsOf(metric), `${metric} in ${path}`).toContain(label);
      }
    }
    for (const [, link = ''] of page.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)) expect(existsSync(join(path, '..', link)), link).toBe(true);
  });
});

describe('the runbook', () => {
  it('has no page without its alert', () => {
    const pages = readdirSync(join(ROOT, RUNBOOK)).map((page) => page.replace(/\.md$/, ''));
    expect(pages.sort()).toEqual(
      alerts()
        .map(({ alert }) => alert)
        .sort(),
    );
  });

  it('is listed in docs/operations/alerts.md: each alert with its severity, how long it must hold, and its page', () => {
    const text = readFileSync(join(ROOT, 'docs/operations/alerts.md'), 'utf8');
    const rows = [...text.matchAll(/^\| \[(\w+)\]\(([^)]+)\) \| (\w+) \| [^|]+ \| ([^|]+) \|$/gm)].map(([, ...cells]) => cells);
    expect(rows).toEqual(
      alerts().map((alert) => [alert.alert, `runbook/${alert.alert}.md`, alert.labels.severity, alert.for ?? 'at once']),
    );
  });
});

describe('the tests of the rules', () => {
  const cases = testFiles().flatMap((file) => ruleTests(file).tests);

  it.each(alerts().map(({ alert }) => [alert]))('have %s fire and clear, and stay silent where all is well', (name) => {
    const looks = cases
      .map(({ alert_rule_test = [] }) => alert_rule_test.filter(({ alertname }) => alertname === name))
      .filter((one) => one.length > 0);
    const isCleared = looks.some((one) => {
      const fires = one.filter(({ exp_alerts }) => exp_alerts.length > 0).map(({ eval_time }) => seconds(eval_time));
      return (
        one.some(({ exp_alerts, eval_time }) => exp_alerts.length === 0 && seconds(eval_time) > Math.max(...fires)) && fires.length > 0
      );
    });
    expect(isCleared, 'no test has it fire and then clear').toBe(true);
    expect(
      looks.some((one) => one.every(({ exp_alerts }) => exp_alerts.length === 0)),
      'no test has it stay silent',
    ).toBe(true);
  });
});
