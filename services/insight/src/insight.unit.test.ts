import { describe, expect, it } from 'vitest';
import { insight } from './insight.ts';

describe('insight', () => {
  it('is InsightAgent beside the collector and alone, and says alone what it must do then', () => {
    const { persona, alone } = insight;
    for (const words of [persona, alone?.persona]) {
      expect(words).toMatch(/^You are InsightAgent\b/);
      expect(words).toMatch(/exactly three optimisation recommendations.*risks with their mitigations/);
    }
    expect(persona).toContain('300 to 400 words');
    expect(alone?.persona).toMatch(/work alone.*which directories are covered/);
    expect(alone?.persona).not.toMatch(/300 to 400|the collector found/);
  });

  it('has six sections beside the collector, nine alone', () => {
    expect(insight.sections).toHaveLength(6);
    expect(insight.alone?.sections).toHaveLength(9);
  });
});
