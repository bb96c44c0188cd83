import { describe, expect, it } from 'vitest';
import { askedContext, contextRefusal, outputLimit, seenPrompt } from './context.ts';
import { keepAliveMs } from './keep-alive.ts';
import type { ReplayRequest } from './request.ts';

/** A message of so many tokens: four characters each, and four for the message. */
const message = (role: string, tokens: number, mark = 'x') => ({ role, content: mark.repeat(4 * (tokens - 4)) });

const request = (messages: ReplayRequest['messages'], rest: Partial<ReplayRequest> = {}): ReplayRequest => ({
  model: 'gemma3',
  messages,
  stream: true,
  truncate: true,
  options: {},
  ...rest,
});

describe('a prompt', () => {
  it('that fits is seen as it is', () => {
    const asked = request([message('system', 20), message('user', 79)]);
    expect(seenPrompt(asked, 100)).toEqual({ messages: asked.messages, tokens: 99 });
    expect(contextRefusal({ ...asked, truncate: false }, 100)).toBeNull();
  });

  it('that does not fit loses its oldest messages, but never the system’s nor the last', () => {
    const asked = request([message('user', 50, 'a'), message('system', 20, 's'), message('assistant', 50, 'b'), message('user', 30, 'c')]);
    const seen = seenPrompt(asked, 105);
    expect(seen.tokens).toBe(100); // without the first
    expect(seen.messages.map(({ content }) => content[0])).toEqual(['s', 'b', 'c']);
    expect(seenPrompt(asked, 60)).toMatchObject({ tokens: 50, messages: [{ role: 'system' }, { content: 'c'.repeat(104) }] });
  });

  it('whose last message does not fit is cut to about half the context: 2050 of 4096', () => {
    const content = `${'old '.repeat(5_000)}${'new '.repeat(100)}`;
    const seen = seenPrompt(request([{ role: 'user', content }]), 4096);
    expect(seen.tokens).toBe(2050);
    expect(seen.messages).toEqual([{ role: 'user', content: content.slice(-4 * 2046) }]);
    expect(seenPrompt(request([{ role: 'user', content }], { options: { num_keep: 96 } }), 4096).tokens).toBe(2096);
  });

  it('may be cut though it fits', () => {
    expect(seenPrompt(request([message('user', 20)]), 1000, true).tokens).toBe(502);
  });

  it('that may not be truncated is refused, with both numbers', () => {
    const refused = contextRefusal(request([message('user', 100)], { truncate: false }), 100);
    const error = 'request (100 tokens) exceeds the available context size (100 tokens), try increasing it';
    expect(refused).toEqual({ status: 400, body: { error } });
    expect(contextRefusal(request([message('user', 100)]), 100)).toBeNull();
  });

  it('that may not be shifted is refused once dropping messages does not help', () => {
    const long = request([message('user', 60), message('user', 60)], { shift: false });
    expect(contextRefusal(long, 100)).toBeNull();
    expect(contextRefusal(long, 50)).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining('longer than the context length') },
    });
  });
});

describe('the context', () => {
  it.each([
    [{}, null],
    [{ num_ctx: 0 }, null],
    [{ num_ctx: 8192 }, 8192],
    [{ num_ctx: 1e6 }, 131_072],
  ])('asked for by %o is %s', (options, context) => {
    expect(askedContext({ options }, { trainedContext: 131_072 })).toBe(context);
  });
});

describe('an answer', () => {
  it.each([
    [{ num_predict: 12 }, undefined, 12],
    [{}, undefined, 5_000],
    [{ num_predict: -1 }, undefined, 5_000],
    [{ num_predict: -1 }, false, 400], // what the context has left
    [{ num_predict: 12 }, false, 12],
  ])('with %o and shift %s ends after %i tokens in a context of 500', (options, shift, limit) => {
    expect(outputLimit(request([], { options, ...(shift === undefined ? {} : { shift }) }), 500, 100)).toBe(limit);
  });
});

describe('keep_alive', () => {
  it.each([
    [undefined, 300_000],
    [0, 0],
    ['0', 0],
    ['0s', 0],
    [90, 90_000],
    ['10m', 600_000],
    ['1h30m', 5_400_000],
    ['1.5s', 1_500],
    [-1, Number.POSITIVE_INFINITY],
    ['-1m', Number.POSITIVE_INFINITY],
    ['soon', 300_000],
  ])('%s is %d ms', (given, ms) => {
    expect(keepAliveMs(given)).toBe(ms);
  });
});
