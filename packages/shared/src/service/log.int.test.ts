import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

it('writes each line as JSON on standard error, with service, time and the span under way, and nothing on standard output', async () => {
  const script = `
    const { createLogger } = await import(${JSON.stringify(fileURLToPath(new URL('./log.ts', import.meta.url)))});
    let ids = {};
    const logger = createLogger('ingest', 'info', () => ids);
    logger.debug('not this');
    logger.child({ run: 'r1' }).warn({ err: new Error('boom') }, 'it failed');
    ids = { trace_id: 't1', span_id: 's1' };
    logger.child({ run: 'r1' }).warn('it failed in a trace');`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { out: '', err: '' };
  child.stdout.on('data', (data) => (said.out += data));
  child.stderr.on('data', (data) => (said.err += data));
  await new Promise((resolve) => child.once('close', resolve));
  expect(said.out).toBe('');
  const lines = said.err.split('\n').filter((line) => line.startsWith('{'));
  expect(lines).toHaveLength(2);
  expect(lines[0]).not.toContain('trace_id');
  expect(JSON.parse(lines[1] ?? '')).toMatchObject({ run: 'r1', trace_id: 't1', span_id: 's1', msg: 'it failed in a trace' });
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: 'warn',
    service: 'ingest',
    run: 'r1',
    msg: 'it failed',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    err: { message: 'boom', stack: expect.any(String) },
  });
});
