import { EventEmitter, once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { ReplayRequest } from './behaviour.ts';

/** How a call ended: `answered` in full, or `aborted` by its caller (its connection was closed first). */
export type CallEnd = 'answered' | 'aborted';

export interface RecordedCall {
  index: number;
  request: ReplayRequest;
  /** null while it is under way */
  end: CallEnd | null;
  /** resolves when it ends */
  ended: Promise<CallEnd>;
}

/** The chat calls of a replay server, and how many were under way at once. */
export class CallLog {
  readonly calls: RecordedCall[] = [];
  busy = 0;
  busyMax = 0;
  readonly #arrivals = new EventEmitter();

  /** Enters a call that has arrived; it ends with its response. */
  enter(request: ReplayRequest, response: ServerResponse): RecordedCall {
    this.busy += 1;
    this.busyMax = Math.max(this.busyMax, this.busy);
    const { promise, resolve } = Promise.withResolvers<CallEnd>();
    const call: RecordedCall = { index: this.calls.length, request, end: null, ended: promise };
    response.once('close', () => {
      this.busy -= 1;
      call.end = response.writableFinished ? 'answered' : 'aborted';
      resolve(call.end);
    });
    this.calls.push(call);
    this.#arrivals.emit('call');
    return call;
  }

  async call(index: number): Promise<RecordedCall> {
    for (;;) {
      const call = this.calls[index];
      if (call !== undefined) return call;
      await once(this.#arrivals, 'call');
    }
  }
}
