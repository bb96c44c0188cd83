import { describe, expect, it } from 'vitest';
import { CampaignFault, parseCampaign } from './campaign-file.ts';
import { sameServer, serversFault } from './file-checks.ts';

const parse = (text: string) => parseCampaign(text, '/campaigns/a.yaml');
const HEAD = 'name: a\ndataset: ../artifacts\nmodel: tiny:1b\n';
const ONE = 'profiles: [{ name: p, agents: { collector: , insight: } }]\n';

function faultOf(text: string): string {
  try {
    parse(text);
  } catch (error) {
    expect(error).toBeInstanceOf(CampaignFault);
    return (error as Error).message;
  }
  throw new Error('has no fault');
}

describe('parseCampaign', () => {
  it('reads all that a file can hold', () => {
    const file = parse(`
name: gemma3-settings
title: What the settings do
dataset: ../artifacts
servers: [127.0.0.1, "http://gpu-b:11434#slots=2"]
model: gemma3:latest
seed: 7
repeats: 4
most_repeats: 20
attempts: 3
start: [warm, cold]
arrangements: [serial, spread]
alone: collector
profiles:
  - name: baseline
    agents: { collector: { num_ctx: 4096 }, insight: { num_ctx: 4096, model: other:7b } }
    arrangements: serial
  - name: collector only
    agents: { collector: { num_gpu: 80 } }
    duties: own
`);
    expect(file).toEqual({
      name: 'gemma3-settings',
      title: 'What the settings do',
      dataset: '/artifacts',
      servers: ['http://127.0.0.1:11434', 'http://gpu-b:11434#slots=2'],
      seed: 7,
      repeats: 4,
      mostRepeats: 20,
      attempts: 3,
      starts: ['warm', 'cold'],
      arrangements: ['serial', 'spread'],
      alone: 'collector',
      profiles: [
        {
          profile: {
            name: 'baseline',
            agents: {
              collector: { model: 'gemma3:latest', options: { num_ctx: 4096 } },
              insight: { model: 'other:7b', options: { num_ctx: 4096 } },
            },
          },
          arrangements: ['serial'],
        },
        {
          profile: { name: 'collector only', agents: { collector: { model: 'gemma3:latest', options: { num_gpu: 80 } } }, duties: 'own' },
          arrangements: null,
        },
      ],
    });
  });

  it('has defaults for all but name, dataset, model and profiles', () => {
    expect(parse(HEAD + ONE)).toMatchObject({
      title: null,
      servers: [],
      seed: 1,
      repeats: 8,
      mostRepeats: 40,
      attempts: 2,
      starts: ['warm'],
      arrangements: null,
      alone: 'insight',
    });
    expect(parse(`${HEAD}repeats: 50\n${ONE}`).mostRepeats).toBe(50);
  });

  it('lists all faults at once, each with its place and line', () => {
    const text = `name: a
dataset: ../artifacts
repeats: many
start: [lukewarm]
colour: red
servers: ["http://a:1", "http://a:1#slots=2"]
profiles:
  - name: one
    agents: { collector: { num_gpus: 3 }, insight: { num_ctx: -1 } }
  - name: two
    agents: { insight: { num_gpu: 3 } }
    arrangements: [parallel]
`;
    expect(faultOf(text)).toBe(`The campaign /campaigns/a.yaml has 8 faults:
  the document (line 1): holds "colour", which is not known here: known are name, title, dataset, servers, model, seed, repeats, most_repeats, attempts, start, arrangements, alone, profiles, matrix
  repeats (line 3): must be a number
  start.0 (line 4): must be warm or cold
  servers.1 (line 6): is a server that was named already
  profiles.0.agents.collector (line 9): holds "num_gpus", which is not known here: known are model, num_gpu, num_ctx, temperature, top_p, top_k, repeat_penalty, seed, num_predict
  profiles.0.agents.insight.num_ctx (line 9): must be more than 0
  profiles.1.agents.insight (line 11): names no model, and neither does the file: give a line such as "model: gemma3:latest" at its top
  profiles.1.arrangements (line 12): parallel takes two agents, and this profile has one: leave the line out`);
  });

  it.each([
    ['', 'the document: must be a list of keys with values'],
    [`name: a\nmodel: m\n${ONE}`, 'dataset (line 1): is missing'],
    [HEAD, 'the document (line 1): names no profile: give profiles, a matrix, or both'],
    [`${HEAD}profiles: [{ name: p, agents: {} }]`, 'profiles.0.agents (line 4): names no agent: give at least one of collector, insight'],
    [
      `${HEAD}profiles: [{ name: p, agents: { insight: { model: null } } }]`,
      'profiles.0.agents.insight.model (line 4): names no model: a campaign times models, and without one there is nothing to time',
    ],
    [`name: a\ndataset: b\nmodel: none\n${ONE}`, 'model (line 3): names no model: a campaign times models'],
    [
      `${HEAD}profiles: [{ name: p, agents: { insight: } }, { name: p, agents: { insight: } }]`,
      'profiles.1 (line 4): is called "p", as another profile is',
    ],
    [
      `${HEAD}profiles: [{ name: num_gpu=1, agents: { insight: } }]\nmatrix: { both: { num_gpu: 1 } }`,
      'matrix (line 5): is called "num_gpu=1", as another profile is',
    ],
    [
      `${HEAD}arrangements: [serial]\nprofiles: [{ name: p, agents: { insight: } }]`,
      'arrangements (line 4): serial takes two agents, and no profile has two',
    ],
    [`${HEAD}arrangements: [serial, serial]\n${ONE}`, 'arrangements (line 4): names something twice'],
    [
      `${HEAD}profiles: [{ name: p, agents: { collector: , insight: }, duties: own }]`,
      'profiles.0.duties (line 4): is for a profile of one agent',
    ],
    [
      `${HEAD}repeats: 5001\n${ONE}`,
      'asks for 10002 runs (2 cells of profile, arrangement and start, 5001 times each), and 10000 are the most',
    ],
    [`${HEAD}repeats: 9\nmost_repeats: 8\n${ONE}`, 'most_repeats (line 5): is less than repeats, which is 9'],
    [
      `${HEAD}arrangements: [spread]\nservers: [gpu-a]\n${ONE}`,
      'servers (line 5): The arrangement spread needs two servers at least, and one is given',
    ],
    [`${HEAD}servers: ["http://[bad"]\n${ONE}`, 'servers.0 (line 4): "http://[bad" is no address of an Ollama server'],
    [`${HEAD}name: b\n${ONE}`, 'is not valid YAML: Map keys must be unique at line 4'],
    [`name: "a\u2028b"\ndataset: b\nmodel: m\n${ONE}`, 'name (line 1): must be one line of printable characters'],
    ['name: [', 'is not valid YAML'],
    [`${HEAD}${ONE}\n---\nname: b`, 'is not valid YAML: it holds several documents, and a campaign is one'],
    [
      `${HEAD}profiles: [{ name: p, agents: { __proto__: {}, insight: } }]`,
      'profiles.0.agents (line 4): holds "__proto__", which is not known here: known are collector, insight',
    ],
    [`${HEAD}${ONE}\n${Array.from({ length: 12 }, (_, i) => `k${i}: 1`).join('\n')}`, '"k9" and 2 more, which are not known here'],
    [
      `${HEAD}servers: [localhost, "http://u:p@127.0.0.1:11434/#slots=2"]\n${ONE}`,
      'servers.1 (line 4): is a server that was named already',
    ],
    [`${HEAD}servers: [":1", "[::1]:1"]\n${ONE}`, 'servers.1 (line 4): is a server that was named already'],
  ])('refuses %j', (text, fault) => {
    expect(faultOf(text)).toContain(fault);
  });

  it('refuses aliases that make much of little, and files without an end', () => {
    const bomb = [
      'a: &a [x, x]',
      ...'bcdefgh'.split('').map((letter, i) => `${letter}: &${letter} [${Array(9).fill(`*${'abcdefg'[i]}`).join(', ')}]`),
    ];
    expect(faultOf(bomb.join('\n'))).toContain('is not valid YAML: Excessive alias count');
    expect(faultOf(' '.repeat(300_000))).toContain('has more than 262144 characters');
  });
});

describe('serversFault', () => {
  it('asks for two servers where a cell is spread', () => {
    const spread = parse(`${HEAD}arrangements: [serial, spread]\n${ONE}`);
    expect(serversFault(spread, [])).toMatch(/^The arrangement spread needs two servers at least, and none is given: /);
    expect(serversFault(spread, ['a', 'b'])).toBeNull();
    expect(serversFault(parse(HEAD + ONE), ['a'])).toBeNull();
  });
});

describe('sameServer', () => {
  it('knows the names of this machine as one, and no others', () => {
    expect(sameServer('http://localhost:1', 'http://a:b@127.0.0.1:1/')).toBe(true);
    expect(sameServer('http://gpu-a:1', 'http://GPU-A.:1')).toBe(true);
    for (const other of ['http://localhost:2', 'https://localhost:1', 'http://localhost:1/b', 'http://gpu-a:1', 'http://127.0.0.2:1'])
      expect(sameServer('http://localhost:1', other)).toBe(false);
  });
});
