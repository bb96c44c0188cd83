import { type BehaviourScript, type ReplayServer, type ReplayServerConfig, startReplayServer } from '@chimera/ollama';
import { type Clock, systemClock } from '@chimera/shared/bus';
import type { ModelOptions } from '@chimera/shared/domain';
import { sectionSchema } from './answer-schema.ts';
import type { Transcript } from './generations.ts';
import { type ModelSession, openSession } from './model-session.ts';
import { AskFailed, type Question } from './question.ts';
import type { ServerPool } from './servers/pool.ts';
import { PATIENT, poolOf, SUMMARY } from './testing.ts';

export type OpenOptions = {
  options?: ModelOptions;
  totalMs?: number;
  patienceMs?: number;
  clock?: Clock;
  signal?: AbortSignal;
  /** in place of one of its own */
  pool?: ServerPool;
  /** what is stored goes here */
  transcripts?: Transcript[];
};

/** For tests: servers that have `tiny:1b`, and sessions with it; all are closed after the test that opened them. `afterEach` is that of its runner. */
export function sessions(afterEach: (close: () => Promise<void>) => void) {
  const opened: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
  });
  return {
    async server(behaviour: BehaviourScript, config: ReplayServerConfig = {}): Promise<ReplayServer> {
      const started = await startReplayServer({ models: ['tiny:1b'], ...config, behaviour });
      opened.push(started);
      return started;
    },
    async open(
      urls: readonly string[],
      {
        options = {},
        totalMs = 10_000,
        patienceMs = 0,
        clock = systemClock,
        signal = new AbortController().signal,
        ...rest
      }: OpenOptions = {},
    ): Promise<ModelSession> {
      const pool = rest.pool ?? poolOf(urls, clock);
      if (rest.pool === undefined) opened.unshift(pool);
      await pool.look();
      return openSession(
        { model: 'tiny:1b', options },
        {
          ...{ pool, lane: null, patienceMs, now: clock.now, elapsed: clock.elapsed, generations: null, gpus: null, signal },
          timeouts: { ...PATIENT, totalMs },
          async keepTranscript(transcript) {
            rest.transcripts?.push(transcript);
            return 'a'.repeat(64);
          },
        },
      );
    },
    /** A pool that several sessions share. */
    pool(urls: readonly string[]): ServerPool {
      const pool = poolOf(urls);
      opened.unshift(pool);
      return pool;
    },
  };
}

/** For tests: a question for a section of two to four sentences. */
export function question(rest: Partial<Question> = {}): Question {
  return {
    section: 'summary',
    repair: false,
    prompt: [
      { role: 'system', content: 'You are it.' },
      { role: 'user', content: 'F1 | The median is so.' },
    ],
    schema: sectionSchema(SUMMARY),
    usable: () => true,
    estimate: 100,
    numPredict: 500,
    ...rest,
  };
}

/** For tests: how a question failed; null where it did not. */
export function failureOf(asked: Promise<unknown>): Promise<AskFailed | null> {
  return asked.then(
    () => null,
    (error: unknown) => (error instanceof AskFailed ? error : Promise.reject(error)),
  );
}
