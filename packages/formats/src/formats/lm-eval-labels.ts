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

/** What a limit says: so many questions of each task, or below 1 a share of them. */
export function limitedTo(limit: string): string {
  return Number(limit) < 1 ? `a share of ${limit} of the questions of a task` : `at most ${limit} questions of a task`;
}

/** `hf (pretrained=acme/tiny,dtype=auto), gen_kwargs: (None), limit: 20.0, num_fewshot: 5, batch_size: auto (64)` */
const CALL =
  /^(\S{1,60}) \((.{0,3000}?)\), (?:gen_kwargs: .{0,600}, )?limit: (\S{1,20}), num_fewshot: \S{1,20}, batch_size: (\S{1,20})(?: \(.{1,20}\))?$/;

/** The labels that the line above the printed table gives, under the names that those of a file have; null where it is no such line. */
export function printedLabels(line: string, extract: Extract): Record<string, string> | null {
  const [, backend, args, limit, batch] = CALL.exec(line) ?? [];
  if (backend === undefined) return null;
  return labelsOf(
    {
      tool: ['lm-eval'],
      model: [argument(args, 'pretrained'), argument(args, 'model'), argument(args, 'engine')],
      backend: [backend],
      dtype: [argument(args, 'dtype')],
      tensor_parallel: [argument(args, 'tensor_parallel_size')],
      batch: [batch],
      limit: [limit === 'None' ? undefined : Number.isNaN(Number(limit)) ? limit : String(Number(limit))],
    },
    extract,
  );
}
