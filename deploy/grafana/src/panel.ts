import type { Query } from './query.ts';

/** From which value on a panel changes its colour; `from` null: from the beginning. */
export type Step = { from: number | null; color: 'green' | 'yellow' | 'red' | 'blue' };

/** What a panel is, as it is written down here: one for Grafana and for the page that explains it. */
export type PanelSpec = {
  /** one number for each series; a line over time; a bar for each series; a state over time */
  kind: 'stat' | 'lines' | 'bars' | 'states';
  title: string;
  /** what it shows: a sentence or two */
  shows: string;
  /** what it looks like where all is well */
  well: string;
  /** what to do where it does not */
  act: string;
  /** the alerts that watch the same, by their names in deploy/prometheus/alerts.rules.yml */
  alerts?: readonly string[];
  /** the dashboard that shows more of it */
  leadsTo?: { uid: string; title: string };
  /** one of Grafana's unit ids */
  unit: string;
  queries: readonly Query[];
  /** columns of the 24 */
  width: number;
  steps?: readonly Step[];
  /** the top of the scale */
  max?: number;
  /** words for values */
  words?: Readonly<Record<string, { text: string; color: Step['color'] }>>;
  /** stacked lines: parts of a whole */
  stacked?: true;
};

export type RowSpec = { title: string; panels: readonly PanelSpec[] };

/** A label by which a dashboard can be narrowed down. */
export type VariableSpec = { name: string; label: string; shows: string /** a metric that has the label */; metric: string; of: string };

export type DashboardSpec = {
  /** of the file, and of the link: they stay as they are, because links and bookmarks hold them */
  name: string;
  uid: string;
  title: string;
  /** which questions it answers */
  answers: string;
  variables: readonly VariableSpec[];
  rows: readonly RowSpec[];
};

/** Green below `bad`, red from there on; with `odd`, yellow between. */
export function upTo(bad: number, odd?: number): Step[] {
  return [
    { from: null, color: 'green' },
    ...(odd === undefined ? [] : [{ from: odd, color: 'yellow' as const }]),
    { from: bad, color: 'red' },
  ];
}

/** Red below `good`, green from there on. */
export const atLeast = (good: number): Step[] => [
  { from: null, color: 'red' },
  { from: good, color: 'green' },
];

/** A number that is neither good nor bad. */
export const PLAIN: readonly Step[] = [{ from: null, color: 'blue' }];

/** Where the page on an alert lies in the project. */
export const runbookOf = (alert: string): string => `docs/operations/runbook/${alert}.md`;

/** What Grafana shows beside the title of a panel, as Markdown. */
export function descriptionOf({ shows, well, act, alerts = [] }: PanelSpec): string {
  const watched = alerts.map((alert) => `\n\n**Alert:** ${alert}, with its page \`${runbookOf(alert)}\`.`);
  return `${shows}\n\n**Well:** ${well}\n\n**Else:** ${act}${watched.join('')}`;
}
