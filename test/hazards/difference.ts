/** A case as the document has it: its tests with whether they failed, and all else as it is worded. */
type WrittenCase = { words: string; untested: string; tests: Map<string, 'failed' | 'not failed'> };

/**
 * The first case in which a document differs from the one that a run would write, as a sentence; null where none does.
 * Compared are words, tests, and which of them failed: versions and what was skipped are the machine's affair.
 * `withoutServer`: files whose tests for nats-servers cannot be known here.
 */
export function firstDifference(written: string, fresh: string, withoutServer: ReadonlySet<string> = new Set()): string | null {
  const [before, now] = [casesIn(written, withoutServer), casesIn(fresh, withoutServer)];
  for (const number of [...new Set([...before.keys(), ...now.keys()])].sort((a, b) => a - b)) {
    const difference = differenceOf(before.get(number), now.get(number));
    if (difference !== null) return `hazard ${number}: ${difference}`;
  }
  return proseOf(written) === proseOf(fresh) ? null : 'the text around its tables is another.';
}

function differenceOf(before: WrittenCase | undefined, now: WrittenCase | undefined): string | null {
  if (before === undefined) return 'the case is not in it.';
  if (now === undefined) return 'there is no such case any more.';
  if (before.words !== now.words) return 'case or promise is worded otherwise.';
  for (const [test, fate] of now.tests) {
    const known = before.tests.get(test);
    if (known === undefined) return `it does not list the test ${test}.`;
    if (known !== fate) return `it says that a test has ${known}, which has ${fate} now: ${test}.`;
  }
  for (const test of before.tests.keys()) if (!now.tests.has(test)) return `it lists a test that is not there any more: ${test}.`;
  return before.untested === now.untested ? null : 'what is not tested is worded otherwise.';
}

function casesIn(markdown: string, withoutServer: ReadonlySet<string>): Map<number, WrittenCase> {
  const cases = new Map<number, WrittenCase>();
  let last: WrittenCase | undefined;
  for (const line of markdown.split('\n').filter(isRow)) {
    const [number = '', words = '', promise = '', test = '', outcome = ''] = line.slice(2, -2).split(' | ');
    if (number !== '') {
      last = { words: `${words} ${promise}`, untested: '', tests: new Map() };
      cases.set(Number(number), last);
    }
    if (last === undefined) continue;
    const file = /\]\(\.\.\/([^)]+)\)\)$/.exec(test)?.[1];
    if (file === undefined) last.untested = outcome;
    else if (!(withoutServer.has(file) && outcome.includes('(nats-server ')))
      last.tests.set(test, outcome.startsWith('failed') ? 'failed' : 'not failed');
  }
  return cases;
}

const isRow = (line: string): boolean => /^\| \d* \| .* \|$/.test(line);

function proseOf(markdown: string): string {
  return markdown
    .split('\n')
    .filter((line) => !isRow(line))
    .join('\n');
}
