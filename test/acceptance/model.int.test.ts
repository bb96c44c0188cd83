import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BehaviourScript, ReplayRequest } from '@chimera/ollama';
import { ANSWER_TOKENS } from '@chimera/shared/domain';
import { afterAll, describe, expect, it } from 'vitest';
import { LIES, liar, MARK } from '../support/liar.ts';
import { isOfInsight, isRepair, type ModelReport, modelReports, SECTIONS } from '../support/model-report.ts';

const { reportWith: reportOf, work, close } = modelReports();
afterAll(close);

const reportWith = (behaviour: BehaviourScript, ...rest: Rest) => reportOf([{ behaviour }], ...rest);
type Rest = Parameters<typeof reportOf> extends [unknown, ...infer R] ? R : never;

/** Looked at by several tests, and made once. */
const once = (make: () => Promise<ModelReport>) => {
  let made: Promise<ModelReport> | undefined;
  return () => (made ??= make());
};
const wellBehaved = once(() => reportWith({ kind: 'well-behaved' }));
const ofLiar = once(() => reportWith(liar()));

describe('a report with a model', () => {
  it.concurrent('asks for each section by itself, prints the sentences of a model that keeps to its facts, and says who spoke', async () => {
    const { agents, requests, markdown, folder: out } = await wellBehaved();
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

  it.concurrent.each<[string, () => Promise<ModelReport>]>([
    ['makes everything up', () => reportWith({ kind: 'lies' })],
    ['lies in every sentence, whatever it is asked for', ofLiar],
  ])('hazard 35, 37, 52: prints nothing of a model that %s, and counts what was withheld', async (_, made) => {
    const { agents, requests, markdown, html } = await made();
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

  it.concurrent('prints none of the lies that it knows, in any spelling', async () => {
    const { markdown, html, agents } = await ofLiar();
    for (const [, seen] of LIES) {
      expect(markdown).not.toMatch(seen);
      expect(html).not.toMatch(seen);
    }
    for (const page of [markdown, html]) expect(page).not.toContain(MARK);
    // It did say them.
    const said = agents.flatMap(({ account }) => account.withheld.filter(({ text }) => text.includes(MARK)));
    expect(new Set(said.map(({ text }) => text.replace(/\{\{.*?\}\}/g, ''))).size).toBeGreaterThanOrEqual(4);
  });

  it.concurrent('prints what a model mended once its faults were named, and counts it as repaired', async () => {
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

  it.concurrent('asks no model where nothing fits the context that was asked for, and says why and what would fit', async () => {
    const profile = join(work, 'small.yaml');
    const agent = '{ model: gemma3:latest, options: { num_ctx: 256 } }';
    writeFileSync(profile, `name: small\nagents:\n  collector: ${agent}\n  insight: ${agent}\n`);
    const { agents, asked, markdown } = await reportWith({ kind: 'well-behaved' }, { args: ['--profile', profile] });
    expect(asked.filter((one) => one.includes('/api/chat'))).toEqual([]);
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

  it.concurrent('shows fewer facts where the context asked for holds fewer, sends that context, and goes never beyond it', async () => {
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
    const large = await wellBehaved();
    const most = (all: readonly ReplayRequest[]) => Math.max(...all.map(factsOf));
    expect(most(requests)).toBeGreaterThan(0);
    expect(most(requests)).toBeLessThan(most(large.requests));
  });

  it.concurrent('hazard 13: keeps what a model wrote before its server went, and asks no more of it', async () => {
    let ofInsight = 0;
    const { insight, report, markdown } = await reportWith(
      (request) => (isOfInsight(request) && ofInsight++ >= 2 ? { kind: 'busy' } : { kind: 'well-behaved' }),
      { env: { CHIMERA_OLLAMA_PATIENCE: '0.2' } },
    );
    expect(insight.narrator.kind).toBe('model');
    expect(insight.calls.map(({ outcome }) => outcome)).toEqual(['stop', 'stop', 'busy']);
    const written = report.record.account.sections.filter(({ agent }) => agent === 'insight');
    expect(written[0]?.narrator).not.toBe('template');
    expect(written.at(-1)).toMatchObject({ narrator: 'template', reason: expect.stringMatching(/busy/) });
    expect(markdown).toContain('## Conclusion');
  });
});
