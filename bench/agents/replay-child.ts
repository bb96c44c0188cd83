// A replay server in a process of its own, so that it does not compete with what is measured for one event loop.

import type { Behaviour } from '@chimera/ollama';
import { startReplayServer } from '@chimera/ollama';

/** What a bench asks of the child on its channel, and what it answers. */
export type Ask = { ask: 'calls' } | { ask: 'unload' } | { ask: 'close' };
export type CallTimes = {
  prompt: string;
  kind: 'section' | 'other';
  arrivedAt: number;
  startedAt: number | null;
  firstTokenAt: number | null;
  endedAt: number | null;
  outputTokens: number;
  end: string | null;
};
export type Answer = { url: string } | { calls: CallTimes[]; busyMax: number; workingMax: number };

const config = JSON.parse(process.argv[2] ?? '{}') as {
  rates?: { tokensPerSecond?: number[]; loadMs?: number; promptMs?: number };
  parallel?: number;
  behaviour?: Behaviour;
};
const server = await startReplayServer(config);
const say = (answer: Answer) => process.send?.(answer);
say({ url: server.url });
process.on('message', (message: Ask) => {
  if (message.ask === 'close') void server.close().then(() => process.exit());
  else
    say({
      busyMax: server.busyMax,
      workingMax: server.workingMax,
      calls: server.calls.map((call) => ({
        prompt: JSON.stringify([call.request.messages, call.request.options]),
        kind: call.request.messages.length === 2 ? 'section' : 'other',
        arrivedAt: performance.timeOrigin + call.arrivedAt,
        startedAt: call.startedAt === null ? null : performance.timeOrigin + call.startedAt,
        firstTokenAt: call.firstTokenAt === null ? null : performance.timeOrigin + call.firstTokenAt,
        endedAt: call.endedAt === null ? null : performance.timeOrigin + call.endedAt,
        outputTokens: call.outputTokens,
        end: call.end,
      })),
    });
});
process.on('disconnect', () => process.exit());
