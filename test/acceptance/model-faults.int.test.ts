import { afterAll, describe, expect, it } from 'vitest';
import { expectHonest, FAULTS, type FaultyReport, faultyReports, REPEATED } from '../support/faulty-reports.ts';
import { type GivenServer, modelReports, type ReportOptions } from '../support/model-report.ts';

const reports = modelReports();
const reportOf = faultyReports(reports);
afterAll(reports.close);

describe('a report whose model fails', () => {
  // The one that waits longest comes first: the others are made meanwhile.
  it.concurrent('hazard 13: another server speaks where all others fail, each in its way, and the report names them all', async () => {
    const made = await reportOf('others');
    expectHonest(made);
    const sound = made.urls.at(-1);
    for (const { narrator, calls, found } of made.agents) {
      expect(narrator).toMatchObject({ kind: 'model', server: sound });
      expect(found.map(({ server }) => server).toSorted()).toEqual([...new Set(calls.map(({ server }) => server))].toSorted());
    }
    // A server has one slot, so what one agent asks the other passes by; together they meet each of them.
    const outcomes = new Map(made.agents.flatMap(({ calls }) => calls.map(({ server, outcome }) => [server, outcome])));
    expect(made.urls.map((url) => outcomes.get(url))).toEqual([...FAULTS.map(([, outcome]) => outcome), 'stop']);
    for (const url of made.urls) expect(made.markdown).toContain(url);
  });

  const cases: [string, FaultyReport, 'collector' | 'insight', string[], RegExp, RegExp][] = [
    [
      '404',
      'absent',
      'collector',
      ['model_not_found'],
      /gemma3:latest is not installed at http/,
      /"ollama pull gemma3:latest" installs it/,
    ],
    [
      'out of memory',
      'absent',
      'insight',
      ['out_of_memory'],
      /answered 500: ".*(memory|resource|GPU|allocate)/,
      /Lower num_ctx or num_gpu, choose a smaller model/,
    ],
    ['503 for ever', 'busy', 'collector', ['busy'], /answered 503: "server busy/, /ask again later, or raise OLLAMA_MAX_QUEUE/],
    [
      'an error in mid-stream',
      'busy',
      'insight',
      ['stream_error', 'stream_error'],
      /broke off its answer with an error: "/,
      /Look at the log of that server/,
    ],
    [
      'no answer at all',
      'silent',
      'collector',
      ['first_token_timeout'],
      /began no answer within 1 s/,
      /Ask another server, or raise CHIMERA_OLLAMA_FIRST_TOKEN_TIMEOUT/,
    ],
    [
      'a stream without end',
      'silent',
      'insight',
      ['total_timeout'],
      /did not finish within 2 s/,
      /choose a faster model, or raise CHIMERA_OLLAMA_TOTAL_TIMEOUT/,
    ],
    [
      'silence in mid-stream',
      'stalled',
      'collector',
      ['idle_timeout'],
      /fell silent in the middle of its answer for 0\.5 s/,
      /raise CHIMERA_OLLAMA_IDLE_TIMEOUT/,
    ],
    // A section is asked for twice where nothing came, and given up after two in a row; the third was begun beside the second.
    ['an empty answer', 'stalled', 'insight', Array(6).fill('empty_answer'), /answered with no text/, /Ask again, or raise num_predict/],
    [
      'an end without done',
      'halves',
      'collector',
      ['stream_incomplete', 'stream_incomplete'],
      /ended its answer without saying that it was done/,
      /ask again, and look at the log of that server/,
    ],
    [
      'a model that repeats itself for ever',
      'loops',
      'collector',
      Array(6).fill('unusable_answer'),
      /something that is not a whole JSON document \(done reason: length\)/,
      /choose another model, or raise repeat_penalty/,
    ],
  ];
  it.concurrent.each(cases)('hazard 13: %s: comes by template, whole, and says what happened and what to do', async (_, ...of) => {
    const [name, agent, outcomes, what, next] = of;
    const made = await reportOf(name);
    expectHonest(made);
    const { narrator, calls } = made[agent];
    expect(narrator).toMatchObject({ kind: 'template', model: null, reason: expect.stringMatching(what) });
    expect(narrator.reason).toMatch(next);
    expect(calls.map(({ outcome }) => outcome)).toEqual(outcomes);
    // On the page too, not in the record alone.
    const sections = made.report.record.account.sections.filter((section) => section.agent === agent);
    for (const { narrator: by, reason } of sections) expect([by, reason]).toEqual(['template', expect.stringMatching(next)]);
    expect(made.markdown).toMatch(next);
  });

  it.concurrent('hazard 13: half a JSON: keeps the sentences that are whole, and counts those that were cut', async () => {
    const made = await reportOf('halves');
    expectHonest(made);
    const { narrator, account } = made.insight;
    expect(narrator.kind).toBe('model');
    expect(account.kept).toBeGreaterThan(0);
    expect(account.withheld.length).toBeGreaterThan(0);
    for (const { reason } of account.withheld) expect(reason).toMatch(/cut off|repeats|not written again/);
  });

  it.concurrent('hazard 13, 35: a model that repeats a sentence for ever: prints it once, and counts the others', async () => {
    const made = await reportOf('loops');
    expectHonest(made);
    const { account, calls } = made.insight;
    expect(account.kept).toBe(1);
    expect(account.withheld.length).toBeGreaterThan(5);
    for (const { outcome } of calls) expect(outcome).toBe('length');
    const [before = ''] = REPEATED.split('{{');
    const sections = made.markdown.slice(made.markdown.indexOf('## Executive Summary'), made.markdown.indexOf('## Workflow Summary'));
    expect(sections.split(before)).toHaveLength(2);
  });

  it.concurrent('hazard 13: 503 for a while, and an error in mid-stream once: the model is asked again, and speaks', async () => {
    const made = await reportOf('passing');
    expectHonest(made);
    for (const { narrator } of made.agents) expect(narrator).toMatchObject({ kind: 'model', model: 'gemma3:latest' });
    expect(made.collector.calls.slice(0, 2).map(({ outcome }) => outcome)).toEqual(['busy', 'stop']);
    expect(made.insight.calls.slice(0, 2).map(({ outcome }) => outcome)).toEqual(['stream_error', 'stop']);
    for (const { narrator } of made.report.record.account.sections) expect(narrator).not.toBe('template');
  });
});

describe('a report without a server that has the model', () => {
  const ways: [string, GivenServer, ReportOptions, RegExp][] = [
    [
      'the model is not installed: names those that are, with the command to use one',
      { behaviour: { kind: 'well-behaved' }, config: { models: ['other:1b'] } },
      {},
      /gemma3:latest is not installed at .*installed there: other:1b.*--model other:1b/,
    ],
    ['no server answers', 'http://127.0.0.1:9', {}, /no Ollama server answers at http:\/\/127\.0\.0\.1:9.*"chimera doctor" says why/],
  ];
  it.concurrent.each(ways)('hazard 13: comes by template when %s', async (_, server, options, why) => {
    const { stdout, markdown, agents, requests } = await reports.reportWith([server], options);
    expect(requests).toEqual([]);
    for (const { narrator, calls } of agents) {
      expect(narrator).toMatchObject({ kind: 'template', reason: expect.stringMatching(why) });
      expect(calls).toEqual([]);
    }
    expect(stdout).toMatch(why);
    // On the page an address stands as code.
    expect(markdown.replaceAll('`', '')).toMatch(why);
    expect(markdown).toContain('## Conclusion');
  });
});
