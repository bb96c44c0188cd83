import type { Extract } from '../extract.ts';
import { type LabelTable, labelTextOf, objectAt } from '../fields.ts';
import type { JsonObject } from '../json-value.ts';
import { labelsOf } from './label-candidates.ts';

/** Where `config` of `benchmark.json` keeps settings → labels, for people. */
export const OPTIMUM_LABELS: LabelTable = {
  'config.backend.model': 'model',
  'config.backend.name': 'backend',
  'config.backend.version': 'engine_version',
  'config.backend.quantization_scheme': 'quantization',
  'config.backend.torch_dtype': 'dtype',
  'config.backend.device': 'device',
  'config.scenario.input_shapes.batch_size': 'batch',
  'config.scenario.input_shapes.sequence_length': 'prompt_length',
  'config.scenario.generate_kwargs.max_new_tokens': 'output_length',
  'config.environment.gpu': 'gpu',
  'config.environment.gpu_count': 'gpu_count',
  'config.environment.cpu': 'cpu',
  'config.environment.optimum_benchmark_version': 'tool_version',
  phase: 'test',
};

/** The labels of a report: what `config` beside it says; a report alone says nothing. */
export function optimumLabels(object: JsonObject, extract: Extract): Record<string, string> {
  const config = objectAt(object, 'config');
  const backend = objectAt(config, 'backend');
  const environment = objectAt(config, 'environment');
  // Older versions call the scenario benchmark.
  const scenarios = [objectAt(config, 'scenario'), objectAt(config, 'benchmark')];
  const shapes = scenarios.map((one) => objectAt(one, 'input_shapes'));
  const generation = scenarios.map((one) => objectAt(one, 'generate_kwargs'));
  return labelsOf(
    {
      tool: ['optimum-benchmark'],
      tool_version: [environment.optimum_benchmark_version],
      model: [backend.model],
      backend: [backend.name],
      engine_version: [backend.version],
      quantization: [backend.quantization_scheme],
      dtype: [backend.torch_dtype, backend.dtype],
      device: [backend.device],
      batch: shapes.map((one) => one.batch_size),
      prompt_length: shapes.map((one) => one.sequence_length),
      output_length: generation.map((one) => one.max_new_tokens),
      gpu: [gpusOf(environment.gpu)],
      gpu_count: [environment.gpu_count],
      cpu: [environment.cpu],
    },
    extract,
  );
}

/** The names of GPUs, of which a list has one for each. */
function gpusOf(value: unknown): unknown {
  return Array.isArray(value) ? [...new Set(value.flatMap((one) => labelTextOf(one) ?? []))].join(', ') : value;
}
