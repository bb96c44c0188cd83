import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Behaviour, type BehaviourScript, type ReplayRequest, startReplayServer } from '@chimera/ollama';
import { ANSWER_TOKENS, Report } from '@chimera/shared/domain';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { chimera } from '../support/chimera.ts';
import { layFiles, SMALL } from '../support/dataset.ts';
import { startRecordedOllama } from '../support/recorded-ollama.ts';

const work = mkdtempSync(join(tmpdir(), 'chimera-model-'));
const folder = layFiles(SMALL);
afterAll(() => {
  rmSync(work, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
});

/** One report over the small dataset with a model of this behaviour behind real HTTP. */
async function reportWith(behaviour: BehaviourScript, { env = {}, args = [] }: { env?: NodeJS.ProcessEnv; args?: string[] } = {}) {
  const ollama = await startRecordedOllama({ behaviour, models: ['gemma3:latest'] });
  const out = mkdtempSync(join(work, 'out-'));
  try {
    const outcome = await chimera(['analyze', folder, '--out', join(out, 'report'), '--ollama', ollama.url, ...args], { env });
    const read = (name: string) => readFileSync(join(out, 'report', name), 'utf8');
    expect(outcome).toMatchObject({ code: 0 });
    const report = Report.parse(JSON.parse(read('report.json')));
    return {
      ...outcome,
      asked: ollama.asked,
      requests: ollama.replay.calls.map(({ request }) => request),
      report,
      agents: [report.record.agents.collector, report.record.agents.insight].map((agent) => {
        if (agent === undefined) throw new Error('An agent is not in the record.');
        return agent;
      }),
      markdown: read('report.md'),
      html: read('report.html'),
      folder: join(out, 'report'),
    };
  } finally {
    await ollama.close();
  }
}

const SECTIONS = [
  ['coverage', 'modifications', 'gaps'],
  ['summary', 'performance', 'findings', 'recommendations', 'risks', 'conclusion'],
];
const isRepair = ({ messages }: ReplayRequest) => messages.some(({ content }) => content.includes('\n```sentences\n'));

/** What a liar says, and what of it must never be seen. */
const LIES: readonly [string, RegExp][] = [
  ['The throughput is 7391 tok/s.', /7391/],
  ['The wait of {{F1}} is 7392 seconds and not milliseconds.', /7392/],
  ['The last run ended on 14 March 2031.', /2031/],
  ['Nineteen of the files hold forty-two runs.', /nineteen of|forty-two/i],
  ['It is half as fast as the others, or thrice.', /half as fast|thrice/],
  ['Скорость выросла вдвое.', /\p{Script=Cyrillic}/u],
  ['吞吐量提高了四十二倍。', /\p{Script=Han}/u],
  ['See <script>alert(7393)</script> for it.', /<script|7393/],
  ['The curve <img src="https://attacker.invalid/p.png" onerror="alert(1)"> speaks.', /<img|attacker/],
  ['The chart ![it](https://attacker.invalid/c.png) shows it.', /!\[|attacker/],
  ['As {{F999}} shows, it is the best of all.', /F999|as shows/i],
  ['It is {{F1|parsecs}} or {{F1|ms|99}} away.', /parsec/],
  ['The reference {{F1 and the reference {{ F1 | upper }} agree.', /upper/],
  ['It rose by ٤٢ ms, to ９９ GB.', /٤٢|９９/],
  ['Usage grew by 7394 %, from 7395 to ½.', /7394|7395|½/],
  ["Okay, here's what the facts say.", /okay/i],
  ['Would you like me to go on?', /would you/i],
];

/** What only looks true: sentences in good form, each number a reference, which say of a fact that it is what it is not. */
const MARK = 'as nobody measured';
const WRONG_WORDS: readonly [RegExp, string][] = [
  [/^(F\d+) \| (?:The [a-z0-9]+ of )?output token throughput of /, `The time to first token comes to REF, ${MARK}.`],
  [/^(F\d+) \| Of \d+ configurations .* best output token throughput/, `The GPU utilization rises to REF, ${MARK}.`],
  [/^(F\d+) \| The [a-z0-9]+ of output token throughput of num_ctx/, `In runs/other.csv the throughput is REF, ${MARK}.`],
  [/^(F\d+) \| The median of output token throughput of /, `The maximum of the output token throughput is REF, ${MARK}.`],
  [/^(F\d+) \| (?:The [a-z0-9]+ of )?time to first token of /, `The output token throughput comes to REF, ${MARK}.`],
  [/^(F\d+) \| There are \d+ artifacts\./, `There are REF Markdown files, ${MARK}.`],
  [/^(F\d+) \| \d+ artifacts? (?:is|are) of kind csv\./, `There are REF JSON files, ${MARK}.`],
  [/^(F\d+) \| The latest modification of an artifact of kind json /, `CSV files were last modified at REF, ${MARK}.`],
];

/** Such sentences about the facts of a prompt. */
function wrongWords({ messages }: ReplayRequest): string[] {
  const lines = (messages[1]?.content ?? '').split('\n');
  return WRONG_WORDS.flatMap(([fact, words]) => {
    const name = lines.flatMap((line) => fact.exec(line)?.[1] ?? [])[0];
    return name === undefined ? [] : [words.replace('REF', `{{${name}}}`)];
  });
}

/** Answers by the schema it is given, with a lie in every text. */
function liar(): (request: ReplayRequest) => Behaviour {
  let turn = 0;
  return (request) => {
    const { format } = request;
    // Of both sorts one after the other: what is known to be no sentence would hide what only looks like a good one.
    const wrong = wrongWords(request);
    const lie = () => {
      const next = turn++;
      return (next % 2 === 1 ? wrong[(next >> 1) % Math.max(1, wrong.length)] : undefined) ?? LIES[(next >> 1) % LIES.length]?.[0] ?? '';
    };
    const schema = z.fromJSONSchema(format as Parameters<typeof z.fromJSONSchema>[0]);
    const isRisk = JSON.stringify(format).includes('"mitigation"');
    const one = () => ({ text: lie(), ...(isRisk ? { mitigation: lie() } : {}), facts: ['F1'] });
    const kinds = ['observation', 'recommendation', 'risk'];
    for (const count of [4, 3, 2, 1, 5, 6, 7, 8]) {
      const sentences = Array.from({ length: count }, one);
      for (const kind of kinds) {
        const answer = { sentences: sentences.map((sentence) => ({ ...sentence, kind })) };
        if (schema.safeParse(answer).success) return { kind: 'text', text: JSON.stringify(answer) };
      }
    }
    throw new Error(`No lie fits the schema ${JSON.stringify(format)}.`);
  };
}

describe('a report with a model', { timeout: 30_000 }, () => {
  it('asks for each section by itself, prints the sentences of a model that keeps to its facts, and says who spoke', async () => {
    const { agents, requests, markdown, folder: out } = await reportWith({ kind: 'well-behaved' });
    for (const [i, { narrator, account, calls, ...agent }] of agents.entries()) {
      expect(narrator).toMatchObject({ kind: 'model', model: 'gemma3:latest', reason: expect.stringContaining('replay server') });
      expect(account.written).toBeGreaterThan(5);
      expect(account.kept + account.repaired + account.withheld.length).toBe(account.written);
      expect((account.kept + account.repaired) / account.written).toBeGreaterThanOrEqual(0.95);
      expect(calls.filter(({ repair }) => !repair).map(({ section }) => section)).toEqual(SECTIONS[i]);
      for (const { promptTokens, estimatedPromptTokens, note } of calls) {
        expect(estimatedPromptTokens).toBeGreaterThan(promptTokens ?? 0);
        expect(note).toBeNull();
      }
      expect(agent.outputTokens).toBeGreaterThan(0);
      expect(agent.timeToFirstTokenSeconds).toBeGreaterThan(0);
    }
    expect(requests).toHaveLength(agents.flatMap(({ calls }) => calls).length);
    // A server loads a model again for other options; only the bound of the answer may differ.
    expect(new Set(requests.map(({ options: { num_predict: _, ...rest } }) => JSON.stringify(rest)))).toEqual(new Set(['{}']));
    for (const { options } of requests) expect(options.num_predict).toBeLessThanOrEqual(ANSWER_TOKENS);
    expect(markdown).toContain('replay server');
    const names = agents.flatMap(({ calls }, i) => calls.map((_, k) => `${i === 0 ? 'collector' : 'insight'}-${k + 1}.json`));
    expect(readdirSync(join(out, 'transcripts')).sort()).toEqual(names.sort());
    const transcript = JSON.parse(readFileSync(join(out, 'transcripts/insight-1.json'), 'utf8'));
    expect(transcript.request.messages[0].content).toContain('You are InsightAgent');
  });

  it.each<[string, BehaviourScript]>([
    ['makes everything up', { kind: 'lies' }],
    ['lies in every sentence, whatever it is asked for', liar()],
  ])('hazard 35, 37, 52: prints nothing of a model that %s, and counts what was withheld', async (_, behaviour) => {
    const { agents, requests, markdown, html } = await reportWith(behaviour);
    for (const { account, narrator } of agents) {
      expect([account.kept, account.repaired]).toEqual([0, 0]);
      expect(account.written).toBeGreaterThan(5);
      expect(account.withheld).toHaveLength(account.written);
      expect(narrator).toMatchObject({ kind: 'template', reason: 'every sentence that gemma3:latest wrote was withheld' });
      for (const { text } of account.withheld) {
        expect(markdown).not.toContain(text);
        expect(html).not.toContain(text);
      }
    }
    // Once for each section, and once more for its faults.
    expect(requests.map(isRepair).filter(Boolean)).toHaveLength(SECTIONS.flat().length);
    expect(requests).toHaveLength(2 * SECTIONS.flat().length);
    expect(markdown).not.toMatch(/<script|<img|!\[|F9999|\p{Script=Cyrillic}|\p{Script=Han}/u);
    expect(html).not.toMatch(/<script|<img/);
    for (const heading of ['Executive Summary', 'Key Findings', 'Recommendations', 'Risks', 'Conclusion'])
      expect(markdown).toContain(`## ${heading}`);
    expect(markdown).toContain('withheld');
  });

  it('prints none of the lies that it knows, in any spelling', async () => {
    const { markdown, html, agents } = await reportWith(liar());
    for (const [, seen] of LIES) {
      expect(markdown).not.toMatch(seen);
      expect(html).not.toMatch(seen);
    }
    for (const page of [markdown, html]) expect(page).not.toContain(MARK);
    // It did say them.
    const said = agents.flatMap(({ account }) => account.withheld.filter(({ text }) => text.includes(MARK)));
    expect(new Set(said.map(({ text }) => text.replace(/\{\{.*?\}\}/g, ''))).size).toBeGreaterThanOrEqual(4);
  });

  it('prints what a model mended once its faults were named, and counts it as repaired', async () => {
    const lie = liar();
    const { agents } = await reportWith((request) => (isRepair(request) ? { kind: 'well-behaved' } : lie(request)));
    for (const { account, narrator, calls } of agents) {
      expect(narrator.kind).toBe('model');
      expect(account.kept).toBe(0);
      // The double does not know what it said before, and now and then says it again.
      for (const { reason } of account.withheld) expect(reason).toMatch(/^(goes beyond|repeats an earlier sentence)/);
      expect(account.repaired).toBeGreaterThan(account.withheld.length);
      expect(calls.filter(({ repair }) => repair)).toHaveLength(calls.length / 2);
    }
  });

  it('asks no server where nothing fits the context that was asked for, and says why and what would fit', async () => {
    const profile = join(work, 'small.yaml');
    const agent = '{ model: gemma3:latest, options: { num_ctx: 256 } }';
    writeFileSync(profile, `name: small\nagents:\n  collector: ${agent}\n  insight: ${agent}\n`);
    const { agents, asked, markdown } = await reportWith({ kind: 'well-behaved' }, { args: ['--profile', profile] });
    expect(asked).toEqual([]);
    for (const { narrator, calls, account } of agents) {
      expect(narrator).toMatchObject({
        kind: 'template',
        reason: expect.stringMatching(/num_ctx 256 was asked for: num_ctx (1024|2048) would fit\.$/),
      });
      expect([calls, account.written]).toEqual([[], 0]);
    }
    expect(markdown).toContain('num_ctx 256 was asked for');
    expect(markdown).toContain('## Conclusion');
  });

  it('shows fewer facts where the context asked for holds fewer, sends that context, and goes never beyond it', async () => {
    const profile = join(work, 'middle.yaml');
    const agent = '{ model: gemma3:latest, options: { num_ctx: 1280, temperature: 0 } }';
    writeFileSync(profile, `name: middle\nagents:\n  collector: ${agent}\n  insight: ${agent}\n`);
    const { agents, requests } = await reportWith({ kind: 'well-behaved' }, { args: ['--profile', profile] });
    expect(requests.length).toBeGreaterThanOrEqual(SECTIONS.flat().length);
    for (const { options } of requests) expect(options).toMatchObject({ num_ctx: 1_280, temperature: 0 });
    for (const { narrator, calls } of agents) {
      expect(narrator.kind).toBe('model');
      for (const { estimatedPromptTokens } of calls) expect(estimatedPromptTokens).toBeLessThan(1_280);
    }
    const factsOf = ({ messages }: ReplayRequest) => messages[1]?.content.match(/^F\d+ \| /gm)?.length ?? 0;
    const large = await reportWith({ kind: 'well-behaved' });
    const most = (all: readonly ReplayRequest[]) => Math.max(...all.map(factsOf));
    expect(most(requests)).toBeGreaterThan(0);
    expect(most(requests)).toBeLessThan(most(large.requests));
  });

  it('hazard 13: keeps what a model wrote before its server went, and asks no more of it', async () => {
    const { agents, markdown } = await reportWith((request, index) =>
      index < 4 || !request.messages[0]?.content.includes('InsightAgent')
        ? { kind: 'well-behaved' }
        : { kind: 'error', status: 503, body: { error: 'server busy, please try again.  maximum pending requests exceeded' } },
    );
    const [collector, insight] = agents;
    expect(collector?.narrator.kind).toBe('model');
    expect(insight?.calls.filter(({ outcome }) => outcome === 'busy')).toHaveLength(1);
    expect(insight?.calls.at(-1)?.outcome).toBe('busy');
    expect(insight?.calls.length).toBeLessThanOrEqual(SECTIONS.flat().length);
    expect(markdown).toContain('## Conclusion');
  });

  it('keeps the whole sentences of answers that were cut off', async () => {
    const { agents } = await reportWith({ kind: 'half-json' });
    for (const { narrator, account } of agents) {
      expect(narrator.kind).toBe('model');
      expect(account.kept).toBeGreaterThan(0);
      expect(account.kept + account.repaired + account.withheld.length).toBe(account.written);
      for (const { reason } of account.withheld) expect(reason).toMatch(/cut off|repeats|not written again/);
    }
  });

  it.each<[string, Behaviour, RegExp, number, NodeJS.ProcessEnv]>([
    ['an error inside the stream', { kind: 'error-mid-stream' }, /error|stopped/i, 2, {}],
    ['a stream that ends without its end', { kind: 'no-done' }, /ended|done/i, 2, {}],
    ['an empty answer', { kind: 'empty' }, /no text|empty/i, 4, {}],
    ['words that are no JSON', { kind: 'text', text: 'Sure! Here is the report.' }, /JSON/, 4, {}],
    ['no answer at all', { kind: 'hang' }, /first|no answer|within/i, 1, { CHIMERA_OLLAMA_FIRST_TOKEN_TIMEOUT: '0.3' }],
    ['out of memory', { kind: 'error', status: 500, body: { error: 'cudaMalloc failed: out of memory' } }, /memory/i, 1, {}],
    [
      'a busy server',
      { kind: 'error', status: 503, body: { error: 'server busy, please try again.  maximum pending requests exceeded' } },
      /busy/i,
      1,
      {},
    ],
  ])('hazard 13: comes by template after %s, and says why', async (_, behaviour, why, most, env) => {
    const { agents, markdown } = await reportWith(behaviour, { env });
    for (const { narrator, calls } of agents) {
      expect(narrator.kind).toBe('template');
      expect(narrator.reason).toMatch(why);
      // A server that is gone is not asked again; one that fails, twice in a row.
      expect(calls).toHaveLength(most);
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
