import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { hasEnded, processName } from './process-name.ts';

test('a process of this host has ended once its id is nobody’s', async () => {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] });
  await once(child, 'spawn');
  const name = processName('a', 'insight').replace(`/${process.pid}/`, `/${child.pid}/`);
  expect(hasEnded(name)).toBe(false);
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
  expect(hasEnded(name)).toBe(true);
});

test('of this process, of other hosts and of whatever else a holder may be called nothing is certain', () => {
  const mine = processName('a', 'insight');
  expect([mine, `elsewhere/pid:[1]/1/a-insight`, 'somebody', '', 'a/b/NaN/c'].map(hasEnded)).toEqual([false, false, false, false, false]);
});
