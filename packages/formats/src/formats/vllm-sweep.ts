import type { Format } from './format.ts';
import { isSweep, readServeRuns, vllmServe } from './vllm-serve.ts';

/** The summary that `vllm bench sweep` writes for each combination of settings: a list of its runs. */
export const vllmSweep: Format = {
  name: 'vllm-sweep',
  tool: '`vllm bench sweep serve`',
  signature: 'a list of results of `vllm bench serve`, with what was set for each: `run_number`, `max_num_seqs`, …',
  detect: isSweep,
  read: readServeRuns,
  fields: vllmServe.fields,
  labels: vllmServe.labels,
  notes: [
    'Fields are those of `vllm-serve`. What stands behind `run_number` was set for the run, and becomes a label under its own name, whatever its value is.',
    '`run_number` counts the repeats of one configuration, and is no label. Its file `run=0.json` holds the same run once more.',
  ],
};
