import { relative, sep } from 'node:path';

/** vitest's JSON result, as far as it is read here. */
export type VitestResult = {
  testResults?: {
    name: string;
    status: string;
    assertionResults: { ancestorTitles: string[]; title: string; status: string }[];
  }[];
};

/** A test that proves cases, as it ran. `server`: the nats-server it ran on, where it runs on several. */
export type HazardTest = { numbers: number[]; title: string; file: string; server: string | null; outcome: string };

const PREFIX = /^hazard (\d+(?:, \d+)*): /;
const LEFT_OUT = / \(left out: (.*)\)$/s;
const SERVER = / \(nats-server (\d[^ )]*)\)$/;

/** The tests whose titles name cases, with paths relative to `root`. */
export function hazardTests(result: VitestResult, root: string): HazardTest[] {
  return (result.testResults ?? []).flatMap(({ name, status, assertionResults }) => {
    // A hook that failed leaves no failed test behind, only tests that did not run.
    const hookFailed = status === 'failed' && !assertionResults.some((test) => test.status === 'failed');
    return assertionResults.flatMap((test): HazardTest[] => {
      const numbers = PREFIX.exec(test.title)?.[1];
      if (numbers === undefined) return [];
      return [
        {
          numbers: numbers.split(', ').map(Number),
          title: test.title.replace(PREFIX, '').replace(LEFT_OUT, ''),
          file: relative(root, name).replaceAll(sep, '/'),
          server: serverOf(test.ancestorTitles),
          outcome: test.status === 'passed' ? 'passed' : test.status === 'failed' || hookFailed ? 'failed' : skipped(test),
        },
      ];
    });
  });
}

/** The files of whose suites for each nats-server none ran, because there is none on this machine: their tests have no names. */
export function filesWithoutServer(result: VitestResult, root: string): Set<string> {
  const files = (result.testResults ?? []).filter(
    ({ assertionResults }) =>
      assertionResults.some((test) => test.title.startsWith('needs nats-server ')) &&
      !assertionResults.some((test) => !test.title.startsWith('needs nats-server ') && serverOf(test.ancestorTitles) !== null),
  );
  return new Set(files.map(({ name }) => relative(root, name).replaceAll(sep, '/')));
}

function serverOf(ancestors: readonly string[]): string | null {
  return ancestors.map((title) => SERVER.exec(title)?.[1] ?? null).find((version) => version !== null) ?? null;
}

function skipped(test: { ancestorTitles: string[]; title: string }): string {
  const reason = [...test.ancestorTitles, test.title].map((title) => LEFT_OUT.exec(title)?.[1]).find((found) => found !== undefined);
  return `skipped: ${reason ?? 'not for this machine'}`;
}
