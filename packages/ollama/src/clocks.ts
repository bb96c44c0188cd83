import type { Asked } from './classify.ts';
import { OllamaFailure } from './failure.ts';

/** How long a call may take, in milliseconds. */
export interface Timeouts {
  /** until the connection stands; also the whole of a small question (tags, ps, version) */
  connectMs: number;
  /** from the request to the first chunk with content or thinking: queue, load and prompt included */
  firstTokenMs: number;
  /** between two chunks, once the answer has begun */
  idleMs: number;
  /** from the request to the end of the answer */
  totalMs: number;
}

/** Throws a RangeError that names the clock if one is not a positive, finite number that a timer can hold. */
export function checkTimeouts(timeouts: Timeouts): void {
  for (const name of ['connectMs', 'firstTokenMs', 'idleMs', 'totalMs'] as const) {
    const value = timeouts[name];
    if (!(value > 0 && value < 2 ** 31)) {
      throw new RangeError(`The Ollama clock ${name} is ${value}: it must be a number of milliseconds above 0 and below 2147483648.`);
    }
  }
}

/** The clocks of one chat call. A clock that runs out calls `expired` once with the failure. `stop` must be called at the end. */
export interface ChatClocks {
  /** a chunk arrived; `begins` when it carries content or thinking */
  chunk(begins: boolean): void;
  stop(): void;
}

/** Starts first-token and total clock now; the idle clock starts with the first token. (The connect clock is the connection's own.) */
export function startClocks(timeouts: Timeouts, asked: Asked, expired: (failure: OllamaFailure) => void): ChatClocks {
  const who = `${asked.model ?? 'The model'} at ${asked.server}`;
  const seconds = (ms: number): string => `${ms / 1000} s`;
  const firstToken = setTimeout(() => {
    fire(
      new OllamaFailure(
        'first_token_timeout',
        `${who} began no answer within ${seconds(timeouts.firstTokenMs)}: it may still load the model or work for others. ` +
          'Ask another server, or raise CHIMERA_OLLAMA_FIRST_TOKEN_TIMEOUT.',
        asked,
      ),
    );
  }, timeouts.firstTokenMs);
  const total = setTimeout(() => {
    fire(
      new OllamaFailure(
        'total_timeout',
        `${who} did not finish within ${seconds(timeouts.totalMs)}. Lower num_predict, choose a faster model, or raise CHIMERA_OLLAMA_TOTAL_TIMEOUT.`,
        asked,
      ),
    );
  }, timeouts.totalMs);
  let idle: NodeJS.Timeout | undefined;
  let stopped = false;

  const stop = (): void => {
    stopped = true;
    clearTimeout(firstToken);
    clearTimeout(total);
    clearTimeout(idle);
  };
  const fire = (failure: OllamaFailure): void => {
    stop();
    expired(failure);
  };
  const idleExpired = (): void => {
    fire(
      new OllamaFailure(
        'idle_timeout',
        `${who} fell silent in the middle of its answer for ${seconds(timeouts.idleMs)}. Look at the log of that server, or raise CHIMERA_OLLAMA_IDLE_TIMEOUT.`,
        asked,
      ),
    );
  };
  return {
    chunk(begins) {
      if (stopped) return;
      if (idle !== undefined) {
        idle.refresh();
      } else if (begins) {
        clearTimeout(firstToken);
        idle = setTimeout(idleExpired, timeouts.idleMs);
      }
    },
    stop,
  };
}
