import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findTestTool } from '../../packages/cli/provision/test-tools.mjs';
import { readPromql } from '../containers/promql.ts';
import { natsServers } from '../support/nats.ts';
import { ROOT } from '../support/seed.ts';
import { until } from '../support/wait.ts';
import { askable, committedDashboards, questions } from './committed.ts';
import { filesOfRound, type Load, startLoad } from './load.ts';
import { type Prometheus, startPrometheus, withData } from './prometheus.ts';

const LOAD_MS = 180_000;
const ANSWER_MS = 15_000;
/** What Grafana makes of $__rate_interval is four scrapes; here, as long as all that happened. */
const RATE_INTERVAL = '2m';

const tool = await findTestTool({ root: ROOT, name: 'prometheus' });
const nats = (await natsServers())[0];
const absent =
  tool === null
    ? 'there is no prometheus here: "node scripts/setup.mjs --for-tests" brings one where it can'
    : nats === undefined
      ? 'there is no nats-server here'
      : null;

describe.skipIf(absent)(`the panels over a system under load${absent ? ` (left out: ${absent})` : ''}`, () => {
  let folder = '';
  let load: Load | undefined;
  let prometheus: Prometheus | undefined;
  const asked = () => {
    if (prometheus === undefined) throw new Error('Prometheus was not started.');
    return prometheus;
  };

  beforeAll(async () => {
    if (tool === null || nats === undefined) return;
    folder = mkdtempSync(join(tmpdir(), 'chimera-panels-'));
    load = await startLoad(nats, folder);
    prometheus = await startPrometheus(tool.path, join(folder, 'prometheus'), load.targets);
    await scrapedOnce(asked());
    for (const round of [1, 2, 3]) {
      await load.poison();
      await load.drop(filesOfRound(round));
      await scrapedOnce(asked());
    }
    load.failAll();
    await load.drop(filesOfRound(4));
  }, LOAD_MS);

  afterAll(async () => {
    await prometheus?.close();
    await load?.close();
    if (folder !== '') rmSync(folder, { recursive: true, force: true });
  }, LOAD_MS);

  it.each([
    ['sentences as first written', 'chimera_sentences_total{fate="kept"}'],
    ['repaired ones', 'chimera_sentences_total{fate="repaired"}'],
    ['withheld ones', 'chimera_sentences_total{fate="withheld"}'],
    ['analyses by a model', 'chimera_analyses_total{narrator="model"}'],
    ['analyses that fell back to the template', 'chimera_model_fallbacks_total'],
    ['calls that failed', 'gen_ai_client_operation_duration_seconds_count{error_type!=""}'],
    ['prompts that were cut', 'chimera_model_calls_truncated_total'],
    ['answers from the store', 'chimera_model_answers_stored_total'],
    ['refused artifacts', 'chimera_artifacts_total{status="refused"}'],
    ['current reports', 'chimera_reports_total{status="current"}'],
    ['superseded reports', 'chimera_reports_total{status="superseded"}'],
    ['dead letters', 'chimera_dead_letters_total'],
    ['servers that tell of their GPUs by nvidia-smi and by DCGM', 'count(count by (server_address) (chimera_gpu_power_watts)) == 2'],
  ])('saw %s', async (_, series) => {
    await until(series, async () => withData(await asked().ask(`${series} > 0`, true)).length > 0, ANSWER_MS);
  });

  const each = questions().flatMap(({ dashboard, panel, expr, instant }) =>
    askable(expr, RATE_INTERVAL).map((question) => [dashboard, panel, question, instant] as const),
  );

  it.each(each)('%s, “%s” has data: %s', async (_, __, question, instant) => {
    const series = await until(
      'An answer with data',
      async () => {
        const found = withData(await asked().ask(question, instant));
        return found.length > 0 && found;
      },
      ANSWER_MS,
    ).catch(() => []);
    expect(series.length, `no series with a number for ${question}`).toBeGreaterThan(0);
  });

  it('would show it if a metric were misspelt: no question has data without each of its metrics', async () => {
    for (const [, panel, question, instant] of each) {
      for (const { metric } of readPromql(question).selections) {
        const misspelt = question.replace(new RegExp(`\\b${metric}\\b`), `${metric}x`);
        expect(misspelt).not.toBe(question);
        expect(withData(await asked().ask(misspelt, instant)), `${panel}: ${misspelt}`).toEqual([]);
      }
    }
  });

  it('name each of their series otherwise', async () => {
    for (const [dashboard, { panels }] of committedDashboards()) {
      for (const { title, targets = [] } of panels) {
        const names: string[] = [];
        for (const { expr, legendFormat, instant } of targets)
          for (const question of askable(expr, RATE_INTERVAL))
            for (const { metric } of withData(await asked().ask(question, instant === true)))
              names.push(legendFormat.replace(/\{\{(\w+)\}\}/g, (_, label: string) => metric[label] ?? ''));
        expect(new Set(names).size, `${dashboard}, ${title}: ${names.join(' | ')}`).toBe(names.length);
      }
    }
  });

  it('are narrowed down by variables that have values', async () => {
    for (const { templating } of committedDashboards().values()) {
      for (const { query } of templating.list) {
        const [, metric = '', label = ''] = /^label_values\((\w+), (\w+)\)$/.exec(query.query) ?? [];
        expect(
          (await asked().labelValues(metric, label)).filter((value) => value !== ''),
          query.query,
        ).not.toEqual([]);
      }
    }
  });
});

/** Waits until all services have been scraped once more, so that what grows next is seen to grow. */
async function scrapedOnce(prometheus: Prometheus): Promise<void> {
  const scrapes = async () => {
    const series = await prometheus.ask('count_over_time(process_start_time_seconds{service=~".+"}[1h])', true);
    return series.length < 4 ? 0 : Math.min(...series.map(({ values }) => Number(values[0]?.[1])));
  };
  const before = await scrapes();
  await until('Another scrape of all services', async () => (await scrapes()) > before, 30_000);
}
