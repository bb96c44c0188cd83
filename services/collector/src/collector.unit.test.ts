import { describe, expect, it } from 'vitest';
import { collector } from './collector.ts';

describe('collector', () => {
  it('is DataCollector-9000 beside insight and alone, and says alone what it must do then', () => {
    const { persona, alone } = collector;
    for (const words of [persona, alone?.persona]) expect(words).toMatch(/^You are DataCollector-9000\b/);
    expect(persona).toMatch(/under 250 words.*never judge performance/);
    expect(alone?.persona).toMatch(/work alone.*exactly three optimisation recommendations.*risks with their mitigations/);
    expect(alone?.persona).not.toMatch(/never judge|250|second agent/);
  });

  it('has three sections beside insight, nine alone', () => {
    expect(collector.sections).toHaveLength(3);
    expect(collector.alone?.sections).toHaveLength(9);
  });
});
