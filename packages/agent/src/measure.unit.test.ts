import type { Analysis } from '@chimera/shared/domain';
import { noMetrics } from '@chimera/shared/service';
import { describe, expect, it } from 'vitest';
import { failedCall } from './call-record.ts';
import { countAnalysis } from './measure.ts';

const call = failedCall(
  { section: 'summary', repair: false, estimate: 500 },
  { model: 'tiny:1b', server: 'http://gpu:11434', startedAt: 0, outcome: 'busy', wallSeconds: 2 },
);
const withheld = { section: 'summary', text: 'It is 5.', reason: 'holds the numeral "5"' };
const analysis: Analysis = {
  schema: 'chimera.analysis/v1',
  run: 'a'.repeat(64),
  inventory: 'b'.repeat(64),
  agent: 'insight',
  title: 'InsightAgent',
  persona: 'You are it.',
  profile: { model: 'tiny:1b', options: {} },
  narrator: { kind: 'model', model: 'tiny:1b', digest: null, server: null, serverVersion: null, reason: null },
  sections: [],
  account: { written: 6, kept: 3, repaired: 1, withheld: [withheld, withheld] },
  calls: [{ ...call, outcome: 'stop', transcript: 'c'.repeat(64) }, call],
  startedAt: '2025-01-01T00:00:00.000Z',
  finishedAt: '2025-01-01T00:00:01.000Z',
};

function counted(of: Analysis) {
  const counts: Record<string, number> = {};
  const calls: unknown[] = [];
  countAnalysis(
    {
      ...noMetrics,
      count: (name, labels, by = 1) => {
        counts[`${name} ${Object.values(labels ?? {}).join(' ')}`] = by;
      },
      observe: (name, { error_type }) => name === 'gen_ai_client_operation_duration_seconds' && calls.push(error_type),
    },
    of,
  );
  return { counts, calls };
}

describe('countAnalysis', () => {
  it('counts sentences by what became of them, and calls by what they failed with', () =>
    expect(counted(analysis)).toEqual({
      counts: {
        'chimera_analyses_total insight model': 1,
        'chimera_sentences_total insight kept': 3,
        'chimera_sentences_total insight repaired': 1,
        'chimera_sentences_total insight withheld': 2,
      },
      calls: ['', 'busy'],
    }));

  it('counts no sentences where a model wrote none', () =>
    expect(Object.keys(counted({ ...analysis, account: { written: 0, kept: 0, repaired: 0, withheld: [] } }).counts)).toEqual([
      'chimera_analyses_total insight model',
    ]));
});
