import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { FOLDER } from '../prometheus/rules.ts';

/** How often everything is asked and judged: a service answers within this time. */
const OFTEN = '2s';

type Job = Record<string, unknown> & { job_name: string };
type Config = Record<string, unknown> & { rule_files: string[]; scrape_configs: Job[] };
type RuleFile = { groups: { name: string; rules: object[] }[] };

const read = (name: string): unknown => parse(readFileSync(join(FOLDER, name), 'utf8'));

/**
 * deploy/prometheus/prometheus.yml for processes on loopback: each job with the addresses that `targets` gives it instead of names that only
 * compose knows, and everything as often as it can be. The rules are those of deploy/prometheus; an alert fires at once. Writes them into `folder`.
 */
export function scrapeConfig(folder: string, targets: Readonly<Record<string, string[]>>): Config {
  const { alerting: _, ...deployed } = read('prometheus.yml') as Config;
  return {
    ...deployed,
    global: { scrape_interval: OFTEN, scrape_timeout: OFTEN, evaluation_interval: OFTEN },
    rule_files: deployed.rule_files.map((name) => {
      const groups = (read(name) as RuleFile).groups.map((group) => ({ ...group, interval: OFTEN, rules: group.rules.map(atOnce) }));
      writeFileSync(join(folder, name), stringify({ groups }));
      return join(folder, name);
    }),
    scrape_configs: deployed.scrape_configs.map((job) => onLoopback(job, targets)),
  };
}

const atOnce = <T extends object>(rule: T): T => ('for' in rule ? { ...rule, for: '0s' } : rule);

/** What remains of a job are its labels: how its targets are found is compose's matter, and how often they are asked is ours. */
function onLoopback(job: Job, targets: Readonly<Record<string, string[]>>): Job {
  const given = targets[job.job_name];
  if (given === undefined) throw new Error(`deploy/prometheus scrapes ${job.job_name}, for which the test has no target: give it one.`);
  const kept = Object.entries(job).filter(([name]) => /^(job_name|metrics_path|metric_relabel_configs|honor_labels|params)$/.test(name));
  return { ...Object.fromEntries(kept), job_name: job.job_name, static_configs: [{ targets: given }] };
}
