/**
 * Every metric that Chimera exposes: one table. Names follow Prometheus' practices (base unit as suffix, `_total`
 * for counters); the `gen_ai_*` and `messaging_*` ones are OpenTelemetry's GenAI (semantic conventions 1.41.1) and
 * messaging (1.44.0) conventions, dots written as underscores. Labels are bounded: no file names, no ids.
 */
const MESSAGING_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30, 60, 300, 900];
const GENAI_SECONDS = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92, 160, 320, 640];
const GENAI_TOKENS = [1, 4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576];
const TOKEN_RATE = [1, 5, 10, 20, 40, 60, 80, 100, 150, 200, 400, 800];
const GAP_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24];
const CALL_JOULES = [1, 5, 10, 50, 100, 500, 1_000, 5_000, 10_000, 50_000, 100_000];
/** A call's agent and model, and the server that it went to: as many as the profile and the configuration name. */
const OF_CALL = ['agent', 'gen_ai_request_model', 'server_address'] as const;
const CALL_LABELS = ['gen_ai_operation_name', 'gen_ai_provider_name', 'gen_ai_request_model', 'server_address'] as const;

export const METRIC_TABLE = {
  messaging_process_duration_seconds: {
    type: 'histogram',
    help: 'How long handling one message took.',
    labels: ['subject', 'outcome'],
    buckets: MESSAGING_BUCKETS,
  },
  messaging_client_consumed_messages_total: {
    type: 'counter',
    help: 'Deliveries, by what became of them.',
    labels: ['subject', 'outcome'],
  },
  chimera_dead_letters_total: { type: 'counter', help: 'Messages given up.', labels: ['subject'] },
  chimera_queue_pending_messages: { type: 'gauge', help: 'Messages not yet delivered, by durable consumer.', labels: ['durable'] },
  chimera_queue_unacknowledged_messages: {
    type: 'gauge',
    help: 'Messages delivered and not yet acknowledged, by durable consumer.',
    labels: ['durable'],
  },
  chimera_build_info: { type: 'gauge', help: 'Always 1, with the version that runs.', labels: ['version'] },
  chimera_ready: { type: 'gauge', help: 'Whether the service is ready, as /readyz says: 1 or 0.', labels: [] },
  chimera_not_ready_reasons: { type: 'gauge', help: 'How many reasons /readyz gives why the service is not ready.', labels: [] },
  chimera_nats_disconnects_total: { type: 'counter', help: 'Times that the connection to NATS was lost.', labels: [] },
  chimera_nats_reconnects_total: { type: 'counter', help: 'Times that the connection to NATS came back.', labels: [] },
  chimera_nats_storage_bytes: {
    type: 'gauge',
    help: "What Chimera's account of NATS holds on disk; the reporter asks for it.",
    labels: [],
  },
  chimera_nats_storage_limit_bytes: {
    type: 'gauge',
    help: "What Chimera's account of NATS may hold on disk; absent where the account has no limit of its own.",
    labels: [],
  },
  chimera_stream_messages: {
    type: 'gauge',
    help: 'Messages that each of the three streams holds: those of chimera_dead are the dead letters. The reporter asks for them.',
    labels: ['stream'],
  },
  chimera_stream_bytes: {
    type: 'gauge',
    help: 'Bytes that each of the three streams holds, and, as other, all KV buckets and the object store.',
    labels: ['stream'],
  },
  chimera_drop_lag_seconds: {
    type: 'gauge',
    help: 'Age of the oldest change that was seen in the bucket and is in no inventory yet; 0 where there is none.',
    labels: [],
  },
  chimera_report_lag_seconds: {
    type: 'gauge',
    help: 'Age of the oldest current inventory without a report, as the reporter and the planners see it; 0 where each has one.',
    labels: [],
  },
  chimera_bucket_watched: {
    type: 'gauge',
    help: 'Whether changes in the bucket are told as they happen: 1, or 0 while it is only looked at again and again.',
    labels: [],
  },
  chimera_artifacts_total: { type: 'counter', help: 'Artifacts taken into inventories.', labels: ['kind', 'status'] },
  chimera_readings_total: {
    type: 'counter',
    help: 'Large artifacts that this process was asked to read, by what it came to: read, found (somebody had read that content before), left (to whoever asked).',
    labels: ['outcome'],
  },
  chimera_inventories_total: { type: 'counter', help: 'Inventories published.', labels: [] },
  chimera_inventory_duration_seconds: {
    type: 'histogram',
    help: 'From the quiet dataset to its published inventory.',
    labels: [],
    buckets: MESSAGING_BUCKETS,
  },
  gen_ai_client_operation_duration_seconds: {
    type: 'histogram',
    help: 'Wall time of a model call.',
    labels: [...CALL_LABELS, 'error_type'],
    buckets: GENAI_SECONDS,
  },
  gen_ai_client_operation_time_to_first_chunk_seconds: {
    type: 'histogram',
    help: 'Wall time to the first token of a model call.',
    labels: [...CALL_LABELS],
    buckets: GENAI_SECONDS,
  },
  gen_ai_client_token_usage: {
    type: 'histogram',
    help: 'Tokens of a model call.',
    labels: [...CALL_LABELS, 'gen_ai_token_type'],
    buckets: GENAI_TOKENS,
  },
  chimera_output_tokens_per_second: {
    type: 'histogram',
    help: 'Generation speed of a model call, as the server measured it.',
    labels: [...OF_CALL],
    buckets: TOKEN_RATE,
  },
  chimera_model_call_slot_wait_seconds: {
    type: 'histogram',
    help: 'How long a model call waited for a slot before it was sent.',
    labels: [...OF_CALL],
    buckets: GENAI_SECONDS,
  },
  chimera_model_call_queue_seconds: {
    type: 'histogram',
    help: 'How long the server let a model call wait for its runner: its total less load, prompt and output.',
    labels: [...OF_CALL],
    buckets: GENAI_SECONDS,
  },
  chimera_model_call_token_gap_seconds: {
    type: 'histogram',
    help: 'Median, 95th percentile and maximum of the gaps between the pieces of one answer; each call counts once for each.',
    labels: [...OF_CALL, 'statistic'],
    buckets: GAP_SECONDS,
  },
  chimera_model_call_gpu_energy_joules: {
    type: 'histogram',
    help: "Energy of all GPUs of the server's node during one model call; calls at the same time are each told all of it.",
    labels: [...OF_CALL],
    buckets: CALL_JOULES,
  },
  chimera_model_calls_truncated_total: { type: 'counter', help: 'Model calls whose prompt the server cut.', labels: [...OF_CALL] },
  chimera_model_answers_stored_total: {
    type: 'counter',
    help: 'Answers taken from an earlier equal call: nothing was generated, and no other metric of calls counts them.',
    labels: [...OF_CALL],
  },
  chimera_gpu_utilization_ratio: {
    type: 'gauge',
    help: "Mean utilization of the GPUs of the server's node during the latest model call that was sampled.",
    labels: ['server_address'],
  },
  chimera_gpu_memory_bytes: {
    type: 'gauge',
    help: "Greatest memory in use on the GPUs of the server's node during the latest model call that was sampled.",
    labels: ['server_address'],
  },
  chimera_gpu_power_watts: {
    type: 'gauge',
    help: "Mean power of the GPUs of the server's node during the latest model call that was sampled.",
    labels: ['server_address'],
  },
  chimera_server_slots: {
    type: 'gauge',
    help: 'Calls at once that an Ollama server is given: configured, measured, or one while neither is known.',
    labels: ['server_address'],
  },
  chimera_server_slots_held: { type: 'gauge', help: 'Slots of an Ollama server that this process holds.', labels: ['server_address'] },
  chimera_server_left_alone: {
    type: 'gauge',
    help: 'Whether an Ollama server is left alone because calls to it failed: 1 or 0.',
    labels: ['server_address'],
  },
  chimera_model_fallbacks_total: {
    type: 'counter',
    help: 'Analyses that the template narrator spoke although the profile names a model.',
    labels: ['agent'],
  },
  chimera_analyses_total: { type: 'counter', help: 'Analyses finished, by who spoke.', labels: ['agent', 'narrator'] },
  chimera_sentences_total: {
    type: 'counter',
    help: "A model's sentences: kept as first written, repaired after their faults were named, or withheld.",
    labels: ['agent', 'fate'],
  },
  chimera_reports_total: {
    type: 'counter',
    help: 'Reports printed (current), and reports that a newer inventory of their dataset made old (superseded).',
    labels: ['status'],
  },
  chimera_run_stage_duration_seconds: {
    type: 'histogram',
    help: 'Stages of a finished run: ingest, analysis, report, total.',
    labels: ['stage'],
    buckets: GENAI_SECONDS,
  },
  chimera_run_output_tokens: { type: 'histogram', help: 'Tokens generated for a finished run.', labels: ['agent'], buckets: GENAI_TOKENS },
  chimera_run_output_tokens_per_second: {
    type: 'histogram',
    help: 'Generation speed in a finished run.',
    labels: ['agent'],
    buckets: TOKEN_RATE,
  },
} as const satisfies Record<
  string,
  { type: 'counter' | 'gauge' | 'histogram'; help: string; labels: readonly string[]; buckets?: readonly number[] }
>;

export type MetricName = keyof typeof METRIC_TABLE;
