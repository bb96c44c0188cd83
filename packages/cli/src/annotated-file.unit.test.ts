import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { annotatedFile } from './annotated-file.ts';
import { CommandFailed } from './usage-error.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chimera-annotated-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('annotatedFile', () => {
  it('refuses where it cannot tell whether the copy would lie in the artifacts', async () => {
    const circle = join(folder, 'circle');
    await symlink(circle, circle);
    await expect(annotatedFile(join(folder, 'out.md'), null, circle)).rejects.toThrow(CommandFailed);
    await expect(annotatedFile(join(folder, 'out.md'), null, circle)).rejects.toThrow(/circle cannot be read: ELOOP/);
  });

  it('takes a place beside artifacts that are not there, and none within those that are', async () => {
    const artifacts = join(folder, 'results');
    await expect(annotatedFile(join(folder, 'out.md'), null, artifacts)).resolves.toMatchObject({ name: join(folder, 'out.md') });
    await mkdir(artifacts);
    await expect(annotatedFile(join(artifacts, 'out.md'), null, artifacts)).rejects.toThrow(/would lie in the artifacts/);
  });
});
