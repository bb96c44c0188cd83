import type { Extract } from '../extract.ts';
import { labelTextOf, objectAt, textOf } from '../fields.ts';
import type { JsonObject } from '../json-value.ts';
import { labelsOf } from './label-candidates.ts';

/** The value of an option among `pretrained=x,dtype=float16`; undefined where it is not there. */
function argument(args: unknown, name: string): string | undefined {
  const text = textOf(args) ?? '';
  const pair = text
    .slice(0, 4_000)
    .split(',')
    .find((one) => one.trimStart().startsWith(`${name}=`));
  return pair?.trim().slice(name.length + 1);
}

/** The labels of a whole file: model, tool, and how it was run. */
export function lmEvalLabels(file: JsonObject, extract: Extract): Record<string, string> {
  const config = objectAt(file, 'config');
  const args = config.model_args;
  const named = objectAt(config, 'model_args');
  const labels = labelsOf(
    {
      tool: ['lm-eval'],
      tool_version: [file.lm_eval_version, file.git_hash],
      model: [
        file.model_name,
        named.pretrained,
        named.model,
        argument(args, 'pretrained'),
        argument(args, 'model'),
        argument(args, 'engine'),
      ],
      backend: [config.model],
      dtype: [config.model_dtype, argument(args, 'dtype')],
      tensor_parallel: [named.tensor_parallel_size, argument(args, 'tensor_parallel_size')],
      batch: [config.batch_size],
      timestamp: [file.date],
    },
    extract,
  );
  const fewshot = labelTextOf(config.num_fewshot);
  if (fewshot !== null) labels.num_fewshot = fewshot;
  const limit = labelTextOf(config.limit);
  if (limit !== null && limit !== '') labels.limit = limit;
  return labels;
}
