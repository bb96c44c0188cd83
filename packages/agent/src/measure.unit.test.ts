import type { Analysis, Call } from '@chimera/shared/domain';
import { noMetrics } from '@chimera/shared/service';
import { describe, expect, it } from 'vitest';
import { failedCall } from './call-record.ts';
import { countAnalysis } from './measure.ts';

const call = failedCall(
  { section: 'summary', repair: false, estimate: 500 },
  { model: 'tiny:1b', server: 'http://gpu:11434', startedAt: 0, outcome: 'busy', wallSeconds: 2, slotWaitSeconds: 0.5, transcript: null },
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
  found: [],
  warnings: [],
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
    'tiny:1b',
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

  const answered: Call = {
    ...call,
    ...{ outcome: 'stop', transcript: 'c'.repeat(64), slotWaitSeconds: 0.25, queueSeconds: 0.125, truncated: true },
    ...{ timeToFirstTokenSeconds: 1, promptTokens: 100, outputTokens: 20, outputTokensPerSecond: 40 },
    gaps: { n: 19, median: 0.02, p95: 0.03, max: 0.5 },
    gpu: {
      ...{ node: 'gpu-1', source: 'nvidia-smi', gpus: 1, samples: 9, seconds: 2, utilization: 0.75 },
      ...{ memoryBytes: 4e9, powerWatts: 120, energyJoules: 240 },
    },
  };

  it('tells of each call what it waited for, how evenly its answer came, and what the node of its server did', () => {
    const of = 'insight tiny:1b gpu:11434';
    expect(everything({ ...analysis, calls: [answered] })).toEqual(
      new Map<string, number>([
        ['chimera_analyses_total insight model', 1],
        ['chimera_sentences_total insight kept', 3],
        ['chimera_sentences_total insight repaired', 1],
        ['chimera_sentences_total insight withheld', 2],
        ['gen_ai_client_operation_duration_seconds chat ollama tiny:1b gpu:11434 ', 2],
        ['gen_ai_client_operation_time_to_first_chunk_seconds chat ollama tiny:1b gpu:11434', 1],
        ['gen_ai_client_token_usage chat ollama tiny:1b gpu:11434 input', 100],
        ['gen_ai_client_token_usage chat ollama tiny:1b gpu:11434 output', 20],
        [`chimera_output_tokens_per_second ${of}`, 40],
        [`chimera_model_call_slot_wait_seconds ${of}`, 0.25],
        [`chimera_model_call_queue_seconds ${of}`, 0.125],
        [`chimera_model_call_token_gap_seconds ${of} median`, 0.02],
        [`chimera_model_call_token_gap_seconds ${of} p95`, 0.03],
        [`chimera_model_call_token_gap_seconds ${of} max`, 0.5],
        [`chimera_model_calls_truncated_total ${of}`, 1],
        ['chimera_gpu_utilization_ratio gpu:11434', 0.75],
        ['chimera_gpu_memory_bytes gpu:11434', 4e9],
        ['chimera_gpu_power_watts gpu:11434', 120],
        [`chimera_model_call_gpu_energy_joules ${of}`, 240],
      ]),
    );
  });

  it('counts an answer of an earlier call as that, and as nothing else', () =>
    expect([...everything({ ...analysis, account: nothing, calls: [{ ...answered, stored: true }] })]).toEqual([
      ['chimera_analyses_total insight model', 1],
      ['chimera_model_answers_stored_total insight tiny:1b gpu:11434', 1],
    ]));

  it('counts the template where a model was asked for, and not where none was', () => {
    const template: Analysis = {
      ...analysis,
      account: nothing,
      calls: [],
      narrator: { ...analysis.narrator, kind: 'template', model: null },
    };
    expect([...everything(template).keys()]).toEqual(['chimera_analyses_total insight template', 'chimera_model_fallbacks_total insight']);
    expect([...everything({ ...template, profile: { model: null, options: {} } }).keys()]).toEqual([
      'chimera_analyses_total insight template',
    ]);
  });

  it('counts all models that are not the configured one as one', () => {
    const calls = ['big:70b', 'a\n"b"{}', ''].map((model) => ({ ...answered, model, stored: true }));
    expect([...everything({ ...analysis, account: nothing, calls }).keys()]).toEqual([
      'chimera_analyses_total insight model',
      'chimera_model_answers_stored_total insight other gpu:11434',
    ]);
  });

  it('tells nothing of what is not known', () => {
    const gpu = answered.gpu && { ...answered.gpu, utilization: null, memoryBytes: null, powerWatts: null, energyJoules: null };
    const names = [...everything({ ...analysis, account: nothing, calls: [{ ...call, gpu }] }).keys()].map((key) => key.split(' ')[0]);
    expect(names).toEqual(['chimera_analyses_total', 'gen_ai_client_operation_duration_seconds', 'chimera_model_call_slot_wait_seconds']);
  });
});

const nothing = { written: 0, kept: 0, repaired: 0, withheld: [] };

/** All that is counted, set and observed, by name and labels. */
function everything(of: Analysis): Map<string, number> {
  const all = new Map<string, number>();
  const note = (name: string, labels: Readonly<Record<string, string>> = {}, value = 1) =>
    all.set(`${name} ${Object.values(labels).join(' ')}`, value);
  countAnalysis({ ...noMetrics, count: note, set: note, observe: note }, of, 'tiny:1b');
  return all;
}
