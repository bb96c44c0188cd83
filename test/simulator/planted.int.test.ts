import { rmSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { copySources, findPlanted } from './plant.ts';
import { PLANTED } from './planted.ts';

// Only keeps a simulator that hangs from hanging for ever.
const GUARD_MS = 300_000;
const SCHEDULES = 2_000;

describe('the simulator, run on a copy of the sources with a fault in it', () => {
  const copy = copySources();
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  it.each(PLANTED)(
    'finds $name',
    async (fault) => {
      expect(await findPlanted(copy, fault, SCHEDULES)).toMatchObject({ found: true });
    },
    GUARD_MS,
  );
});
