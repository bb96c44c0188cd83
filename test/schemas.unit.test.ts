import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { publishedSchemas } from './support/schemas.ts';
import { ROOT } from './support/seed.ts';

describe('the published schemas', () => {
  it.each([...publishedSchemas()])(
    'docs/schemas/%s is what the code checks (else run: sh scripts/node.sh scripts/schemas.ts)',
    (name, text) => {
      expect(readFileSync(join(ROOT, 'docs/schemas', name), 'utf8')).toBe(text);
    },
  );
});
