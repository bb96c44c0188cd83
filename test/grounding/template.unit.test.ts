import { existsSync } from 'node:fs';
import { type AgentDefinition, definitionFor, narrateByTemplate } from '@chimera/agent';
import { collector } from '@chimera/collector';
import { checkPage, truthOf } from '@chimera/grounding';
import { insight } from '@chimera/insight';
import { type Analysis, type Evidence, indexFacts, type Observations } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { lastGate } from '../../services/reporter/src/last-gate.ts';
import { narrativeOf } from '../../services/reporter/src/narrative.ts';
import { SEED } from '../support/seed.ts';
import { readArtifacts } from './sample-facts.ts';

type Known = { evidence: Evidence; observations: Observations };

function byTemplate(definition: AgentDefinition, { evidence, observations }: Known): Analysis {
  const profile = { model: null, options: {} };
  const { inventory } = evidence;
  const run = { id: inventory, dataset: 'd', inventory, profile: { name: 'p', agents: { [definition.name]: profile } }, ordinal: null };
  return narrateByTemplate({ definition, run, profile, evidence, observations }, 'no model was asked for', 0, 1);
}

describe.each([
  ['the samples', undefined],
  ['the artifacts of the earlier system', SEED],
])('the words of the template over %s', (_, folder) => {
  it.skipIf(folder !== undefined && !existsSync(folder))(
    'hold nothing that the facts contradict, and pass the last gate as they are, for which no index is built',
    async () => {
      const known = await readArtifacts(folder);
      const facts = indexFacts([...known.evidence.facts, ...known.observations.facts]);
      const truth = truthOf(known.evidence, known.observations);
      const alone = definitionFor(insight, { name: 'p', agents: { insight: { model: null, options: {} } } });
      expect(alone.sections).toHaveLength(collector.sections.length + insight.sections.length);
      for (const definition of [collector, insight, alone]) {
        const analysis = byTemplate(definition, known);
        const page = narrativeOf(analysis.sections, facts).markdown;
        const claims = checkPage(page, truth);
        expect(claims.length).toBeGreaterThan(5);
        expect(claims.filter(({ verdict }) => verdict === 'contradicted')).toEqual([]);
        const gated = lastGate(analysis, {
          ...{ facts, artifacts: known.evidence.artifacts },
          truth: () => {
            throw new Error('No model spoke.');
          },
        });
        expect(gated).toEqual(analysis);
      }
    },
    60_000,
  );
});
