import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './seed.ts';

export type Outcome = { code: number | null; stdout: string; stderr: string };

/** Runs the real command `chimera` and waits for its end; after `timeout` milliseconds it is ended, and its code is null. */
export function chimera(
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; cwd?: string; uid?: number; input?: string; timeout?: number } = {},
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(ROOT, 'packages/cli/bin/chimera'), args, {
      cwd: options.cwd ?? ROOT,
      env: { ...process.env, OLLAMA_HOST: 'http://127.0.0.1:9', ...options.env },
      stdio: ['pipe', 'pipe', 'pipe'],
      ...(options.timeout === undefined ? {} : { timeout: options.timeout }),
      ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.stdin.end(options.input ?? '');
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}
