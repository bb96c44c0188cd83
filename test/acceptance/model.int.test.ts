import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Behaviour, startReplayServer } from '@chimera/ollama';
import { Report } from '@chimera/shared/domain';
import { afterAll, describe, expect, it } from 'vitest';
import { chimera } from '../support/chimera.ts';
import { layFiles, SMALL } from '../support/dataset.ts';

const work = mkdtempSync(join(tmpdir(), 'chimera-model-'));
const folder = layFiles(SMALL);
afterAll(() => {
  rmSync(work, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
});

/** One report over the small dataset with a model of this behaviour behind real HTTP. */
async function reportWith(behaviour: Behaviour, env: NodeJS.ProcessEnv = {}) {
  const server = await startReplayServer({ behaviour, models: ['gemma3:latest'] });
  const out = mkdtempSync(join(work, 'out-'));
  try {
    const outcome = await chimera(['analyze', folder, '--out', join(out, 'report'), '--ollama', server.url], { env });
    const read = (name: string) => readFileSync(join(out, 'report', name), 'utf8');
    expect(outcome).toMatchObject({ code: 0 });
    return {
      ...outcome,
      calls: server.calls.length,
      report: Report.parse(JSON.parse(read('report.json'))),
      markdown: read('report.md'),
      html: read('report.html'),
      folder: join(out, 'report'),
    };
  } finally {
    await server.close();
  }
}

describe('a report with a model', () => {
  it('prints the sentences of a model that keeps to its facts, and says who spoke', async () => {
    const { report, calls, markdown, folder: out } = await reportWith({ kind: 'well-behaved' });
    expect(calls).toBe(2);
    for (const agent of [report.record.agents.collector, report.record.agents.insight]) {
      expect(agent?.narrator).toMatchObject({ kind: 'model', model: 'gemma3:latest', reason: expect.stringContaining('replay server') });
      expect(agent?.account.written).toBeGreaterThan(5);
      expect(agent?.account.kept).toBe(agent?.account.written);
      expect(agent?.outputTokens).toBeGreaterThan(0);
      expect(agent?.timeToFirstTokenSeconds).toBeGreaterThan(0);
    }
    expect(markdown).toContain('replay server');
    expect(readdirSync(join(out, 'transcripts')).sort()).toEqual(['collector-1.json', 'insight-1.json']);
    const transcript = JSON.parse(readFileSync(join(out, 'transcripts/insight-1.json'), 'utf8'));
    expect(transcript.request.messages[0].content).toContain('You are InsightAgent');
  });

  it('hazard 35, 37, 52: prints nothing of a model that lies, and counts what was withheld', async () => {
    const { report, markdown, html } = await reportWith({ kind: 'lies' });
    for (const agent of [report.record.agents.collector, report.record.agents.insight]) {
      expect(agent?.account.kept).toBe(0);
      expect(agent?.account.withheld.length).toBe(agent?.account.written);
      for (const { text } of agent?.account.withheld ?? []) {
        expect(markdown).not.toContain(text);
        expect(html).not.toContain(text);
      }
    }
    expect(markdown).not.toMatch(/<script|<img|!\[|F9999|\p{Script=Cyrillic}|\p{Script=Han}/u);
    expect(html).not.toMatch(/<script|<img/);
    expect(markdown).toContain('## Recommendations');
    expect(markdown).toContain('withheld');
  });

  it.each<[string, Behaviour, RegExp, NodeJS.ProcessEnv]>([
    ['an error inside the stream', { kind: 'error-mid-stream' }, /error|stopped/i, {}],
    ['a stream that ends without its end', { kind: 'no-done' }, /ended|done/i, {}],
    ['an empty answer', { kind: 'empty' }, /no text|empty/i, {}],
    ['half a JSON document', { kind: 'half-json' }, /JSON/, {}],
    ['no answer at all', { kind: 'hang' }, /first|no answer|within/i, { CHIMERA_OLLAMA_FIRST_TOKEN_TIMEOUT: '0.3' }],
    ['out of memory', { kind: 'error', status: 500, body: { error: 'cudaMalloc failed: out of memory' } }, /memory/i, {}],
    [
      'a busy server',
      { kind: 'error', status: 503, body: { error: 'server busy, please try again.  maximum pending requests exceeded' } },
      /busy/i,
      {},
    ],
  ])('hazard 13: comes by template after %s, and says why', async (_, behaviour, why, env) => {
    const { report, markdown } = await reportWith(behaviour, env);
    for (const agent of [report.record.agents.collector, report.record.agents.insight]) {
      expect(agent?.narrator.kind).toBe('template');
      expect(agent?.narrator.reason).toMatch(why);
      expect(agent?.calls).toHaveLength(1);
    }
    expect(markdown).toContain('template');
    expect(markdown).toContain('## Conclusion');
  });

  it('hazard 13: comes by template when the model is not installed, and names those that are with the command to use one', async () => {
    const server = await startReplayServer({ models: ['other:1b'] });
    const out = join(work, 'absent');
    const { code, stdout } = await chimera(['analyze', folder, '--out', out, '--ollama', server.url]);
    await server.close();
    expect(code).toBe(0);
    expect(stdout).toContain('other:1b');
    expect(stdout).toContain('--model other:1b');
    expect(readFileSync(join(out, 'report.md'), 'utf8')).toContain('--model other:1b');
  });

  it('hazard 13: comes by template when no server answers', async () => {
    const out = join(work, 'nobody');
    const { code, stdout } = await chimera(['analyze', folder, '--out', out, '--ollama', 'http://127.0.0.1:9']);
    expect(code).toBe(0);
    expect(stdout).toContain('no Ollama server answers at http://127.0.0.1:9');
  });
});

describe('chimera analyze, used wrongly', () => {
  it('names an empty folder, and says what would count as an artifact', async () => {
    const empty = mkdtempSync(join(work, 'empty-'));
    const out = join(work, 'none');
    const { code, stdout, stderr } = await chimera(['analyze', empty, '--out', out]);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain(empty);
    expect(stderr).toMatch(/\.csv.*\.json.*\.md/);
    expect(existsSync(join(out, 'report.md'))).toBe(false);
  });

  it.each([
    [['analyze'], 2],
    [['analyze', '/nowhere/at/all'], 1],
    [['analyze', folder, '--nonsense'], 2],
    [['nonsense'], 2],
    [['analyze', folder, '--model', 'x', '--profile', 'y.yaml'], 2],
    [['--help'], 0],
    [['--version'], 0],
  ])('%j ends with %d', async (args, expected) => {
    const { code, stderr, stdout } = await chimera(args);
    expect(code).toBe(expected);
    expect(stderr + stdout).not.toMatch(/\n\s+at /);
  });

  it('never reports on what Chimera wrote', async () => {
    const parent = mkdtempSync(join(work, 'own-'));
    layFiles(SMALL, join(parent, 'data'));
    await chimera(['analyze', join(parent, 'data'), '--model', 'none', '--out', join(parent, 'renamed')]);
    const { code } = await chimera(['analyze', parent, '--model', 'none', '--out', join(work, 'second'), '--json']);
    expect(code).toBe(0);
    const evidence = JSON.parse(readFileSync(join(work, 'second/evidence.json'), 'utf8')) as { artifacts: { path: string }[] };
    expect(evidence.artifacts.map((a) => a.path).sort()).toEqual(
      Object.keys(SMALL)
        .map((path) => `data/${path}`)
        .sort(),
    );
  });

  it('prints one JSON document on standard output with --json, and progress elsewhere', async () => {
    const { code, stdout, stderr } = await chimera(['analyze', folder, '--model', 'none', '--out', join(work, 'json'), '--json']);
    expect(code).toBe(0);
    expect(Report.parse(JSON.parse(stdout)).artifacts.total).toBe(4);
    expect(stderr).toContain('reading artifacts');
  });
});
