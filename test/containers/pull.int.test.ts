import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ROOT } from '../support/seed.ts';

describe('the step that fetches the model', () => {
  const folder = mkdtempSync(join(tmpdir(), 'chimera-pull-'));
  // The program is played: it says how it was called, and ends as it is told.
  writeFileSync(join(folder, 'ollama'), '#!/bin/sh\necho "called: $*"\nexit $END\n', { mode: 0o755 });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const pull = (env: NodeJS.ProcessEnv) =>
    spawnSync('sh', [join(ROOT, 'deploy/ollama/pull.sh')], {
      env: { PATH: [folder, process.env.PATH].join(delimiter), END: '0', ...env },
      encoding: 'utf8',
      timeout: 30_000,
    });

  it('fetches the configured model, and none where there is to be none', () => {
    expect(pull({ CHIMERA_MODEL: 'gemma3:latest' })).toMatchObject({ status: 0, stdout: 'called: pull gemma3:latest\n' });
    const none = pull({ CHIMERA_MODEL: 'none' });
    expect(none.status).toBe(0);
    expect(none.stdout).not.toContain('called');
  });

  it('fails where the fetching fails, so that the engine tries again', () => {
    expect(pull({ CHIMERA_MODEL: 'gemma3:latest', END: '1' }).status).toBe(1);
  });
});
