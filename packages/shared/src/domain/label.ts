/**
 * Names under which files keep what was set, not what was measured: numbers in such a column or key tell
 * configurations apart. Runs that differ in one of them are no repeats of each other. (A seed is none: runs that
 * differ in the seed alone are repeats.)
 */
export const SETTING_NAMES: ReadonlySet<string> = new Set(
  `num_gpu num_ctx num_predict num_thread num_threads num_batch num_parallel temperature top_p top_k min_p repeat_penalty
  batch batch_size n_batch n_ubatch ubatch_size n_threads threads n_gpu_layers gpu_layers ngl ctx ctx_size context_length context_size
  n_ctx n_prompt n_gen n_depth input_len output_len input_length output_length prompt_len prompt_length max_tokens max_num_seqs
  concurrency max_concurrency request_rate tensor_parallel tensor_parallel_size pipeline_parallel_size tp pp_size num_prompts`.split(/\s+/),
);

/** Names of columns that number or date rows. */
const ROW_NAMES =
  /^(id|index|idx|run|runs|row|attempt|iteration|step|rank|pid|process_id|seed|timestamp|created_at|start_time|end_time|prompt_index|.*_id|.*_index|.*_timestamp)$/;

// The last name of a JSON pattern such as `/results/…/num_gpu` is `num_gpu`; a column's is its own. In lower case.
function lastName(metric: string): string {
  const parts = metric.split('/').filter((part) => part !== '*' && part !== '');
  return (parts.at(-1) ?? metric).toLowerCase();
}

/** True for a series that mixes configurations: its median may be a value that none of them has. */
export function isPooled(of: { labels: Readonly<Record<string, string>> }): boolean {
  return of.labels.pooled !== undefined;
}

/** True for a number that was set: a configuration, no result. */
export function isSetting(metric: string): boolean {
  return SETTING_NAMES.has(lastName(metric));
}

/** True for a number that only numbers or dates its row. */
export function isRowNumber(metric: string): boolean {
  return ROW_NAMES.test(lastName(metric));
}
