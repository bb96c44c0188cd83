import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BehaviourScript, ReplayRequest, ReplayServerConfig } from '@chimera/ollama';
import { Report } from '@chimera/shared/domain';
import { expect } from 'vitest';
import { chimera } from './chimera.ts';
import { layFiles, SMALL } from './dataset.ts';
import { type RecordedOllama, startRecordedOllama } from './recorded-ollama.ts';

/** A server by how it behaves, or with more to say of it; a URL stands for a server that is none of ours. */
export type GivenServer = { behaviour: BehaviourScript; config?: ReplayServerConfig } | string;

export type ReportOptions = { env?: NodeJS.ProcessEnv; args?: string[] };

/** The section ids of each agent, as the report has them. */
export const SECTIONS = [
  ['coverage', 'modifications', 'gaps'],
  ['summary', 'performance', 'findings', 'recommendations', 'risks', 'conclusion'],
] as const;

export const isOfInsight = ({ messages }: ReplayRequest): boolean => messages[0]?.content.includes('InsightAgent') ?? false;
export const isRepair = ({ messages }: ReplayRequest): boolean => messages.some(({ content }) => content.includes('\n```sentences\n'));

/** Makes reports of the small dataset by the real command, over real HTTP; no more than two at a time. */
export function modelReports() {
  const work = mkdtempSync(join(tmpdir(), 'chimera-model-'));
  const folder = layFiles(SMALL);
  const turn = atMost(2);

  async function reportWith(given: readonly GivenServer[], { env = {}, args = [] }: ReportOptions = {}) {
    const servers: RecordedOllama[] = [];
    const addresses: string[] = [];
    for (const one of given) {
      if (typeof one === 'string') {
        addresses.push(one);
        continue;
      }
      const server = await startRecordedOllama({ models: ['gemma3:latest'], ...one.config, behaviour: one.behaviour });
      servers.push(server);
      addresses.push(server.url);
    }
    const out = mkdtempSync(join(work, 'out-'));
    try {
      const flags = addresses.flatMap((address) => ['--ollama', address]);
      const outcome = await chimera(['analyze', folder, '--out', join(out, 'report'), ...flags, ...args], { env });
      expect(outcome).toMatchObject({ code: 0 });
      const read = (name: string) => readFileSync(join(out, 'report', name), 'utf8');
      const report = Report.parse(JSON.parse(read('report.json')));
      const { collector, insight } = report.record.agents;
      if (collector === undefined || insight === undefined) throw new Error('An agent is not in the record.');
      return {
        ...outcome,
        urls: servers.map(({ url }) => url),
        asked: servers.flatMap(({ asked }) => asked),
        requests: servers.flatMap(({ replay }) => replay.calls.map(({ request }) => request)),
        report,
        collector,
        insight,
        agents: [collector, insight],
        markdown: read('report.md'),
        html: read('report.html'),
        folder: join(out, 'report'),
      };
    } finally {
      for (const server of servers) await server.close();
    }
  }

  return {
    work,
    folder,
    reportWith: (given: readonly GivenServer[], options?: ReportOptions) => turn(() => reportWith(given, options)),
    close() {
      rmSync(work, { recursive: true, force: true });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type ModelReport = Awaited<ReturnType<ReturnType<typeof modelReports>['reportWith']>>;

/** Runs what it is given, so many at once; the others wait in their order. */
function atMost(count: number) {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async <T>(run: () => Promise<T>): Promise<T> => {
    if (running >= count) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await run();
    } finally {
      // Who waits takes this place; else it is free.
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}
