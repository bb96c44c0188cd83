/** What one call took. Durations in seconds, counts in tokens; null where the server did not say: absent is not zero. */
export interface ChatMetrics {
  /** epoch milliseconds by the caller's clock */
  startedAt: number;
  /** wall clock, from the request sent to the first chunk that carries content or thinking */
  timeToFirstTokenSeconds: number | null;
  /** wall clock, from the request sent to the last chunk */
  wallSeconds: number;
  /** total less load, prompt and output, never below 0: the wait for the runner */
  queueSeconds: number | null;
  /** loading the model, with the wait for the scheduler */
  loadSeconds: number | null;
  promptEvalSeconds: number | null;
  evalSeconds: number | null;
  totalSeconds: number | null;
  promptTokens: number | null;
  outputTokens: number | null;
  /** output tokens by output seconds; null when either is absent or zero */
  outputTokensPerSecond: number | null;
  /** wall-clock gaps between the chunks that carry tokens; null with fewer than two of them */
  gaps: TokenGaps | null;
  /** `stop`, `length`, …; null when the server gave none */
  doneReason: string | null;
}

/** Seconds between chunks; `n` gaps. Median and 95th percentile by nearest rank. */
export interface TokenGaps {
  n: number;
  median: number;
  p95: number;
  max: number;
}

/** Wall-clock values measured here, by a monotonic clock. */
export interface WallTimes {
  startedAt: number;
  timeToFirstTokenSeconds: number | null;
  wallSeconds: number;
  gaps: TokenGaps | null;
}

/** Reads the last chunk of an answer (durations in nanoseconds). A field that is absent or no number is null. */
export function chatMetrics(last: Readonly<Record<string, unknown>>, wall: WallTimes): ChatMetrics {
  const seconds = (name: string): number | null => {
    const nanoseconds = numberAt(last, name);
    return nanoseconds === null ? null : nanoseconds / 1e9;
  };
  const loadSeconds = seconds('load_duration');
  const promptEvalSeconds = seconds('prompt_eval_duration');
  const evalSeconds = seconds('eval_duration');
  const totalSeconds = seconds('total_duration');
  const outputTokens = countAt(last, 'eval_count');
  const doneReason = last.done_reason;
  return {
    ...wall,
    queueSeconds:
      totalSeconds === null || loadSeconds === null || promptEvalSeconds === null || evalSeconds === null
        ? null
        : Math.max(0, totalSeconds - loadSeconds - promptEvalSeconds - evalSeconds),
    loadSeconds,
    promptEvalSeconds,
    evalSeconds,
    totalSeconds,
    promptTokens: countAt(last, 'prompt_eval_count'),
    outputTokens,
    outputTokensPerSecond: outputTokens && evalSeconds ? outputTokens / evalSeconds : null,
    doneReason: typeof doneReason === 'string' && doneReason !== '' ? doneReason : null,
  };
}

function numberAt(chunk: Readonly<Record<string, unknown>>, name: string): number | null {
  const value = chunk[name];
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;
}

/** A count of tokens; a fraction is none. */
function countAt(chunk: Readonly<Record<string, unknown>>, name: string): number | null {
  const value = numberAt(chunk, name);
  return value !== null && Number.isSafeInteger(value) ? value : null;
}
