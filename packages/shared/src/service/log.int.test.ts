import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

it('writes one line of JSON on standard error, with service and time, and nothing on standard output', async () => {
  const script = `
    const { createLogger } = await import(${JSON.stringify(fileURLToPath(new URL('./log.ts', import.meta.url)))});
    const logger = createLogger('ingest', 'info');
    logger.debug('not this');
    logger.child({ run: 'r1' }).warn({ err: new Error('boom') }, 'it failed');`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { out: '', err: '' };
  child.stdout.on('data', (data) => (said.out += data));
  child.stderr.on('data', (data) => (said.err += data));
  await new Promise((resolve) => child.once('close', resolve));
  expect(said.out).toBe('');
  const lines = said.err.split('\n').filter((line) => line.startsWith('{'));
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: 'warn',
    service: 'ingest',
    run: 'r1',
    msg: 'it failed',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    err: { message: 'boom', stack: expect.any(String) },
  });
});
