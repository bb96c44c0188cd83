import type { RowSpec } from '../panel.ts';
import { mean } from '../query.ts';
import { CALLS, NAMED, NODE, OF } from './calls.ts';

/** GPUs beside the calls. */
export const beside: RowSpec = {
  title: 'GPUs beside the calls (nvidia-smi or DCGM, where sampled)',
  panels: [
    {
      kind: 'lines',
      title: 'GPU utilization',
      shows: 'Mean utilization of the GPUs of a server during its latest call that was sampled. Between calls the last value stays.',
      well: 'High while a model writes.',
      act: 'Low during calls: the model is on the CPU in part; see layers on the GPU in the report.',
      unit: 'percentunit',
      queries: [{ expr: `max by (server_address) (chimera_gpu_utilization_ratio${NODE})`, legend: '{{server_address}}' }],
      width: 6,
      max: 1,
    },
    {
      kind: 'lines',
      title: 'GPU memory',
      shows: 'Greatest memory in use on the GPUs of a server during its latest call that was sampled.',
      well: 'Level while a model stays loaded.',
      act: 'Near the size of the card: the next greater context will not fit, and layers move to the CPU.',
      unit: 'bytes',
      queries: [{ expr: `max by (server_address) (chimera_gpu_memory_bytes${NODE})`, legend: '{{server_address}}' }],
      width: 6,
    },
    {
      kind: 'lines',
      title: 'GPU power, by server',
      shows: 'Mean power of the GPUs of a server during its latest call that was sampled.',
      well: 'Well above idle.',
      act: 'Below what it was for the same model: the card is throttled, or not used.',
      unit: 'watt',
      queries: [{ expr: `max by (server_address) (chimera_gpu_power_watts${NODE})`, legend: '{{server_address}}' }],
      width: 6,
    },
    {
      kind: 'lines',
      title: 'Energy of a call',
      shows: 'Mean joules of all GPUs of the node during a call, over the hour before, by server and model.',
      well: 'Steady for a model on a card.',
      act: 'It grows with longer answers (see Tokens per answer) and with calls at the same time, which are each told all of it.',
      unit: 'joule',
      queries: [{ expr: mean('chimera_model_call_gpu_energy_joules', OF, CALLS), legend: NAMED }],
      width: 6,
    },
  ],
};

/** By the names of either line of the exporter: 4.9.0 renamed them, and with that their units. */
const byCard = (expr: string) => `max by (instance, gpu) (${expr})`;
const CARD = '{{instance}} GPU {{gpu}}';

/** GPUs all the time. */
export const always: RowSpec = {
  title: 'GPUs all the time (DCGM exporter, where one is scraped)',
  panels: [
    {
      kind: 'lines',
      title: 'Utilization, by card',
      shows: 'Utilization of each card as its DCGM exporter tells it, whoever uses it.',
      well: 'High while reports are made, near zero else.',
      act: 'High while no report is made: somebody else uses the card.',
      unit: 'percentunit',
      queries: [{ expr: `${byCard('DCGM_FI_DEV_GPU_UTIL / 100')} or ${byCard('DCGM_FI_DEV_GPU_UTIL_RATIO')}`, legend: CARD }],
      width: 8,
      max: 1,
    },
    {
      kind: 'lines',
      title: 'Memory in use, by card',
      shows: 'Memory in use on each card as its DCGM exporter tells it.',
      well: 'The size of the models that are loaded.',
      act: 'More than that: another program holds memory, and layers of the model go to the CPU.',
      unit: 'bytes',
      queries: [{ expr: `${byCard('DCGM_FI_DEV_FB_USED * 1048576')} or ${byCard('DCGM_FI_DEV_FB_USED_BYTES')}`, legend: CARD }],
      width: 8,
    },
    {
      kind: 'lines',
      title: 'Power, by card',
      shows: 'Power of each card as its DCGM exporter tells it.',
      well: 'It follows utilization.',
      act: 'At the limit of the card with falling speed: it is throttled.',
      unit: 'watt',
      queries: [{ expr: `${byCard('DCGM_FI_DEV_POWER_USAGE')} or ${byCard('DCGM_FI_DEV_BOARD_POWER_WATTS')}`, legend: CARD }],
      width: 8,
    },
  ],
};
