import { agents } from './agents/agents.ts';
import { dashboardOf } from './grafana.ts';
import { natsAndNode } from './nats-and-node/nats-and-node.ts';
import type { DashboardSpec } from './panel.ts';
import { pipeline } from './pipeline/pipeline.ts';
import { trust } from './trust.ts';

/** All dashboards, in the order in which one looks at them. */
export const DASHBOARDS: readonly DashboardSpec[] = [pipeline, agents, trust, natsAndNode];

/** What lies in deploy/grafana/dashboards: the text of each file by its name. */
export function dashboardFiles(): Map<string, string> {
  return new Map(DASHBOARDS.map((spec) => [`${spec.name}.json`, `${JSON.stringify(dashboardOf(spec), null, 2)}\n`]));
}
