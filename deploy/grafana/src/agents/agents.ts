import type { DashboardSpec } from '../panel.ts';
import { DURATION } from './calls.ts';
import * as gpus from './gpus.ts';
import { speed } from './speed.ts';
import { waiting } from './waiting.ts';
import { well } from './well.ts';

/** What the agents do with their models, by node and model. */
export const agents: DashboardSpec = {
  name: 'agents',
  uid: 'chimera-agents',
  title: 'Chimera: agents',
  answers: 'How fast is each node with each model, what do calls wait for, which fail, and what do the GPUs do meanwhile?',
  variables: [
    { name: 'agent', label: 'Agent', shows: 'The agent that asked.', metric: 'chimera_analyses_total', of: 'agent' },
    { name: 'server', label: 'Server', shows: 'The Ollama server, which is the node.', metric: `${DURATION}_count`, of: 'server_address' },
    { name: 'model', label: 'Model', shows: 'The model that was asked.', metric: `${DURATION}_count`, of: 'gen_ai_request_model' },
  ],
  rows: [well, speed, waiting, gpus.beside, gpus.always],
};
