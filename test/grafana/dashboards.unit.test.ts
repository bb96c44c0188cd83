import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as units from '@grafana/grafana-foundation-sdk/units';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { DASHBOARDS, dashboardFiles } from '../../deploy/grafana/src/dashboards.ts';
import { dashboardsPage } from '../../deploy/grafana/src/page.ts';
import { runbookOf } from '../../deploy/grafana/src/panel.ts';
import { SERVICES } from '../../packages/cli/src/services.ts';
import { readPromql } from '../containers/promql.ts';
import { ROOT } from '../support/seed.ts';
import { askable, type CommittedPanel, committedDashboards, questions, textOf } from './committed.ts';
import { ALERTS, labelsOf } from './known-metrics.ts';

const text = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const dashboards = committedDashboards();
const panels = [...dashboards].flatMap(([file, { panels }]) =>
  panels.filter(({ type }) => type !== 'row').map((panel) => [file, panel.title, panel] as const),
);
const KNOWN_UNITS = new Set<unknown>(Object.values(units));

describe('the dashboards', () => {
  it('are those that the code makes, and no other', () => {
    expect([...dashboards.keys()].sort()).toEqual([...dashboardFiles().keys()].sort());
  });

  it.each([...dashboardFiles()])('deploy/grafana/dashboards/%s is what the code makes (else: npm run dashboards)', (name, made) => {
    expect(textOf(name)).toBe(made);
  });

  it('are explained in docs/operations/dashboards.md as the code has them (else: npm run dashboards)', () => {
    expect(text('docs/operations/dashboards.md')).toBe(dashboardsPage());
  });

  it('have every panel in that page, under its dashboard', () => {
    const sections = text('docs/operations/dashboards.md').split(/^## /m).slice(1);
    for (const { title, panels } of dashboards.values()) {
      const section = sections.find((one) => one.startsWith(`${title}\n`));
      for (const panel of panels)
        expect(section, `${title} in the page`).toContain(panel.type === 'row' ? `### ${panel.title}` : `| ${panel.title} |`);
    }
  });

  it('have ids of their own, of a length that Grafana takes, and link to each other by their tag', () => {
    const all = [...dashboards.values()];
    expect(new Set(all.map(({ uid }) => uid)).size).toBe(all.length);
    for (const { uid, tags, links, editable } of all) {
      expect(uid).toMatch(/^[a-z-]{8,40}$/);
      expect(links).toMatchObject([{ type: 'dashboards', tags }]);
      expect(editable).toBe(false);
    }
  });

  it('lead to dashboards that there are', () => {
    const uids = new Map([...dashboards.values()].map(({ uid, title }) => [`/d/${uid}`, title.toLowerCase()]));
    const links = panels.flatMap(([, , { links = [] }]) => links);
    expect(links.length).toBeGreaterThan(0);
    for (const { url, title } of links) expect(uids.get(url)).toBe(`chimera: ${title.toLowerCase()}`);
  });

  it('begin with a row of numbers', () => {
    for (const { panels } of dashboards.values()) {
      const [row, ...rest] = panels;
      const next = rest.findIndex(({ type }) => type === 'row');
      expect(row?.type).toBe('row');
      expect(new Set(rest.slice(0, next).map(({ type }) => type))).toEqual(new Set(['stat']));
    }
  });

  it('lay no panel over another, or beyond the 24 columns', () => {
    for (const { title, panels } of dashboards.values()) {
      expect(new Set(panels.map(({ id }) => id)).size, title).toBe(panels.length);
      for (const [i, one] of panels.entries()) {
        expect(one.gridPos.x + one.gridPos.w, one.title).toBeLessThanOrEqual(24);
        for (const other of panels.slice(i + 1)) expect(overlap(one, other), `${one.title} and ${other.title}`).toBe(false);
      }
    }
  });

  it('are provisioned with the datasource that they ask, and one of them is the home', () => {
    const { datasources } = parse(text('deploy/grafana/provisioning/datasources/prometheus.yaml')) as {
      datasources: { uid: string; type: string }[];
    };
    const known = new Set(datasources.map(({ uid }) => uid));
    for (const { templating } of dashboards.values()) for (const { datasource } of templating.list) expect(known).toContain(datasource.uid);
    for (const [, title, { datasource, targets = [] }] of panels) {
      for (const one of [datasource, ...targets.map((target) => target.datasource)]) expect(known, title).toContain(one?.uid);
    }
    const { providers } = parse(text('deploy/grafana/provisioning/dashboards/chimera.yaml')) as {
      providers: { options: { path: string } }[];
    };
    const home = /GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH: (\S+)/.exec(text('docker-compose.yml'))?.[1] ?? '';
    expect([...dashboards.keys()].map((name) => `${providers[0]?.options.path}/${name}`)).toContain(home);
  });

  it('are narrowed down by labels that the metric of the variable has', () => {
    for (const { templating } of dashboards.values()) {
      for (const { query } of templating.list) {
        const [, metric = '', label] = /^label_values\((\w+), (\w+)\)$/.exec(query.query) ?? [];
        expect(labelsOf(metric), query.query).toContain(label);
      }
    }
  });
});

describe('each panel', () => {
  it.each(panels)('%s, “%s”: says what it shows, how it looks when all is well, and what to do else', (_, __, panel) => {
    expect(panel.description).toMatch(/^.{20,}\n\n\*\*Well:\*\* .+\.\n\n\*\*Else:\*\* .{10,}/s);
    expect(panel.targets?.length ?? 0).toBeGreaterThan(0);
    expect(panel.targets?.map(({ refId }) => refId)).toEqual(['A', 'B', 'C', 'D'].slice(0, panel.targets?.length));
    const unit = panel.fieldConfig?.defaults.unit ?? '';
    expect(KNOWN_UNITS.has(unit) || unit.startsWith('suffix:'), `unit ${unit}`).toBe(true);
  });

  it.each(
    DASHBOARDS.flatMap(({ rows }) =>
      rows.flatMap((row) => row.panels.flatMap(({ title, alerts = [] }) => alerts.map((alert) => [title, alert]))),
    ),
  )('“%s” names an alert that there is, and its page: %s', (_, alert) => {
    expect([...ALERTS.keys()]).toContain(alert);
    expect(existsSync(join(ROOT, runbookOf(alert)))).toBe(true);
  });
});

describe('the colours of a panel', () => {
  const judged = DASHBOARDS.flatMap(({ rows }) => rows.flatMap((row) => row.panels)).filter(
    ({ alerts, steps = [] }) => alerts && steps.length > 1,
  );

  it.each(judged.map((panel) => [panel.title, panel] as const))('“%s” turns where its alert does', (_, { alerts = [], steps = [] }) => {
    const turns = steps.flatMap(({ from }) => (from === null ? [] : [from]));
    // Ready or not, given up or not: an alert has it as "above 0" or "is 0".
    if (turns.every((turn) => turn === 1 || turn === Object.keys(SERVICES).length)) return;
    const exprs = alerts.map((alert) => ALERTS.get(alert) ?? '').join('\n');
    expect(
      turns.some((turn) => new RegExp(`(?<![\\w.])${turn}(?![\\w.])`).test(exprs)),
      `${turns.join(', ')} in ${exprs}`,
    ).toBe(true);
  });
});

describe('each question', () => {
  it.each(questions().map(({ dashboard, panel, expr }) => [dashboard, panel, expr]))(
    '%s, “%s”: asks only for metrics and labels that there are: %s',
    (dashboard, _, expr) => {
      const { selections, groupings } = readPromql(expr);
      expect(selections.length).toBeGreaterThan(0);
      for (const { metric, labels } of selections) {
        const known = labelsOf(metric);
        expect(known, `${metric} is exposed and recorded by nobody`).not.toBeNull();
        for (const label of [...labels, ...groupings]) expect(known, `${metric} has no label ${label}`).toContain(label);
      }
      const variables = dashboards.get(`${dashboard}.json`)?.templating.list.map(({ name }) => name);
      for (const [, name] of expr.matchAll(/\$(?!__)(\w+)/g)) expect(variables).toContain(name);
    },
  );

  it('together they ask for everything that one must see', () => {
    const asked = new Set(questions().flatMap(({ expr }) => readPromql(expr).selections.map(({ metric }) => metric)));
    for (const metric of [
      'chimera_run_stage_duration_seconds_bucket',
      'chimera_report_lag_seconds',
      'chimera_ready',
      'chimera_dead_letters_total',
      'durable:chimera_queue_pending_messages:max',
      'durable:chimera_queue_unacknowledged_messages:max',
      'chimera_artifacts_total',
      'messaging_client_consumed_messages_total',
      'chimera_output_tokens_per_second_bucket',
      'chimera_sentences_total',
      'chimera_gpu_power_watts',
      'account:chimera_nats_storage_limit_bytes:max',
      'DCGM_FI_DEV_GPU_UTIL',
    ])
      expect(asked).toContain(metric);
  });
});

describe('a question as Prometheus is asked it', () => {
  it('has variables at "All", intervals, and each alternative by itself', () => {
    expect(askable('sum(rate(a{b=~"$b"}[$__rate_interval])) or vector(0)', '15s')).toEqual(['sum(rate(a{b=~".+"}[15s]))']);
    expect(askable('(sum(a) or vector(0)) / sum(b)', '15s')).toEqual(['(sum(a)) / sum(b)']);
    expect(askable('max(a / 100) or max(b)', '15s')).toEqual(['max(a / 100)', 'max(b)']);
  });
});

function overlap({ gridPos: a }: CommittedPanel, { gridPos: b }: CommittedPanel): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}
