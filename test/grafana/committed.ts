import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/seed.ts';

const FOLDER = join(ROOT, 'deploy/grafana/dashboards');

/** What tests look at in a dashboard as it is committed. */
export type CommittedPanel = {
  id: number;
  type: string;
  title: string;
  description?: string;
  datasource?: { type: string; uid: string };
  links?: { title: string; url: string }[];
  gridPos: { x: number; y: number; w: number; h: number };
  fieldConfig?: { defaults: { unit?: string; thresholds?: { steps: { value: number | null; color: string }[] } } };
  targets?: { refId: string; expr: string; legendFormat: string; instant?: boolean; range?: boolean; datasource: { uid: string } }[];
};
export type Committed = {
  uid: string;
  title: string;
  tags: string[];
  editable: boolean;
  links: { type: string; tags: string[] }[];
  templating: { list: { name: string; query: { query: string }; datasource: { uid: string }; allValue: string }[] };
  panels: CommittedPanel[];
};

/** The dashboards that are provisioned, by file name. */
export function committedDashboards(): Map<string, Committed> {
  return new Map(readdirSync(FOLDER).map((name) => [name, JSON.parse(textOf(name)) as Committed]));
}

export const textOf = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');

/** A panel's question as it stands in the file, and where. */
export type Question = { dashboard: string; panel: string; expr: string; instant: boolean };

/** What every panel of every dashboard asks. */
export function questions(): Question[] {
  return [...committedDashboards()].flatMap(([dashboard, { panels }]) =>
    panels.flatMap(({ title, targets = [] }) =>
      targets.map(({ expr, instant }) => ({ dashboard: dashboard.replace('.json', ''), panel: title, expr, instant: instant === true })),
    ),
  );
}

/**
 * What Prometheus is asked for a question: variables at "All", and each interval that Grafana would put in. `vector(0)`, which
 * always has data, is left out; alternatives (`a or b`) are questions of their own, so that one does not hide that another has none.
 */
export function askable(expr: string, rateInterval: string): string[] {
  return expr
    .replaceAll('$__rate_interval', rateInterval)
    .replaceAll('$__interval', rateInterval)
    .replaceAll(/"\$\w+"/g, '".+"')
    .replaceAll(' or vector(0)', '')
    .split(' or ');
}
