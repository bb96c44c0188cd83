/** The series of the agents, models and servers that were chosen. */
export const CALLS = '{agent=~"$agent", gen_ai_request_model=~"$model", server_address=~"$server"}';
/** The same of metrics that do not know the agent: OpenTelemetry's, and what is recorded by server and model. */
export const GENAI = '{gen_ai_request_model=~"$model", server_address=~"$server"}';
/** The same of metrics that are a node's alone. */
export const NODE = '{server_address=~"$server"}';
/** Series with one more condition. */
export const and = (series: string, condition: string) => series.replace('}', `, ${condition}}`);

/** What a speed is told by, and how its series are called. */
export const OF = ['server_address', 'gen_ai_request_model'];
export const NAMED = '{{server_address}} {{gen_ai_request_model}}';

export const DURATION = 'gen_ai_client_operation_duration_seconds';
export const FIRST = 'gen_ai_client_operation_time_to_first_chunk_seconds';
export const TOKENS = 'gen_ai_client_token_usage';
export const OUTPUT = and(GENAI, 'gen_ai_token_type="output"');
