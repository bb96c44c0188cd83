import { describe, expect, it } from 'vitest';
import { cutPrompt } from './truncation.ts';

const cut = (promptTokens: number | null, estimate: number, context: number | null) => cutPrompt({ promptTokens, estimate, context });

describe('cutPrompt', () => {
  it('cannot tell where the server did not count, or its context is not known', () => {
    expect(cut(null, 100, 4_096)).toBeNull();
    expect(cut(100, 100, null)).toBeNull();
  });

  it('says no of a prompt that left room, however it was estimated', () => {
    expect(cut(1_000, 1_200, 4_096)).toBe(false);
    expect(cut(3_000, 5_000, 4_096)).toBe(false);
    expect(cut(4_094, 4_000, 4_096)).toBe(false);
  });

  it('says yes of a prompt that fills the context to its last token', () => {
    expect(cut(4_095, 4_000, 4_096)).toBe(true);
    expect(cut(4_096, 4_000, 4_096)).toBe(true);
  });

  it('says yes of a prompt that should have overflowed and counts about half the context', () => {
    // What is kept of a window of 4,096: half of it and a few.
    for (const promptTokens of [2_047, 2_050, 2_053]) expect(cut(promptTokens, 5_000, 4_096)).toBe(true);
    for (const promptTokens of [2_046, 2_054]) expect(cut(promptTokens, 5_000, 4_096)).toBe(false);
  });

  it('says no of one that has half the context by its own length', () => {
    expect(cut(2_050, 2_100, 4_096)).toBe(false);
    expect(cut(2_050, 4_096, 4_096)).toBe(false);
  });
});
