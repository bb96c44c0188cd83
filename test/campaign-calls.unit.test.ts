import { computeEvidence, describe as describeArtifact, inOneGo, samplesOf, seriesOf } from '@chimera/evidence';
import { readArtifact } from '@chimera/formats';
import { CAMPAIGN_CALL_COLUMNS, CAMPAIGN_CALL_UNITS, type CampaignCall } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';

const HASH = 'c0'.repeat(32);

/** Calls of two profiles in two arrangements, eight runs each: b takes twice as long as a, and would be found to. */
const CALLS = (['a', 'b'] as const).flatMap((profile, which) =>
  (['serial', 'parallel'] as const).flatMap((arrangement, how) =>
    Array.from({ length: 16 }, (_, at): CampaignCall => {
      const seconds = (which + 1) * (10 + at / 8);
      return {
        ordinal: which * 32 + how * 16 + Math.floor(at / 2) + 1,
        attempt: 1,
        outcome: 'measured',
        campaign_profile: profile,
        arrangement,
        start: 'warm',
        agent: at % 2 === 0 ? 'collector' : 'insight',
        section: 'findings',
        repair: false,
        model: 'gemma3:4b',
        server: 'http://127.0.0.1:11434',
        call_outcome: 'stop',
        started_at: '2026-01-02T03:04:05.678Z',
        slot_wait_s: 0,
        queue_s: 0.25,
        load_s: 0.125,
        time_to_first_token_s: seconds / 20,
        prompt_eval_s: seconds / 16,
        eval_s: seconds / 2,
        wall_s: seconds,
        prompt_tokens: 1000 + at,
        output_tokens: 400 + at,
        output_tok_per_s: (400 + at) / seconds,
        energy_j: seconds * 100,
        truncated: false,
      };
    }),
  ),
);

const TEXT = [
  CAMPAIGN_CALL_COLUMNS.join(),
  ...CALLS.map((call) => CAMPAIGN_CALL_COLUMNS.map((column) => String(call[column] ?? '')).join()),
].join('\n');

describe("the evidence of a campaign's calls.csv alone", () => {
  const reading = readArtifact({ path: 'calls.csv', bytes: Buffer.from(`${TEXT}\n`) });
  if (reading.status === 'refused') throw new Error(reading.reason);
  const { kind, format, warnings, measurements, records, failed } = reading;

  it('rests on every number of it', () => {
    expect([format, records, failed, warnings]).toEqual(['chimera-campaign', 64, [], []]);
    expect(measurements).toHaveLength(64 * Object.keys(CAMPAIGN_CALL_UNITS).length);
  });

  it('judges nothing: calls within a run are no samples of their own', () => {
    const artifact = {
      path: 'calls.csv',
      kind,
      format,
      bytes: TEXT.length + 1,
      sha256: HASH,
      status: 'read' as const,
      reason: null,
      warnings,
      measurements: measurements.length,
      records,
      failed,
    };
    const samples = samplesOf(measurements);
    const description = inOneGo(describeArtifact(artifact, seriesOf(measurements), true, samples));
    const expected = { folders: null, kinds: [] };
    const { evidence } = inOneGo(
      computeEvidence({ dataset: 'results', inventory: HASH, title: null, descriptions: [description], expected }),
    );
    expect(samples).toEqual([]);
    expect(evidence.groups).toEqual([]);
    const kinds = new Set(evidence.facts.map((fact) => fact.kind));
    for (const judged of ['campaign', 'choice', 'comparison', 'change', 'group'] as const) expect(kinds).not.toContain(judged);
    // What the calls took is told all the same.
    const told = evidence.facts.filter((fact) => fact.kind === 'series' && fact.metric === 'call_wall_s' && fact.statistic === 'max');
    expect(told.map(({ value, unit }) => [value, unit])).toContainEqual([2 * (10 + 15 / 8), 's']);
  });
});
