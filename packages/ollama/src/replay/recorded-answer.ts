/** Milliseconds of a recorded call, as its server reported them; the time to the first token as its caller measured it. */
export interface RecordedTimes {
  loadMs: number;
  promptMs: number;
  outputMs: number;
  /** from the call to its first token */
  firstTokenMs: number;
  /** from the call to its end; not below any other */
  totalMs: number;
}

/** An answer that was recorded. */
export interface RecordedAnswer {
  text: string;
  thinking: string;
  /** null where they were not recorded: then the server's rates hold */
  times: RecordedTimes | null;
  /** `stop` or `length` */
  doneReason: string;
  /** tokens; null where they were not recorded */
  promptTokens: number | null;
  outputTokens: number | null;
}

/** A recorded call: what a model was asked, and what it answered. */
export interface Recording {
  model: string;
  messages: { role: string; content: string }[];
  answer: RecordedAnswer;
}
