import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS, LIMIT_VARIABLES } from './limits.ts';

describe('LIMIT_VARIABLES', () => {
  it('names one variable for each limit, and each once', () => {
    expect(Object.keys(LIMIT_VARIABLES).sort()).toEqual(Object.keys(DEFAULT_LIMITS).sort());
    expect(new Set(Object.values(LIMIT_VARIABLES)).size).toBe(Object.keys(DEFAULT_LIMITS).length);
    for (const name of Object.values(LIMIT_VARIABLES)) expect(name).toMatch(/^CHIMERA_(MAX|STREAM)_[A-Z_]+$/);
  });
});
