// Measures the checker of prose: how many faults it finds in sentences whose truth is known, and how fast it is.
//   npm run bench:grounding [-- --seed N] [--slips KIND] [--no-speed] [--facts N] [--write]
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from '../../test/support/seed.ts';
import { machine } from '../small-artifacts.ts';
import { type Outcome, runMutations } from './mutations.ts';
import { reportLines } from './reports.ts';
import { measureSpeed, speedLines } from './speed.ts';
import { mutationLines } from './tables.ts';
import { generatedWorld, sampleWorld, seedWorld } from './worlds.ts';

const GENERATED = [1, 2, 3, 4, 5];
const MOST_OF_KIND = 200;
const TITLE = '## The checker of prose';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    slips: { type: 'string' },
    most: { type: 'string', default: '5' },
    facts: { type: 'string' },
    'no-speed': { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});

/** What was wrongly said, for whoever mends the checker. */
function printSlips({ slips }: Outcome, of: string): void {
  for (const slip of slips.filter((one) => one.of.includes(of)).slice(0, Number(values.most)))
    console.log(`--- ${slip.of}\n${slip.page}\n    => ${slip.said}\n`);
}

/** Puts the section into the page of benchmarks, in the place of the former one. */
function keep(section: string): void {
  const path = join(ROOT, 'docs/benchmarks.md');
  const page = readFileSync(path, 'utf8');
  const at = page.indexOf(TITLE);
  const next = at < 0 ? -1 : page.indexOf('\n## ', at + TITLE.length);
  const before = at < 0 ? `${page.trimEnd()}\n\n` : page.slice(0, at);
  writeFileSync(path, `${before}${section}\n${next < 0 ? '' : page.slice(next)}`);
}

const seed = await seedWorld();
const worlds = [await sampleWorld(), ...(await Promise.all(GENERATED.map((one) => generatedWorld(one)))), ...(seed ? [seed] : [])];
const outcome = runMutations(worlds, Number(values.seed), MOST_OF_KIND);
if (values.slips !== undefined) printSlips(outcome, values.slips);
const speed = values['no-speed']
  ? []
  : speedLines(await measureSpeed(Number(values.seed), values.facts === undefined ? undefined : Number(values.facts)));
const section = [
  TITLE,
  '',
  `${new Date().toISOString().slice(0, 10)}. \`npm run bench:grounding\`, seed ${values.seed}. ${machine()}`,
  ...(seed === null ? ['The seed artifacts are not beside this clone and were skipped.'] : []),
  '',
  ...mutationLines(outcome),
  ...(await reportLines()),
  ...speed,
].join('\n');
console.log(section);
if (values.write) keep(section);
