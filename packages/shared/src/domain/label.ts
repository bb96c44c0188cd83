/**
 * Names under which files keep what was set, not what was measured: numbers in such a column or key tell
 * configurations apart. Runs that differ in one of them are no repeats of each other. (A seed is none: runs that
 * differ in the seed alone are repeats.)
 */
export const SETTING_NAMES: ReadonlySet<string> = new Set(
  `num_gpu num_ctx num_predict num_thread num_threads num_batch num_parallel temperature top_p top_k min_p repeat_penalty
  batch batch_size n_batch n_ubatch ubatch_size n_threads threads n_gpu_layers gpu_layers ngl ctx ctx_size context_length context_size
  n_ctx n_prompt n_gen n_depth input_len output_len input_length output_length prompt_len prompt_length max_tokens max_num_seqs
  concurrency max_concurrency vus request_rate tensor_parallel tensor_parallel_size pipeline_parallel_size tp pp_size num_prompts
  gpu_count num_gpus n_gpus num_fewshot n_shot num_shots isl osl seq_len sequence_length context_len gen_len generation_len
  concurrent_requests num_concurrent_requests users num_users concurrent_users clients num_clients`.split(/\s+/),
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

/**
 * Configuration dimensions under one name, whatever a tool calls them, with what each means. A label of any other name is the
 * file's own.
 */
export const LABELS = {
  model: 'the model, as the file names it',
  quantization: 'how its weights are stored: Q4_K_M, fp8',
  dtype: 'the type of number that was computed with: bfloat16',
  parameters: 'how many parameters it has',
  engine: 'what served it: vllm, llama.cpp, ollama',
  engine_version: 'its version or build number',
  engine_commit: 'its commit',
  backend: 'the library or endpoint that computed: CUDA, ROCm, openai-chat',
  gpu: 'the name of the GPU',
  gpu_count: 'how many of them',
  gpu_index: 'which GPU of its machine it was',
  cpu: 'the name of the processor',
  device: 'on what it computed: cpu, cuda:0, mps',
  host: 'the machine',
  os: 'the operating system',
  architecture: 'the instruction set: amd64, arm64',
  runtime: 'what ran the code, with its version: .NET 8.0, Node 22',
  python_version: 'the version of Python',
  jdk_version: 'the version of Java',
  environment: 'the environment that a tool set up: its interpreter and libraries',
  tensor_parallel: 'over how many GPUs each layer is divided',
  pipeline_parallel: 'over how many GPUs the layers are spread',
  batch: 'the batch size (logical)',
  ubatch: 'the batch size (physical)',
  num_ctx: 'the context window, in tokens',
  depth: 'tokens in the context before the test began',
  prompt_length: 'prompt tokens of a request or test',
  output_length: 'output tokens of a request or test',
  concurrency: 'requests at once, at most',
  request_rate: 'requests a second that were asked for',
  strategy: 'how requests were sent: constant, poisson, as fast as answers come',
  streaming: 'whether answers came token by token',
  num_prompts: 'requests of a run',
  num_gpu: 'layers on the GPU',
  threads: 'processor threads',
  kv_cache: 'the type of the key-value cache',
  flash_attention: 'whether flash attention was on',
  speculative: 'speculative decoding',
  dataset: 'where the prompts came from',
  temperature: 'the sampling temperature',
  test: 'what was run, where a file holds several tests',
  task: 'what a model was to do: text-generation',
  task_version: 'the version of a test: scores of two versions are of two tests',
  score: 'which of a test’s scores: acc, acc_norm, exact_match',
  filter: 'how the answer was taken out of the text before it was scored',
  num_fewshot: 'examples in the prompt',
  limit: 'that only so many questions of a test were asked',
  split: 'which part of a dataset',
  scenario: 'in which manner the load came: Server, Offline, or a scenario of a script',
  mode: 'in which mode a tool measured',
  package: 'the package that a test is of',
  method: 'the method of a request: GET, POST',
  url: 'where requests went',
  command: 'the command that was timed',
  commit: 'the commit of the code under test',
  start: 'cold: the model was loaded first; warm: it was not',
  campaign_profile: 'the profile of a campaign that ran, by its name',
  arrangement: 'how the agents of a run were put to work: serial, handoff, parallel, spread, alone',
  agents: 'the agents that took part in a run',
  context_in_force: 'the context window that the server really used, in tokens',
  layers_on_gpu: 'how many layers of the model really lay on the GPU',
  server: 'the servers that were asked',
  place: 'where in its file a number stands, where one metric stands in several places of it',
  prompt_cache: 'suspected: the rate of the prompt is absurd, because part of it was not evaluated or not timed',
  saturated:
    'the server fell behind the requests that came, so latency is the length of the queue: `yes`, or `perhaps` where the last answers and chance explain as much',
  tool: 'what measured',
  tool_version: 'its version',
  timestamp: 'when it ran',
} as const;
export type LabelName = keyof typeof LABELS;

const SYNONYMS: ReadonlyMap<string, LabelName> = new Map([
  ['model_id', 'model'],
  ['model_name', 'model'],
  ['torch_dtype', 'dtype'],
  ['num_gpus', 'gpu_count'],
  ['n_gpus', 'gpu_count'],
  ['gpu_name', 'gpu'],
  ['cpu_model', 'cpu'],
  ['cpu_name', 'cpu'],
  ['hostname', 'host'],
  ['operating_system', 'os'],
  ['goos', 'os'],
  ['goarch', 'architecture'],
  ['git_commit', 'commit'],
  ['git_sha', 'commit'],
  ['git_hash', 'commit'],
  ['commit_hash', 'commit'],
  ['commit_id', 'commit'],
  ['commit_sha', 'commit'],
  ['pkg', 'package'],
  ['http_method', 'method'],
  ['uri', 'url'],
  ['vus', 'concurrency'],
  ['n_shot', 'num_fewshot'],
  ['num_shots', 'num_fewshot'],
  ['fewshot', 'num_fewshot'],
  ['executor_type', 'strategy'],
  ['quant', 'quantization'],
  ['n_gpu_layers', 'num_gpu'],
  ['gpu_layers', 'num_gpu'],
  ['ngl', 'num_gpu'],
  ['n_ctx', 'num_ctx'],
  ['ctx', 'num_ctx'],
  ['ctx_size', 'num_ctx'],
  ['context_length', 'num_ctx'],
  ['context_size', 'num_ctx'],
  ['n_batch', 'batch'],
  ['batch_size', 'batch'],
  ['num_batch', 'batch'],
  ['n_ubatch', 'ubatch'],
  ['ubatch_size', 'ubatch'],
  ['n_threads', 'threads'],
  ['num_thread', 'threads'],
  ['num_threads', 'threads'],
  ['max_concurrency', 'concurrency'],
  ['tp', 'tensor_parallel'],
  ['tensor_parallel_size', 'tensor_parallel'],
  ['pp_size', 'pipeline_parallel'],
  ['pipeline_parallel_size', 'pipeline_parallel'],
  ['n_prompt', 'prompt_length'],
  ['input_len', 'prompt_length'],
  ['input_length', 'prompt_length'],
  ['prompt_len', 'prompt_length'],
  ['isl', 'prompt_length'],
  ['n_gen', 'output_length'],
  ['osl', 'output_length'],
  ['gen_len', 'output_length'],
  ['generation_len', 'output_length'],
  ['concurrent_requests', 'concurrency'],
  ['num_concurrent_requests', 'concurrency'],
  ['output_len', 'output_length'],
  ['n_depth', 'depth'],
]);

/** The one name of a label: `n_gpu_layers` is `num_gpu`; a name that is none of LABELS stays as it is, in lower case. */
export function canonicalLabel(name: string): string {
  const lower = name.toLowerCase();
  return SYNONYMS.get(lower) ?? lower;
}
