import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCampaign } from './campaign-file.ts';
import { Faults } from './faults.ts';
import { profilesOfMatrix } from './profile-matrix.ts';

const HEAD = 'name: a\ndataset: b\nmodel: m\nrepeats: 1\n';
const profilesOf = (matrix: string) => parseCampaign(`${HEAD}matrix: ${matrix}`, 'a.yaml').profiles.map(({ profile }) => profile);

describe('profilesOfMatrix', () => {
  it('makes the product, the last setting changing fastest, and names profiles after their values', () => {
    const profiles = profilesOf('{ both: { temperature: [0.6, 0.8], num_gpu: [60, 80, 120] } }');
    expect(profiles.map(({ name }) => name)).toEqual([
      'num_gpu=60 temperature=0.6',
      'num_gpu=60 temperature=0.8',
      'num_gpu=80 temperature=0.6',
      'num_gpu=80 temperature=0.8',
      'num_gpu=120 temperature=0.6',
      'num_gpu=120 temperature=0.8',
    ]);
    const options = { num_gpu: 120, temperature: 0.8 };
    expect(profiles.at(-1)).toEqual({
      name: 'num_gpu=120 temperature=0.8',
      agents: { collector: { model: 'm', options }, insight: { model: 'm', options } },
    });
  });

  it('takes settings of one agent, models, and what is left to the server', () => {
    expect(profilesOf('{ both: { model: [x, "y:1"] }, collector: { num_gpu: [default, 60] }, insight: { num_ctx: 512 } }')).toEqual(
      ['x', 'y:1'].flatMap((model) =>
        [undefined, 60].map((num_gpu) => ({
          name: `model=${model} collector.num_gpu=${num_gpu ?? 'default'} insight.num_ctx=512`,
          agents: {
            collector: { model, options: num_gpu === undefined ? {} : { num_gpu } },
            insight: { model, options: { num_ctx: 512 } },
          },
        })),
      ),
    );
  });

  it('is of the agents that it names', () => {
    expect(profilesOf('{ agents: [insight], both: { num_gpu: [1] }, duties: own }')).toEqual([
      { name: 'num_gpu=1', agents: { insight: { model: 'm', options: { num_gpu: 1 } } }, duties: 'own' },
    ]);
  });

  it.each([
    ['{}', 'matrix (line 5): holds no setting: its product is empty'],
    ['{ both: { num_gpu: [] } }', 'matrix.both.num_gpu (line 5): is an empty list'],
    ['{ both: { num_gpu: [1, 1] } }', 'matrix.both.num_gpu (line 5): names something twice'],
    ['{ both: { num_gpu: [1.5] } }', 'matrix.both.num_gpu.0 (line 5): must be a whole number'],
    ['{ both: { num_gpus: [1] } }', 'matrix.both (line 5): holds "num_gpus", which is not known here'],
    [
      '{ agents: [insight], collector: { num_gpu: [1] } }',
      'matrix.collector (line 5): gives settings of collector, which is none of the agents',
    ],
    ['{ both: { num_gpu: [1] }, insight: { num_gpu: [2] } }', 'matrix.insight.num_gpu (line 5): is given under both as well'],
    [`{ both: { num_gpu: [${numbers(101)}], num_ctx: [${numbers(100)}] } }`, 'matrix (line 5): makes 10100 profiles'],
  ])('refuses %j', (matrix, fault) => {
    expect(() => profilesOf(matrix)).toThrow(`The campaign a.yaml has a fault:\n  ${fault}`);
  });

  it('has each combination exactly once, under a name of its own', () => {
    const values = fc.uniqueArray(fc.integer({ min: 1, max: 9_999 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(values, values, values, (gpu, ctx, top) => {
        const faults = new Faults();
        const made = profilesOfMatrix({ both: { num_gpu: gpu, num_ctx: ctx }, insight: { top_k: top } }, ['matrix'], faults);
        const expected = new Set(gpu.flatMap((a) => ctx.flatMap((b) => top.map((c) => JSON.stringify([a, b, undefined, a, b, c])))));
        const found = made.map(({ agents: { collector, insight } }) =>
          JSON.stringify([collector?.num_gpu, collector?.num_ctx, collector?.top_k, insight?.num_gpu, insight?.num_ctx, insight?.top_k]),
        );
        expect(faults.any).toBe(false);
        expect(found).toHaveLength(expected.size);
        expect(new Set(found)).toEqual(expected);
        expect(new Set(made.map(({ name }) => name)).size).toBe(made.length);
      }),
    );
  });
});

function numbers(count: number): string {
  return Array.from({ length: count }, (_, i) => i + 1).join(', ');
}
