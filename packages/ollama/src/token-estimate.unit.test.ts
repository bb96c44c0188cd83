import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { promptTokens, tokensOf } from './replay/tokens.ts';
import { estimatePromptTokens, estimateTokens } from './token-estimate.ts';

const RECORDED = fileURLToPath(new URL('../../../../shared/data/transcripts', import.meta.url));
type Recorded = { calls: { response: string; metrics: { tokens_generated: number } }[] };

describe('estimateTokens', () => {
  it.skipIf(!existsSync(RECORDED))('is above what real models counted of their own answers, and not twice as much', () => {
    const calls = readdirSync(RECORDED)
      .filter((name) => name.endsWith('.json'))
      .flatMap((name) => (JSON.parse(readFileSync(`${RECORDED}/${name}`, 'utf8')) as Recorded).calls);
    expect(calls.length).toBeGreaterThan(50);
    for (const { response, metrics } of calls) {
      expect(estimateTokens(response)).toBeGreaterThan(metrics.tokens_generated);
      expect(estimateTokens(response)).toBeLessThan(2 * metrics.tokens_generated);
    }
  });

  it('is a token for each byte of what has no letters of ours, and never half a one', () => {
    expect(estimateTokens('ü')).toBe(2);
    expect(estimateTokens('{{F12}}')).toBe(7);
    expect(estimateTokens('a  b\n')).toBe(4);
  });

  it('never says less of a longer text, nor less than the words and pieces in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), fc.lorem({ maxCount: 40 }), (noise, words) => {
        expect(estimateTokens(noise + words)).toBeGreaterThanOrEqual(estimateTokens(noise));
        expect(estimateTokens(words)).toBeGreaterThanOrEqual(words.split(' ').length);
        expect(estimateTokens(words) * 1.5).toBeGreaterThanOrEqual(tokensOf(words).length);
        expect(Number.isInteger(estimateTokens(noise))).toBe(true);
      }),
    );
  });

  it('counts what a chat template adds to each message', () => {
    const messages = [{ content: 'You are it.' }, { content: 'Speak.' }];
    expect(estimatePromptTokens(messages)).toBe(16 + 12 + estimateTokens('You are it.') + 12 + estimateTokens('Speak.'));
    expect(estimatePromptTokens(messages)).toBeGreaterThan(promptTokens(messages));
  });
});
