import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { scrapeConfig } from './deployed-prometheus.ts';
import { startGuarded } from './guarded.ts';

/** A series of an answer: its labels, and its samples as [seconds, value]. */
export type Series = { metric: Record<string, string>; values: [number, string][] };

/** A real Prometheus that scrapes and judges as deploy/prometheus says, only more often. */
export type Prometheus = {
  url: string;
  /** What Grafana would be given: the latest values, or those since the start, a second apart. */
  ask(expr: string, instant: boolean): Promise<Series[]>;
  labelValues(metric: string, label: string): Promise<string[]>;
  close(): Promise<void>;
};

/** Starts Prometheus on a free port of loopback; `targets` are the addresses (`host:port`) of each job. */
export async function startPrometheus(binary: string, folder: string, targets: Readonly<Record<string, string[]>>): Promise<Prometheus> {
  mkdirSync(folder, { recursive: true });
  const config = join(folder, 'prometheus.yml');
  // What it scrapes it is told once it has said where it listens: it scrapes itself too.
  writeFileSync(config, '{}');
  const started = Date.now() / 1_000;
  const state = [`--config.file=${config}`, `--storage.tsdb.path=${join(folder, 'data')}`];
  const ready = /Listening on.* address=(127\.0\.0\.1:[1-9]\d*)[\s\S]*Server is ready to receive web requests/;
  const { found, close } = await startGuarded(binary, [...state, '--web.listen-address=127.0.0.1:0', '--web.enable-lifecycle'], ready);
  const address = found[1] ?? '';
  const url = `http://${address}`;
  writeFileSync(config, stringify(scrapeConfig(folder, { ...targets, prometheus: [address] })));
  const reloaded = await fetch(`${url}/-/reload`, { method: 'POST' });
  if (!reloaded.ok) {
    await close();
    throw new Error(`Prometheus refuses the configuration of deploy/prometheus: ${await reloaded.text()}`);
  }

  async function get(path: string, parameters: Record<string, string>): Promise<unknown> {
    const response = await fetch(`${url}/api/v1/${path}?${new URLSearchParams(parameters)}`);
    const answer = (await response.json()) as { status: string; data: unknown; error?: string };
    if (answer.status !== 'success') throw new Error(`Prometheus refuses ${JSON.stringify(parameters)}: ${answer.error}`);
    return answer.data;
  }

  return {
    url,
    async ask(query, instant) {
      if (instant) {
        const { result } = (await get('query', { query })) as { result: { metric: Series['metric']; value: [number, string] }[] };
        return result.map(({ metric, value }) => ({ metric, values: [value] }));
      }
      const range = { start: String(started), end: String(Date.now() / 1_000), step: '1' };
      return ((await get('query_range', { query, ...range })) as { result: Series[] }).result;
    },
    labelValues: async (metric, label) => (await get(`label/${label}/values`, { 'match[]': metric })) as string[],
    close,
  };
}

/** The series that have at least one value that is a number. */
export const withData = (series: readonly Series[]): Series[] =>
  series.filter(({ values }) => values.some(([, value]) => Number.isFinite(Number(value))));
