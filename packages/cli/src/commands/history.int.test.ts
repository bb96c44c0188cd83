import { join } from 'node:path';
import { expect, it } from 'vitest';
import { chimera } from '../../../../test/support/chimera.ts';
import { ROOT } from '../../../../test/support/seed.ts';

it('chimera history says in a sentence that the store cannot be read, and what to do', async () => {
  const { code, stdout, stderr } = await chimera(['history', '--home', join(ROOT, 'README.md')], { env: { CHIMERA_BLOBS: '' } });
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(
    /^chimera: The history cannot be read from .*README\.md\/blobs \(ENOTDIR: .*\)\. Check its rights, .* CHIMERA_BLOBS\.\n$/,
  );
});
