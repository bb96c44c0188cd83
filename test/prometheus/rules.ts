import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ROOT } from '../support/seed.ts';

export const FOLDER = join(ROOT, 'deploy/prometheus');
export const RUNBOOK = 'docs/operations/runbook';

export type Alert = {
  alert: string;
  expr: string;
  for?: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
};
export type Recording = { record: string; expr: string };

/** A file of tests for rules, as far as it speaks of alerts. */
export type RuleTests = {
  rule_files: string[];
  tests: {
    name: string;
    alert_rule_test?: { eval_time: string; alertname: string; exp_alerts: unknown[] }[];
  }[];
};

const read = (name: string): unknown => parse(readFileSync(join(FOLDER, name), 'utf8'));
const rulesOf = (name: string) => (read(name) as { groups: { name: string; rules: unknown[] }[] }).groups.flatMap(({ rules }) => rules);

export const alerts = (): Alert[] => rulesOf('alerts.rules.yml') as Alert[];
export const recordings = (): Recording[] => rulesOf('recording.rules.yml') as Recording[];

/** The names of the files of tests, and what stands in each. */
export const testFiles = (): string[] => readdirSync(join(FOLDER, 'tests')).sort();
export const ruleTests = (name: string) => read(join('tests', name)) as RuleTests;

/** A duration as Prometheus writes it, in seconds. */
export function seconds(duration: string): number {
  const units: Record<string, number> = { d: 86_400, h: 3_600, m: 60, s: 1 };
  return [...duration.matchAll(/(\d+)([dhms])/g)].reduce((sum, [, n, unit]) => sum + Number(n) * (units[unit ?? ''] ?? Number.NaN), 0);
}
