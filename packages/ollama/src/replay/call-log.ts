import { EventEmitter, once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { PlainBehaviour } from './behaviour.ts';
import type { ReplayRequest } from './request.ts';

/** How a call ended: `answered` in full, or `aborted` by its caller (its connection was closed first). */
export type CallEnd = 'answered' | 'aborted';

/** One chat call. Times in milliseconds of the server's clock (`timers.now()`, by default `performance.now()`); null: not yet, or never. */
export interface RecordedCall {
  index: number;
  request: ReplayRequest;
  /** how it was answered: the behaviour that its script came to */
  behaviour: PlainBehaviour['kind'] | null;
  arrivedAt: number;
  /** its model was loaded, or had been already: from here it waited for a slot */
  loadedAt: number | null;
  /** it had a slot: from here to its end it was worked at */
  startedAt: number | null;
  firstTokenAt: number | null;
  endedAt: number | null;
  /** output tokens so far, those of thinking included */
  outputTokens: number;
  /** null while it is under way */
  end: CallEnd | null;
  /** resolves when it ends */
  ended: Promise<CallEnd>;
}

/** The chat calls of a replay server: how many were under way at once, how many worked at, and for how long. */
export class CallLog {
  readonly calls: RecordedCall[] = [];
  /** calls that have arrived and not ended */
  busy = 0;
  busyMax = 0;
  /** calls that have a slot */
  working = 0;
  workingMax = 0;
  readonly #now: () => number;
  readonly #arrivals = new EventEmitter();
  #slotMs = 0;
  #countedTo: number;

  constructor(now: () => number) {
    this.#now = now;
    this.#countedTo = now();
  }

  /** The sum over all calls of the milliseconds that each was worked at, up to now. */
  get busySlotMs(): number {
    this.#count();
    return this.#slotMs;
  }

  /** Enters a call that has arrived; it ends with its response. */
  enter(request: ReplayRequest, response: ServerResponse): RecordedCall {
    this.busy += 1;
    this.busyMax = Math.max(this.busyMax, this.busy);
    const { promise, resolve } = Promise.withResolvers<CallEnd>();
    const call: RecordedCall = {
      index: this.calls.length,
      request,
      behaviour: null,
      arrivedAt: this.#now(),
      loadedAt: null,
      startedAt: null,
      firstTokenAt: null,
      endedAt: null,
      outputTokens: 0,
      end: null,
      ended: promise,
    };
    response.once('close', () => {
      this.busy -= 1;
      call.endedAt = this.#now();
      call.end = response.writableFinished ? 'answered' : 'aborted';
      resolve(call.end);
    });
    this.calls.push(call);
    this.#arrivals.emit('call');
    return call;
  }

  loaded(call: RecordedCall): void {
    call.loadedAt = this.#now();
  }

  /** A call has got a slot; `rest` gives it back. */
  work(call: RecordedCall): void {
    this.#count();
    this.working += 1;
    this.workingMax = Math.max(this.workingMax, this.working);
    call.startedAt = this.#now();
  }

  rest(): void {
    this.#count();
    this.working -= 1;
  }

  token(call: RecordedCall): void {
    call.outputTokens += 1;
    call.firstTokenAt ??= this.#now();
  }

  async call(index: number): Promise<RecordedCall> {
    for (;;) {
      const call = this.calls[index];
      if (call !== undefined) return call;
      await once(this.#arrivals, 'call');
    }
  }

  #count(): void {
    const now = this.#now();
    this.#slotMs += this.working * (now - this.#countedTo);
    this.#countedTo = now;
  }
}
