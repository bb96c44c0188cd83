import { DASHBOARDS } from './dashboards.ts';
import { type PanelSpec, runbookOf } from './panel.ts';

const HEAD = `# Dashboards

Grafana shows four dashboards; \`docker compose up\` provisions them, at http://127.0.0.1:3000. Pipeline is its home. Each begins with a row of
numbers that is green where all is well; below it stands what to look at where it is not. Every panel says in its "i" what is said here.

They are made by code in \`deploy/grafana/src\` ([0021](../decisions/0021-dashboards.md)); \`npm run dashboards\` writes \`deploy/grafana/dashboards\`
and this page anew. Into a Grafana of your own they are imported as files, with a Prometheus datasource whose uid is \`prometheus\`.

Times are those of the browser. Numbers "since … started" begin anew with the process. Panels of GPUs are empty where none are sampled.
`;

/** docs/operations/dashboards.md: what each dashboard answers, and how each of its panels is read. */
export function dashboardsPage(): string {
  const sections = DASHBOARDS.map(({ title, name, answers, variables, rows }) => {
    const narrowed = variables.length === 0 ? '' : ` Narrowed down by ${variables.map(({ label }) => label.toLowerCase()).join(', ')}.`;
    const tables = rows.map((row) => `### ${row.title}\n\n${table(row.panels)}`);
    return [`## ${title}`, `${answers}${narrowed} (\`deploy/grafana/dashboards/${name}.json\`)`, ...tables].join('\n\n');
  });
  return `${[HEAD.trimEnd(), ...sections].join('\n\n')}\n`;
}

function table(panels: readonly PanelSpec[]): string {
  const lines = panels.map(({ title, shows, well, act, alerts = [] }) => {
    const watched = alerts.map((alert) => ` [${alert}](${runbookOf(alert).replace('docs/operations/', '')})`);
    return `| ${title} | ${shows} | ${well} | ${act}${watched.join('')} |`;
  });
  return ['| panel | shows | well | else |', '|---|---|---|---|', ...lines].join('\n');
}
