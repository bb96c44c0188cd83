import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { chimera } from '../../../../test/support/chimera.ts';
import { ROOT } from '../root.ts';

const work = mkdtempSync(join(tmpdir(), 'chimera-replay-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));
/** For starting a process on a machine that is busy; in milliseconds. */
const GUARD = { timeout: 60_000 };
const started = new Set<ChildProcess>();
afterEach(() => {
  for (const child of started) child.kill('SIGKILL');
  started.clear();
});

type Started = { url: string; end(signal: NodeJS.Signals): Promise<{ code: number | null; stdout: string; stderr: string }> };

/** Runs the real command until it has printed its URL. */
async function replayOllama(...args: string[]): Promise<Started> {
  const child = spawn(join(ROOT, 'packages/cli/bin/chimera'), ['replay-ollama', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  started.add(child);
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const lines: string[] = [];
  const output = createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  const first = once(output, 'line').then(([line]) => String(line));
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(`It ended before it listened: ${stderr}`)));
  ended.catch(() => undefined);
  const url = await Promise.race([first, ended]);
  return {
    url,
    async end(signal) {
      const closed = once(child, 'close');
      child.kill(signal);
      const [code] = await closed;
      return { code, stdout: lines.join('\n'), stderr };
    },
  };
}

async function chat(
  url: string,
  body: object = {},
): Promise<{ status: number; last: Record<string, unknown>; text: string; replay: string | null }> {
  const asked = { model: 'gemma3', messages: [{ role: 'user', content: 'F1 | request_latency p95' }], ...body };
  const response = await fetch(`${url}/api/chat`, { method: 'POST', body: JSON.stringify(asked) });
  const lines = (await response.text())
    .trim()
    .split('\n')
    .map((line): Record<string, unknown> & { message?: { content: string } } => JSON.parse(line));
  const text = lines.map(({ message }) => message?.content ?? '').join('');
  return { status: response.status, last: lines.at(-1) ?? {}, text, replay: response.headers.get('x-chimera-replay') };
}

describe('chimera replay-ollama', GUARD, () => {
  it('prints its URL, says that it is no model, answers at its rates, and ends in order', async () => {
    const server = await replayOllama(
      '--rates',
      '98,41',
      '--load',
      '2.5',
      '--prompt',
      '0.5',
      '--speed',
      '1000',
      '--model',
      'gemma3:1b',
      'gemma3',
    );
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const { last, text, replay } = await chat(server.url, { options: { num_predict: 98 } });
    expect(text).toContain('{{F1}}');
    expect(replay).toBe('1');
    expect(last).toMatchObject({ done: true, load_duration: 2.5e9, prompt_eval_duration: 0.5e9 });
    expect((Number(last.eval_count) / Number(last.eval_duration)) * 1e9).toBeCloseTo(98, 4);
    const tags: unknown = await (await fetch(`${server.url}/api/tags`)).json();
    expect(tags).toMatchObject({ models: [{ name: 'gemma3:1b' }, { name: 'gemma3:latest' }] });
    const { code, stdout, stderr } = await server.end('SIGTERM');
    expect([code, stdout]).toEqual([0, server.url]);
    expect(stderr).toContain('this is the replay server and no model');
  });

  it('ends in order on Ctrl-C, also in the middle of an answer', async () => {
    const server = await replayOllama('--behaviour', 'endless');
    const response = await fetch(`${server.url}/api/chat`, {
      method: 'POST',
      body: JSON.stringify({ model: 'gemma3', messages: [{ role: 'user', content: 'go' }] }),
    });
    const reader = response.body?.getReader();
    await reader?.read();
    const read = async (): Promise<void> => {
      for (;;) if ((await reader?.read())?.done !== false) return;
    };
    const broken = expect(read()).rejects.toThrow();
    expect((await server.end('SIGINT')).code).toBe(0);
    await broken;
  });

  it('follows a script before its recordings', async () => {
    const script = join(work, 'script.json');
    writeFileSync(script, '[{"match": {"call": 0}, "behaviour": {"kind": "out-of-memory"}}]');
    const recorded = { model: 'tiny:1b', calls: [{ prompt: 'How fast?', response: 'Fast enough.', metrics: {} }] };
    const folder = mkdtempSync(join(work, 'recordings-'));
    writeFileSync(join(folder, 'a.json'), JSON.stringify(recorded));
    const server = await replayOllama('--script', script, '--recordings', folder, '--otherwise', '404');
    const ask = (content: string) => chat(server.url, { model: 'tiny:1b', messages: [{ role: 'user', content }] });
    expect((await ask('How fast?')).status).toBe(500);
    expect(await ask('How fast?')).toMatchObject({ status: 200, text: 'Fast enough.' });
    expect((await ask('How slow?')).status).toBe(404);
  });

  it('is off its rates by its jitter, the same each time by the same seed, and follows rules that match options', async () => {
    const script = join(work, 'options.json');
    const behaviour = { kind: 'well-behaved', rates: { tokensPerSecond: 50 } };
    writeFileSync(script, JSON.stringify([{ match: { options: { temperature: 0.8 } }, behaviour }]));
    const flags = ['--rates', '100', '--speed', '1000', '--jitter', '0.2', '--script', script];
    const [first, second, other] = await Promise.all([
      replayOllama(...flags, '--seed', '3'),
      replayOllama(...flags, '--seed', '3'),
      replayOllama(...flags),
    ]);
    const secondsPerToken = async ({ url }: Started): Promise<number[]> => {
      const seconds: number[] = [];
      for (const options of [{}, { temperature: 0.8 }, {}]) {
        const { last } = await chat(url, { options: { ...options, num_predict: 10 } });
        seconds.push(Number(last.eval_duration) / Number(last.eval_count) / 1e9);
      }
      return seconds;
    };
    const [a, b, c] = [await secondsPerToken(first), await secondsPerToken(second), await secondsPerToken(other)];
    expect(a).toEqual(b);
    expect(a).not.toEqual(c);
    for (const [index, rate] of [100, 50, 100].entries()) {
      for (const seconds of [a[index], c[index]]) {
        expect(Math.abs((seconds ?? Number.NaN) * rate - 1)).toBeLessThanOrEqual(0.2);
        expect(seconds).not.toBeCloseTo(1 / rate, 6);
      }
    }
  });

  it('has a share of faults, and says what it is in its version', async () => {
    const server = await replayOllama('--fault-share', '0', '--seed', '5');
    expect((await chat(server.url)).last).toMatchObject({ done: true, done_reason: 'stop' });
    const version: unknown = await (await fetch(`${server.url}/api/version`)).json();
    expect(version).toEqual({ version: '0.0.0-replay' });
  });

  it('says where it cannot listen, and ends with 1', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { code, stdout, stderr } = await chimera(['replay-ollama', '--port', String(port)]);
    taken.close();
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(new RegExp(`^chimera: Port ${port} at 127\\.0\\.0\\.1 cannot be had .*--port`));
  });

  const bad = join(work, 'bad.json');
  writeFileSync(bad, '[{"behaviour": {"kind": "hum"}}]');
  it.each([
    [['--port', '70000'], '--port 70000 makes no sense: give a port from 0'],
    [['--rates', '98,fast'], 'tokens per second'],
    [['--rates', ''], 'tokens per second'],
    [['--load', '-1'], 'a number of seconds from 0 on'],
    [['--speed', '0'], 'a number above 0'],
    [['--parallel', '1.5'], 'a whole number from 1 on'],
    [['--behaviour', 'hum'], '--behaviour hum is not known. There are: well-behaved,'],
    [['--fault-share', '2'], 'a number from 0 to 1'],
    [['--seed', '2'], '--fault-share'],
    [['--jitter', '1', '--rates', '98'], 'a share from 0 to below 1'],
    [['--jitter', '0.1'], '--rates, --load, --prompt or a --script'],
    [['--behaviour', 'lies', '--fault-share', '0.1'], '--behaviour and --fault-share exclude each other'],
    [['--script', join(work, 'none.json')], 'cannot be read'],
    [['--script', bad], 'rule 1, behaviour: "kind" cannot be "hum"'],
    [['--recordings', join(work, 'none')], 'cannot be read'],
    [['--otherwise', '404'], '--recordings'],
  ])('%j is refused in a sentence', async (args, sentence) => {
    const { code, stdout, stderr } = await chimera(['replay-ollama', ...args]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(sentence);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
