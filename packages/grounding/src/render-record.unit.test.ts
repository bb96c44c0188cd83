import type { Call, RunRecord } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import type { ReferenceForm } from './reference.ts';
import { recordPath, renderRecord } from './render-record.ts';

const call: Call = {
  ...{
    model: 'm:1b',
    server: 'http://127.0.0.1:1',
    startedAt: '2026-03-04T05:06:00.000Z',
    outcome: 'stop',
    section: 'summary',
    repair: false,
  },
  ...{ timeToFirstTokenSeconds: 0.5, wallSeconds: 3, slotWaitSeconds: 0.25, queueSeconds: 0.125, loadSeconds: 0, promptEvalSeconds: 0.5 },
  ...{ evalSeconds: 2, totalSeconds: 3, promptTokens: 100, outputTokens: 90, outputTokensPerSecond: 45, estimatedPromptTokens: 120 },
  ...{
    gaps: { n: 89, median: 0.02, p95: 0.03, max: 0.5 },
    truncated: false,
    digest: null,
    serverVersion: null,
    gpuShare: 1,
    stored: false,
  },
  ...{ replay: false, transcript: null, note: null },
  gpu: {
    ...{ node: 'gpu-1', source: 'nvidia-smi', gpus: 1, samples: 30, seconds: 3, utilization: 0.9, memoryBytes: 4_000_000_000 },
    ...{ powerWatts: 200, energyJoules: 600 },
  },
};
const record: RunRecord = {
  printedAt: '2026-03-04T05:06:07.890Z',
  takenAt: '2026-03-04T05:06:00.000Z',
  bucket: '/data/2026-01-01T00:00:00Z',
  version: '0.1.0',
  profile: { name: 'default', agents: { insight: { model: 'm:1b', options: { temperature: 0.7, num_ctx: 4096 } } } },
  seconds: { ingest: 0.25, analysis: 12, report: 0.0004, total: 12.3456 },
  files: 12_345,
  agents: {
    insight: {
      title: 'InsightAgent',
      persona: 'You are.',
      narrator: { kind: 'model', model: 'm:1b', digest: null, server: null, serverVersion: null, reason: null },
      calls: [call],
      found: [],
      warnings: [],
      account: { written: 3, kept: 1, repaired: 1, withheld: [{ section: 'summary', text: '42', reason: 'holds a numeral' }] },
      seconds: 12,
      timeToFirstTokenSeconds: 0.5,
      totalSeconds: null,
      loadSeconds: null,
      promptEvalSeconds: null,
      evalSeconds: 2,
      promptTokens: 100,
      outputTokens: 90,
      outputTokensPerSecond: 45,
      storedCalls: 0,
      energyJoules: 600,
      tokensPerJoule: 0.15,
    },
  },
  nodes: [],
  missing: [],
};

describe('renderRecord', () => {
  it.each<[string, ReferenceForm, string]>([
    ['seconds.total', 'full', '12.35 s'],
    ['seconds.ingest', { unit: 'ms', digits: null }, '250 ms'],
    ['seconds.analysis', { unit: null, digits: 2 }, '12.00 s'],
    ['files', 'full', '12,345'],
    ['printedAt', 'bare', '2026-03-04 05:06:07 UTC'],
    ['agents.insight.outputTokensPerSecond', 'full', '45 tok/s'],
    ['agents.insight.timeToFirstTokenSeconds', { unit: 'ms', digits: 1 }, '500.0 ms'],
    ['agents.insight.outputTokens', 'full', '90'],
    ['agents.insight.account.withheld.length', 'full', '1'],
    ['agents.insight.tokensPerJoule', 'full', '0.15 tok/J'],
    ['agents.insight.energyJoules', 'full', '600 J'],
    ['agents.insight.calls.0.gpu.powerWatts', 'full', '200 W'],
    ['agents.insight.calls.0.gpu.memoryBytes', 'full', '4,000,000,000 bytes'],
    ['agents.insight.calls.0.gpu.utilization', 'full', '0.9'],
    ['agents.insight.calls.0.gaps.p95', { unit: 'ms', digits: null }, '30 ms'],
    ['agents.insight.calls.0.gaps.n', 'full', '89'],
    ['agents.insight.calls.0.slotWaitSeconds', 'full', '0.25 s'],
    ['profile.agents.insight.options.temperature', { unit: null, digits: 2 }, '0.70'],
  ])('prints %s in the form %j as %s', (path, form, text) => expect(renderRecord(record, path, form)).toEqual({ text }));

  it.each<[string, ReferenceForm, RegExp]>([
    ['agents.insight.totalSeconds', 'full', /has no value in this run/],
    ['agents.insight.account.withheld.0.text', 'full', /no number and no date/],
    ['agents.insight.persona', 'full', /no number and no date/],
    ['bucket', 'full', /no number and no date/],
    ['seconds', 'full', /no number and no date/],
    ['agents.insight.persona.length', 'full', /no number and no date/],
    ['seconds.__proto__', 'full', /no number and no date/],
    ['constructor.length', 'full', /no number and no date/],
    ['', 'full', /no number and no date/],
    ['seconds.total', 'n', /has no n/],
    ['seconds.total', { unit: 'MB', digits: null }, /run:seconds\.total is in s, which cannot be printed as MB/],
    ['seconds.report', { unit: null, digits: 2 }, /not zero/],
    ['files', { unit: 's', digits: null }, /no unit/],
    ['files', { unit: null, digits: 1 }, /whole number/],
    ['printedAt', { unit: 's', digits: null }, /is a date/],
  ])('refuses %s in the form %j', (path, form, fault) =>
    expect(renderRecord(record, path, form)).toEqual({ fault: expect.stringMatching(fault) }),
  );

  it('tells an id of the record from one of a fact', () => {
    expect(recordPath('run:seconds.total')).toBe('seconds.total');
    expect(recordPath('f0123456789abcdef')).toBeNull();
    expect(recordPath('run')).toBeNull();
  });
});
