import type { Clock } from '@chimera/shared/bus';
import { afterEach, describe, expect, it } from 'vitest';
import type { Transcript } from './generations.ts';
import { leapingClock } from './testing.ts';
import { failureOf, question, sessions } from './testing-sessions.ts';

const { server, open, pool } = sessions(afterEach);

/** How a session's calls ended. */
const outcomes = ({ calls }: { calls: { outcome: string }[] }) => calls.map(({ outcome }) => outcome);

// What an Ollama server does that a caller must be ready for: its agent's part. The client's is tested with it, under the same names.
describe('what Ollama does, to an agent', () => {
  it('pitfall 6: tells by the count of tokens that a server cut the prompt and said nothing', async () => {
    const { url, calls } = await server((_, index) => ({ kind: index === 0 ? 'truncates' : 'well-behaved' }));
    const session = await open([url], { options: { num_ctx: 512 } });
    await session.ask(question({ estimate: 600 }));
    await session.ask(question());
    expect(session.calls.map(({ truncated }) => truncated)).toEqual([true, false]);
    expect(calls.map(({ request }) => request.truncate)).toEqual([false, false]);
  });

  describe('pitfall 7', () => {
    /** One question, and how long it waited, in milliseconds. */
    async function waited(behaviour: Parameters<typeof server>[0], clock: Clock = leapingClock()) {
      const { url } = await server(behaviour);
      const session = await open([url], { clock, patienceMs: 20_000, totalMs: 900_000 });
      const failure = await failureOf(session.ask(question()));
      return { outcomes: outcomes(session), code: failure?.code, reason: failure?.message, ms: clock.elapsed() };
    }

    it('pitfall 7: a server that is busy for a while is asked again after 5 s, then 10 s, and answers', async () => {
      expect(await waited({ kind: 'busy-for', calls: 2 })).toMatchObject({ outcomes: ['busy', 'busy', 'stop'], ms: 15_000 });
    });

    it('pitfall 7: a server out of memory is asked once more after 15 s; where the next wait is beyond all patience, no more', async () => {
      expect(await waited((_, index) => ({ kind: index === 0 ? 'out-of-memory' : 'well-behaved' }))).toMatchObject({
        outcomes: ['out_of_memory', 'stop'],
        ms: 15_000,
      });
      expect(await waited({ kind: 'out-of-memory' })).toMatchObject({ outcomes: ['out_of_memory', 'out_of_memory'], code: 'no_server' });
    });

    it('pitfall 7: a model that is not there, and a bad request, are asked for once: waiting would not help', async () => {
      const absent = await waited({ kind: 'not-found' });
      expect(absent).toMatchObject({ outcomes: ['model_not_found'], code: 'no_server', ms: 0 });
      expect(absent.reason).toContain('"ollama pull tiny:1b" installs it');
      expect(await waited({ kind: 'error', status: 400, body: { error: 'invalid options' } })).toMatchObject({
        outcomes: ['bad_request'],
        code: 'bad_request',
        ms: 0,
      });
    });

    it.each(['busy', 'out-of-memory', 'not-found', 'error-mid-stream', 'malformed'] as const)(
      'pitfall 7: another server is asked where the first one is %s, at once',
      async (kind) => {
        const [first, second] = [await server({ kind }), await server({ kind: 'well-behaved' })];
        const clock = leapingClock();
        const session = await open([first.url, second.url], { clock });
        await session.ask(question());
        expect(session.calls.at(-1)).toMatchObject({ server: second.url, outcome: 'stop' });
        expect(clock.elapsed()).toBe(0);
        // An error in mid-stream may pass: that one alone is put to the same server once more.
        expect(first.calls).toHaveLength(kind === 'error-mid-stream' ? 2 : 1);
      },
    );
  });

  it.each([
    ['', 1],
    ['#slots=2', 2],
  ])('pitfall 8: two analyses together make no more calls at once to a server with "%s" than %i', async (slots, most) => {
    const replay = await server({ kind: 'well-behaved' }, { rates: { tokensPerSecond: 2_000 } });
    const shared = pool([`${replay.url}${slots}`]);
    const analysis = async () => {
      const session = await open([], { pool: shared });
      await Promise.all([1, 2, 3].map((n) => session.ask(question({ numPredict: 400 + n }))));
      await session.close();
    };
    await Promise.all([analysis(), analysis()]);
    expect([replay.calls.length, replay.busyMax]).toEqual([6, most]);
  });

  it('pitfall 9: a model is loaded once for all questions of an analysis, those that mend included', async () => {
    const { url, calls } = await server({ kind: 'well-behaved' }, { rates: { loadMs: 4 } });
    const session = await open([url], { options: { num_ctx: 2_048, num_gpu: 99 } });
    await session.ask(question());
    await session.ask(question({ repair: true, numPredict: 80 }));
    await session.ask(question({ section: 'risks', numPredict: 200 }));
    // A call that met the model as it is loaded reports no load.
    expect(session.calls.map(({ loadSeconds }) => loadSeconds)).toEqual([0.004, null, null]);
    const kept = calls.map(({ request: { options } }) => ({ ...options, num_predict: 0 }));
    expect(new Set(kept.map((options) => JSON.stringify(options))).size).toBe(1);
  });

  it('pitfall 12: each answer is kept with the digest, the version and the options that it came of', async () => {
    const { url } = await server({ kind: 'well-behaved' });
    const transcripts: Transcript[] = [];
    const session = await open([url], { options: { seed: 7, temperature: 0 }, transcripts });
    await session.ask(question());
    await session.close();
    const digest = expect.stringMatching(/^[0-9a-f]{64}$/);
    expect(session.calls).toMatchObject([{ digest, serverVersion: '0.0.0-replay' }]);
    expect(transcripts).toMatchObject([
      { server: url, digest, serverVersion: '0.0.0-replay', replay: true, request: { options: { seed: 7, temperature: 0 } } },
    ]);
  });

  it.each(['error-mid-stream', 'no-done', 'cut'] as const)(
    'pitfall 15: of an answer that ended by %s nothing is kept, and the question is put anew, whole',
    async (kind) => {
      const answer = '{"sentences":["It is so.","It is not so."]}';
      const { url, calls } = await server((_, index) => (index === 0 ? { kind } : { kind: 'text', text: answer }));
      const transcripts: Transcript[] = [];
      const session = await open([url], { transcripts });
      expect((await session.ask(question())).text).toBe(answer);
      await session.close();
      expect(transcripts.map((kept) => kept.answer)).toEqual([null, answer]);
      expect(calls[1]?.request).toEqual(calls[0]?.request);
    },
  );
});
