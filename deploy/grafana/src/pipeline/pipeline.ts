import type { DashboardSpec } from '../panel.ts';
import { dropToReport } from './drop-to-report.ts';
import { failures } from './failures.ts';
import { queues } from './queues.ts';
import { well } from './well.ts';

/** From artifacts dropped to reports printed. It is Grafana's home. */
export const pipeline: DashboardSpec = {
  name: 'pipeline',
  uid: 'chimera-pipeline',
  title: 'Chimera: pipeline',
  answers: 'Do reports come, how long does it take from drop to report, where does work wait, and what failed?',
  variables: [],
  rows: [well, dropToReport, queues, failures],
};
