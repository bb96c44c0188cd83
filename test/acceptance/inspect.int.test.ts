import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { chimera } from '../support/chimera.ts';
import { layFiles } from '../support/dataset.ts';
import { ROOT } from '../support/seed.ts';

const SERVE = {
  model_id: 'acme/tiny-1b',
  request_rate: 4,
  num_prompts: 20,
  duration: 5.5,
  completed: 20,
  request_throughput: 3.75,
  mean_ttft_ms: 26.5,
  p99_ttft_ms: 81.25,
};
const folder = layFiles({
  'serve.json': JSON.stringify(SERVE),
  'requests.csv': ['model,queue_ms,error', ...Array.from({ length: 3_000 }, (_, i) => `m${i % 2},${i + 1}.5,`), 'm0,0,timed out', ''].join(
    '\n',
  ),
  'note.md': '# No table\n\nWe measured it.\n',
  'broken.json': '{"a": 1, "b": ',
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Entry = {
  path: string;
  kind: string;
  format: string;
  status: string;
  reason?: string;
  warnings: string[];
  failed: { pointer: string; reason: string }[];
  measurements: Record<string, unknown>[];
};

const inspect = (...args: string[]) => chimera(['inspect', ...args], { cwd: folder });
async function json(args: string[], env: NodeJS.ProcessEnv = {}): Promise<{ code: number | null; entries: Entry[]; stderr: string }> {
  const { code, stdout, stderr } = await chimera(['inspect', '--json', ...args], { cwd: folder, env });
  return { code, entries: JSON.parse(stdout) as Entry[], stderr };
}

describe('chimera inspect', () => {
  it('prints one JSON document with an entry for each file, in the order in which they were named', async () => {
    const { code, entries, stderr } = await json(['serve.json', 'requests.csv', 'note.md', 'broken.json']);
    expect([code, stderr]).toEqual([0, '']);
    expect(entries.map(({ path, kind, format, status }) => [path, kind, format, status])).toEqual([
      ['serve.json', 'json', 'vllm-serve', 'read'],
      ['requests.csv', 'csv', 'generic', 'read'],
      ['note.md', 'markdown', 'generic', 'read'],
      ['broken.json', 'json', 'unknown', 'refused'],
    ]);
    const [serve, requests, note, broken] = entries;
    expect(serve?.measurements).toContainEqual({
      metric: 'time_to_first_token',
      statistic: 'p99',
      value: 81.25,
      unit: 'ms',
      n: 20,
      over: 'requests',
      labels: expect.objectContaining({ model: 'acme/tiny-1b', request_rate: '4', num_prompts: '20' }),
      pointer: '/p99_ttft_ms',
    });
    expect(requests?.measurements).toHaveLength(3_001);
    expect(requests?.measurements[2_999]).toEqual({
      metric: 'queue_ms',
      statistic: 'value',
      value: 3000.5,
      unit: 'ms',
      labels: { model: 'm1' },
      pointer: 'line 3001 column queue_ms',
    });
    expect(requests?.measurements[3_000]).toMatchObject({ value: 0, failed: true });
    expect(requests?.failed).toEqual([{ pointer: 'line 3002', reason: 'timed out' }]);
    expect([note?.measurements, note?.failed, note?.warnings]).toEqual([[], [], []]);
    expect(broken?.reason).toContain('line 1, column 15');
  });

  it('lists the same for a terminal, and says how much it leaves out', async () => {
    const { code, stdout, stderr } = await inspect('serve.json', 'requests.csv', 'broken.json');
    expect([code, stderr]).toEqual([0, '']);
    const [serve = [], requests = [], broken = []] = stdout.split('\n\n').map((part) => part.trimEnd().split('\n'));
    expect(serve[0]).toBe('serve.json  json  vllm-serve');
    expect(serve.find((line) => line.startsWith('  labels of all: '))).toContain('model=acme/tiny-1b');
    expect(serve.find((line) => line.endsWith(' /p99_ttft_ms'))).toMatch(
      /^ {2}time_to_first_token +p99 +81\.25 ms +20 requests +\/p99_ttft_ms$/,
    );
    expect(requests.slice(0, 3)).toEqual([
      'requests.csv  csv  generic',
      '  3001 measurements, 3001 records, 1 failed',
      '  failed: line 3002: timed out',
    ]);
    expect(requests.filter((line) => / column queue_ms$/.test(line)).length).toBeLessThanOrEqual(40);
    expect(requests.at(-1)).toMatch(/^ {2}… and \d+ more; --all lists them/);
    expect(broken).toEqual(['broken.json  json  unknown', expect.stringMatching(/^ {2}refused: not valid JSON: .* at line 1, column 15/)]);

    const all = await inspect('requests.csv', '--all');
    expect(all.stdout.split('\n').filter((line) => / column queue_ms$/.test(line))).toHaveLength(3_001);
    expect(all.stdout).toMatch(/^ {2}queue_ms \(failed\) +value +0 ms +model=m0 +line 3002 column queue_ms$/m);
  });

  it('says which files cannot be opened, inspects the others, and ends with 1', async () => {
    mkdirSync(join(folder, 'folder'));
    // A socket can be had everywhere; here it is as special as a pipe.
    const server = createServer().listen(join(folder, 'socket.json'));
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const files = ['absent.json', 'folder', 'socket.json', '/dev/zero', 'serve.json/x', 'note.md'];
    const { code, entries, stderr } = await json(files);
    expect(code).toBe(1);
    expect(entries.map(({ path }) => path)).toEqual(files);
    expect(entries.map(({ status }) => status)).toEqual([...Array(5).fill('refused'), 'read']);
    expect(stderr.trimEnd().split('\n')).toEqual([
      'chimera: absent.json was not inspected: there is no such file.',
      expect.stringMatching(/^chimera: folder was not inspected: it is a folder: .*chimera analyze/),
      expect.stringMatching(/^chimera: socket\.json was not inspected: neither a file nor a folder/),
      expect.stringMatching(/^chimera: \/dev\/zero was not inspected: neither a file nor a folder/),
      'chimera: serve.json/x was not inspected: there is no such file.',
    ]);
    const listed = await inspect(...files);
    expect([listed.code, listed.stderr]).toEqual([1, stderr]);
    expect(listed.stdout).toBe('note.md  markdown  generic\n  no measurements, 0 records\n');
  });

  it.skipIf(process.platform === 'win32')('says of a file that may not be read that it may not', async () => {
    const closed = mkdtempSync(join(tmpdir(), 'chimera-closed-'));
    try {
      chmodSync(closed, 0o755);
      writeFileSync(join(closed, 'a.csv'), 'n_ms\n1\n', { mode: 0o000 });
      // Root may read everything, so as root the command runs as nobody.
      const uid = process.getuid?.() === 0 ? { uid: 65_534 } : {};
      const { code, stderr } = await chimera(['inspect', join(closed, 'a.csv')], uid);
      expect([code, stderr]).toEqual([
        1,
        `chimera: ${join(closed, 'a.csv')} was not inspected: permission denied: this process may not read it.\n`,
      ]);
    } finally {
      rmSync(closed, { recursive: true, force: true });
    }
  });

  it('follows a link that was given by hand, and takes the kind from its name', async () => {
    writeFileSync(join(folder, 'blob'), 'a_ms\n1.5\n');
    symlinkSync('blob', join(folder, 'table.csv'));
    symlinkSync('loop.csv', join(folder, 'loop.csv'));
    const { code, entries } = await json(['table.csv', 'loop.csv']);
    expect(code).toBe(1);
    expect(entries[0]).toMatchObject({ kind: 'csv', measurements: [{ value: 1.5, unit: 'ms', pointer: 'line 2 column a_ms' }] });
    expect(entries[1]).toMatchObject({ status: 'refused', reason: expect.stringContaining('ELOOP') });
  });

  it('heeds the limits of the environment, and no other variable', async () => {
    const refused = await json(['serve.json', 'note.md'], { CHIMERA_MAX_ARTIFACT_BYTES: '100', CHIMERA_BUCKET: 's3://elsewhere' });
    expect([refused.code, refused.stderr]).toEqual([0, '']);
    expect(refused.entries.map(({ status, kind }) => [status, kind])).toEqual([
      ['refused', 'unknown'],
      ['read', 'markdown'],
    ]);
    expect(refused.entries[0]?.reason).toContain('larger than the limit of 100 bytes (CHIMERA_MAX_ARTIFACT_BYTES)');
    const wrong = await chimera(['inspect', 'note.md'], { cwd: folder, env: { CHIMERA_MAX_LINES: 'many' } });
    expect([wrong.code, wrong.stdout]).toEqual([2, '']);
    expect(wrong.stderr).toContain('CHIMERA_MAX_LINES="many": is no number');
  });

  it('nothing out of a file, nor out of its name, drives the terminal', async () => {
    const hostile = '\u001b]0;owned\u0007\u009b31m\u202egnitsrub';
    const name = `\u001b[2J${hostile.slice(-8)}.json`;
    const runs = [{ success: false, error: hostile, t_ms: 2 }];
    const text = JSON.stringify({ [hostile]: { x_ms: 1 }, runs, [`${hostile}2`]: 'beyond' }).replace('"beyond"', '1e999');
    writeFileSync(join(folder, name), text);
    for (const args of [[name], [name, '--all'], [name, '--json'], [`${name}x`], [`${name}x`, '--json']]) {
      const { stdout, stderr } = await inspect(...args);
      expect(stdout + stderr, JSON.stringify(args)).not.toMatch(/[^\P{C}\n]|\p{Zl}|\p{Zp}/u);
    }
    const { entries } = await json([name]);
    expect(entries[0]?.path).toBe(name);
    expect(entries[0]?.measurements[0]).toMatchObject({ metric: `/${hostile}/x_ms`, value: 1, pointer: `/${hostile}/x_ms` });
  });

  it('ends quietly where nobody reads on', () => {
    const chimeraInspect = `"${join(ROOT, 'packages/cli/bin/chimera')}" inspect`;
    const shell = (line: string) => execFileSync('sh', ['-c', line], { cwd: folder, encoding: 'utf8' });
    expect(shell(`${chimeraInspect} requests.csv --all 2> said | head -n 1; cat said`)).toBe('requests.csv  csv  generic\n');
    expect(shell(`${chimeraInspect} requests.csv --json 2> said | head -n 1; cat said`)).toBe('[\n');
  });

  it('is used wrongly without a file', async () => {
    expect((await inspect()).code).toBe(2);
    expect((await inspect('note.md', '--colour')).code).toBe(2);
  });
});
