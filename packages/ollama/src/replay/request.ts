/** The body of a call for an answer as it arrived, as far as the replay server reads it. */
export interface ReplayRequest {
  model: string;
  messages: { role: string; content: string }[];
  /** it came to /api/generate: its answer has `response` where that of a chat has `message` */
  generate?: true;
  stream: boolean;
  truncate: boolean;
  /** undefined where it is not given; false: the prompt is neither cut nor shifted out of the context */
  shift?: boolean;
  format?: object;
  think?: unknown;
  keepAlive?: unknown;
  options: Readonly<Record<string, unknown>>;
}

/** Reads the body of a call to /api/chat. Returns a sentence instead when it is no request. */
export function replayRequest(body: unknown): ReplayRequest | string {
  if (!isRecord(body)) return 'the body is no JSON object';
  const { messages } = body;
  if (messages !== undefined && !Array.isArray(messages)) return 'messages must be a list';
  const read = (messages ?? []).filter(isRecord);
  return common(
    body,
    read.map((message) => ({ role: String(message.role), content: String(message.content ?? '') })),
  );
}

/** Reads the body of a call to /api/generate: its prompt is the only message, behind the system's where there is one. */
export function generateRequest(body: unknown): ReplayRequest | string {
  if (!isRecord(body)) return 'the body is no JSON object';
  const given = [
    { role: 'system', content: body.system },
    { role: 'user', content: body.prompt },
  ];
  const messages = given.flatMap(({ role, content }) => (typeof content === 'string' && content !== '' ? [{ role, content }] : []));
  const read = common(body, messages);
  return typeof read === 'string' ? read : { ...read, generate: true };
}

function common(body: Record<string, unknown>, messages: ReplayRequest['messages']): ReplayRequest | string {
  const { model, format, options } = body;
  if (typeof model !== 'string' || model === '') return 'model is required';
  if (format !== undefined && format !== 'json' && !isRecord(format)) return 'format must be "json" or a JSON schema';
  return {
    model,
    messages,
    stream: body.stream !== false,
    truncate: body.truncate !== false,
    ...(typeof body.shift === 'boolean' ? { shift: body.shift } : {}),
    ...(isRecord(format) ? { format } : {}),
    think: body.think,
    keepAlive: body.keep_alive,
    options: isRecord(options) ? options : {},
  };
}

/** A number among the options; undefined where it is absent or no finite number. */
export function numberOption({ options }: Pick<ReplayRequest, 'options'>, name: string): number | undefined {
  const value = options[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
