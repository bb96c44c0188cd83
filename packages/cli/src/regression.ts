import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { counted, type Fact, Observations, type Verdict } from '@chimera/shared/domain';
import { visible } from './visible.ts';

/** Changes of one verdict that are told one by one. */
const MOST_TOLD = 10;

/** What became of a report's dataset against its baseline: sentences for people, and whether something is worse. */
export type Against = { lines: string[]; isWorse: boolean };

/** Reads it out of the observations beside a report. `name`: how the baseline was called. Throws where they cannot be read. */
export async function againstBaseline(out: string, name: string): Promise<Against> {
  const { facts } = Observations.parse(JSON.parse(await readFile(join(out, 'observations.json'), 'utf8')));
  const changes = facts.filter(({ kind, comparison }) => kind === 'change' && comparison !== undefined);
  const of = (verdict: Verdict) => changes.filter(({ comparison }) => comparison?.verdict === verdict);
  const [worse, untold] = [of('worse'), of('not enough samples')];
  const lines: string[] = [];
  if (changes.length === 0)
    lines.push(`nothing could be compared with ${name}: no configuration with the same labels holds the same metric on both sides`);
  lines.push(...told(worse, `worse than ${name}`, ({ claim }) => claim));
  lines.push(...told(untold, 'cannot be told for want of runs', neededText));
  return { lines: lines.map((line) => visible(line)), isWorse: worse.length > 0 };
}

function told(facts: readonly Fact[], what: string, text: (fact: Fact) => string): string[] {
  const lines = facts.slice(0, MOST_TOLD).map((fact) => `${what}: ${text(fact)}`);
  if (facts.length > MOST_TOLD) lines.push(`${what}: ${counted(facts.length - MOST_TOLD, 'further metric')}; the report lists them`);
  return lines;
}

function neededText({ metric, labels, scope, comparison }: Fact): string {
  const name = Object.entries(labels)
    .map(([label, value]) => `${label} ${value}`)
    .join(', ');
  const [now, before] = comparison?.n ?? [0, 0];
  return `${metric} of ${name === '' ? scope : name}: ${counted(comparison?.needed ?? 0, 'more run')} a side needed (n = ${now} now, ${before} before)`;
}
