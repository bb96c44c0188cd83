import { compareVersions } from '../../packages/cli/provision/version.mjs';
import { AREAS, type HazardCase } from './cases.ts';
import type { HazardTest } from './result.ts';

const TITLES = {
  reliability: 'Reliability',
  watching: 'Watching',
  malicious: 'Malicious input',
  grounding: 'Grounding',
} as const satisfies Record<(typeof AREAS)[number], string>;

const INTRODUCTION = `# Hazards

What goes wrong, what Chimera promises then, and the tests that show it. \`npm run hazards\` writes this file from a run of the tests; edit
\`test/hazards/cases.ts\` or the tests instead. A test belongs to a case by its title, such as \`hazard 13: …\`. \`npm test\` fails where this file
names other tests than there are, or where a case has neither a test nor a reason.

"Skipped" is what the machine of that run lacked. Versions are those of the nats-servers on which a test ran.`;

const HEAD = '| | Case | Promise | Test | Outcome |\n|---|---|---|---|---|';

/** What is wrong with cases and titles themselves: a sentence each. */
export function faultsOf(cases: readonly HazardCase[], tests: readonly HazardTest[]): string[] {
  const known = new Set(cases.map(({ number }) => number));
  const proven = new Set(tests.flatMap(({ numbers }) => numbers));
  return [
    ...cases
      .filter(({ number, untested }) => !proven.has(number) && untested === undefined)
      .map(({ number }) => `hazard ${number} has neither a test nor a reason in test/hazards/cases.ts why it has none.`),
    ...tests.flatMap(({ numbers, title, file }) =>
      numbers
        .filter((number) => !known.has(number))
        .map((number) => `“${title}” in ${file} names hazard ${number}, which is not in test/hazards/cases.ts.`),
    ),
  ];
}

/** The document: for each case a row per test, and one for what is not tested. The same for the same tests in any order. */
export function hazardsMarkdown(cases: readonly HazardCase[], tests: readonly HazardTest[]): string {
  const sections = AREAS.map((area) => {
    const rows = cases.filter((one) => one.area === area).flatMap((one) => rowsOf(one, tests));
    return `## ${TITLES[area]}\n\n${HEAD}\n${rows.join('\n')}`;
  });
  return `${[INTRODUCTION, ...sections].join('\n\n')}\n`;
}

function rowsOf(one: HazardCase, tests: readonly HazardTest[]): string[] {
  const proofs = new Map<string, HazardTest[]>();
  for (const test of tests.filter(({ numbers }) => numbers.includes(one.number)).sort(byFileAndTitle)) {
    const proof = `${inCell(test.title)} ([${test.file.split('/').at(-1)}](../${test.file}))`;
    proofs.set(proof, [...(proofs.get(proof) ?? []), test]);
  }
  const rows = [...proofs].map(([proof, runs]) => [proof, outcomeOf(runs)]);
  if (one.untested !== undefined) rows.push(['–', `not tested: ${one.untested}`]);
  return rows.map((cells, i) => `| ${[...(i === 0 ? [one.number, one.case, one.promise] : ['', '', '']), ...cells].join(' | ')} |`);
}

/** One outcome for all runs of a test, with the servers on which it came out so; failures first. */
function outcomeOf(runs: readonly HazardTest[]): string {
  const outcomes = ['failed', 'passed', ...new Set(runs.map(({ outcome }) => outcome).filter((outcome) => outcome.startsWith('skipped')))];
  return outcomes
    .flatMap((outcome) => {
      const like = runs.filter((run) => run.outcome === outcome);
      const servers = [...new Set(like.flatMap(({ server }) => server ?? []))].sort(compareVersions);
      return like.length === 0 ? [] : [`${inCell(outcome)}${servers.length === 0 ? '' : ` (nats-server ${servers.join(', ')})`}`];
    })
    .join('; ');
}

/** Foreign words as one line of one cell. */
function inCell(words: string): string {
  return words
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\\`*[\]]/g, '\\$&')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_')
    .replaceAll('|', '&#124;')
    .replaceAll('<', '&lt;');
}

function byFileAndTitle(a: HazardTest, b: HazardTest): number {
  const [left, right] = [`${a.file}\0${a.title}`, `${b.file}\0${b.title}`];
  return left < right ? -1 : left > right ? 1 : 0;
}
