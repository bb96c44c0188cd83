import type { DashboardSpec } from '../panel.ts';
import { nats } from './nats.ts';
import { node } from './node.ts';
import { well } from './well.ts';

/** The ground that the services stand on: NATS, and their own processes. */
export const natsAndNode: DashboardSpec = {
  name: 'nats-and-node',
  uid: 'chimera-nats-and-node',
  title: 'Chimera: NATS and Node',
  answers: 'Has NATS room and do connections hold; and how is each process: CPU, memory, event loop, garbage, open handles?',
  variables: [
    { name: 'service', label: 'Service', shows: 'Which of the four services.', metric: 'process_start_time_seconds', of: 'service' },
  ],
  rows: [well, nats, node],
};
