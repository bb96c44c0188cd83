import type { Extract } from '../extract.ts';
import { objectAt, plainNumber, textOf } from '../fields.ts';
import { isObject, type JsonObject } from '../json-value.ts';
import { type LabelCandidates, labelsOf } from './label-candidates.ts';

/**
 * What was set for a run of GenAI-Perf, as labels: the command line's arguments under their names, or, in 2025, in groups.
 * Lengths are those asked for. 0 and −1 stand for what was not set.
 */
export function genaiConfigLabels(config: JsonObject, extract: Extract): Record<string, string> {
  const endpoint = objectAt(config, 'endpoint');
  const input = objectAt(config, 'input');
  const analyzer = objectAt(config, 'perf_analyzer');
  const stimulus = objectAt(analyzer, 'stimulus');
  const candidates: LabelCandidates = {
    tool: ['genai-perf'],
    model: [listed(config.model_names), listed(config.model), config.formatted_model_name],
    backend: [endpoint.type, config.endpoint_type],
    engine: [engineOf(config), engineOf(endpoint)],
    streaming: [endpoint.streaming, config.streaming],
    concurrency: [setNumber(stimulus.concurrency), setNumber(config.concurrency)],
    request_rate: [setNumber(stimulus.request_rate), setNumber(config.request_rate)],
    num_prompts: [setNumber(requestCount(analyzer.request_count)), setNumber(config.request_count)],
    prompt_length: [setNumber(objectAt(input, 'synthetic_tokens').mean), setNumber(config.synthetic_input_tokens_mean)],
    output_length: [setNumber(objectAt(input, 'output_tokens').mean), setNumber(config.output_tokens_mean)],
    dataset: [input.file, config.input_file, input.prompt_source, config.prompt_source],
    temperature: [objectAt(config, 'extra_inputs').temperature, objectAt(input, 'extra').temperature],
  };
  return labelsOf(candidates, extract);
}

/** Whether the file says that responses did not come in pieces: what it writes of first and further tokens was not measured then. */
export function isUnstreamed(config: JsonObject): boolean {
  return (objectAt(config, 'endpoint').streaming ?? config.streaming) === false;
}

function listed(value: unknown): string | undefined {
  if (!Array.isArray(value)) return textOf(value) ?? undefined;
  const names = value.flatMap((item) => textOf(item) ?? []);
  return names.length === 0 ? undefined : names.join(', ');
}

/** The backend says something only where Triton served; everywhere else it stands there as the default. */
function engineOf(group: JsonObject): unknown {
  return group.service_kind === 'triton' ? group.backend : undefined;
}

function setNumber(value: unknown): number | undefined {
  const number = plainNumber(value);
  return number !== null && number > 0 ? number : undefined;
}

function requestCount(value: unknown): unknown {
  return isObject(value) ? value.num : value;
}
