import type { Rates } from './rates.ts';
import type { RecordedAnswer } from './recorded-answer.ts';
import type { ReplayRequest } from './request.ts';

/** How the replay server answers one chat call, by a script of its own. */
export type PlainBehaviour =
  /** fulfils the schema (or writes a few sentences) with references to the prompt's facts, and no numeral in prose;
   * at these rates where the server's are not meant */
  | { kind: 'well-behaved'; rates?: Rates }
  /** well-behaved at these rates instead of the server's */
  | { kind: 'slow'; rates: Rates }
  /** well-behaved, after a prompt that takes so many milliseconds; default 10,000 */
  | { kind: 'slow-first-token'; ms?: number }
  /** well-behaved, but its model is loaded anew, as if another caller with other options had come in between */
  | { kind: 'reload-thrash' }
  /** exactly this text; with `thinking` before it */
  | { kind: 'text'; text: string; thinking?: string }
  /** a recorded answer, at its recorded times */
  | { kind: 'recorded'; answer: RecordedAnswer }
  /** fulfils the schema; its sentences hold invented numbers, dates, units, markup and references */
  | { kind: 'lies' }
  /** well-behaved, but thinks first, also with `think: false` and a model that cannot */
  | { kind: 'think-ignored'; thinking?: string }
  /** prose where a schema asks for a document */
  | { kind: 'format-ignored' }
  /** cuts the prompt to about half its context and says nothing, also with `truncate: false` */
  | { kind: 'truncates' }
  /** this status and body (a string is sent as text, anything else as JSON) */
  | { kind: 'error'; status: number; body: unknown; headers?: Record<string, string> }
  /** 503 */
  | { kind: 'busy' }
  /** 500 with a text by which Ollama says that memory ran out: this one, else each of `OUT_OF_MEMORY_TEXTS` in turn */
  | { kind: 'out-of-memory'; message?: string }
  /** 404 for a model that `/api/tags` lists */
  | { kind: 'not-found' }
  /** some chunks, then a line `{"error": …}` in the 200 */
  | { kind: 'error-mid-stream'; message?: string; afterChunks?: number }
  /** the whole text, and the end without `done: true` */
  | { kind: 'no-done' }
  /** `done: true` and no content; with `thinking` instead of it */
  | { kind: 'empty'; thinking?: string }
  /** the first half of the document, then `done: true` */
  | { kind: 'half-json' }
  /** some chunks, then a line that is no JSON */
  | { kind: 'malformed'; afterChunks?: number }
  /** some chunks, then the connection is cut */
  | { kind: 'cut'; afterChunks?: number }
  /** no headers, for as long as the caller stays */
  | { kind: 'hang' }
  /** some chunks, then silence for as long as the caller stays */
  | { kind: 'stall'; afterChunks?: number }
  /** repeats itself for as long as the caller stays, or until `num_predict` or ten times the context */
  | { kind: 'endless' };

/** The faults that need no word of explanation. */
export const FAULTS = [
  'busy',
  'cut',
  'empty',
  'endless',
  'error-mid-stream',
  'format-ignored',
  'half-json',
  'hang',
  'lies',
  'malformed',
  'no-done',
  'not-found',
  'out-of-memory',
  'reload-thrash',
  'slow-first-token',
  'stall',
  'think-ignored',
  'truncates',
] as const satisfies readonly PlainBehaviour['kind'][];
export type Fault = (typeof FAULTS)[number];

/** How the replay server answers one chat call, or several of them. */
export type Behaviour =
  | PlainBehaviour
  /** 503 for the first calls that meet it, or for a while from the first one on (with both, as long as either lasts); then
   * well-behaved. Default: 3 calls. It counts by identity: the same object must be met again. */
  | { kind: 'busy-for'; calls?: number; ms?: number }
  /** well-behaved, but for a share (0 to 1) of calls that meet one of `kinds`; which, depends on seed and call index alone.
   * Default kinds: all that end by themselves. Default seed: 1. */
  | { kind: 'mixed'; share: number; seed?: number; kinds?: readonly Fault[] };

/** One behaviour for all calls, or one for each: `callIndex` counts chat calls from 0 in the order of arrival. */
export type BehaviourScript = Behaviour | ((request: ReplayRequest, callIndex: number) => Behaviour);
