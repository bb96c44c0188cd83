import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { schemaFaults } from '../testing/schema-check.ts';
import { factsInPrompt } from './facts-in-prompt.ts';
import { schemaAnswer } from './schema-answer.ts';
import { honestAuthor, lyingAuthor } from './sentences.ts';

const facts = ['time_to_first_token', 'output_token_throughput', 'request_latency', 'error_rate'].map((metric, index) => ({
  id: `F${index + 7}`,
  metric: metric.replaceAll('_', ' '),
}));
const ids = new Set(facts.map(({ id }) => id));
const answerOf = (schema: object, start = 0): unknown => schemaAnswer(schema, { facts, author: honestAuthor(start) });

const text = { type: 'string', minLength: 1, maxLength: 400 };
const factIds = { minItems: 1, type: 'array', items: { type: 'string', pattern: '^F\\d+$' } };
const object = (properties: Record<string, object>): object => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});
const sentence = object({ text, facts: factIds });

/** What zod's `toJSONSchema` emits, construct by construct. */
const leaves = fc.oneof(
  fc.constant({ type: 'string' }),
  fc.record({ type: fc.constant('string'), minLength: fc.integer({ min: 0, max: 200 }), maxLength: fc.integer({ min: 200, max: 500 }) }),
  fc.record({ type: fc.constant('string'), maxLength: fc.integer({ min: 0, max: 60 }) }),
  fc.record({ type: fc.constant('string'), enum: fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 4 }) }),
  fc.record({ type: fc.constant('string'), const: fc.string() }),
  fc.constant({ type: ['string', 'null'] }),
  fc.constant({ type: 'string', pattern: '^F\\d+$' }),
  fc.constant({ $ref: '#/$defs/FactId' }),
  fc.constant({ type: 'integer', minimum: -9007199254740991, maximum: 9007199254740991 }),
  fc.integer({ min: -50, max: 50 }).map((low) => ({ type: 'integer', minimum: low, maximum: low + 3 })),
  fc.integer({ min: -50, max: 50 }).map((low) => ({ type: 'number', exclusiveMinimum: low, exclusiveMaximum: low + 1 })),
  fc.constant({ type: 'boolean' }),
  fc.constant({ type: 'null' }),
  fc.constant({}),
  fc.constant(sentence),
);
const names = fc.oneof(
  fc.constantFrom('text', 'facts', 'fact', 'title', 'id', 'kind', 'mitigation', 'evidence'),
  fc.stringMatching(/^[a-z]{1,8}$/),
);
const { schema: anySchema } = fc.letrec<{ schema: object }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaves,
    fc.dictionary(names, tie('schema'), { maxKeys: 5 }).map(object),
    fc.record({
      type: fc.constant('array'),
      items: tie('schema'),
      minItems: fc.integer({ min: 0, max: 3 }),
      maxItems: fc.integer({ min: 3, max: 5 }),
    }),
    fc.array(tie('schema'), { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf: [...anyOf, { type: 'null' }] })),
    fc.array(tie('schema'), { minLength: 1, maxLength: 3 }).map((prefixItems) => ({
      type: 'array',
      prefixItems,
      items: false,
      minItems: prefixItems.length,
      maxItems: prefixItems.length,
    })),
  ),
}));
const $defs = { FactId: { type: 'string', pattern: '^F\\d+$' } };

test('any schema of these constructs is fulfilled, by the honest and by the liar', () => {
  fc.assert(
    fc.property(anySchema, fc.nat(), (schema, start) => {
      const root = { ...schema, $defs };
      expect(schemaFaults(root, answerOf(root, start))).toEqual([]);
      expect(schemaFaults(root, schemaAnswer(root, { facts, author: lyingAuthor(start) }))).toEqual([]);
      expect(schemaFaults(root, schemaAnswer(root, { facts: [], author: honestAuthor(start) }))).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

describe('a report', () => {
  const schema = object({
    sections: {
      type: 'array',
      minItems: 3,
      items: object({ id: { type: 'string', enum: ['summary', 'findings'] }, sentences: { type: 'array', minItems: 4, items: sentence } }),
    },
    recommendations: {
      type: 'array',
      minItems: 3,
      maxItems: 3,
      items: object({ title: { type: 'string' }, text, fact: { $ref: '#/$defs/FactId' } }),
    },
  });
  type Said = { text: string; facts: string[] };
  type Report = { sections: { sentences: Said[] }[]; recommendations: { text: string; fact: string }[] };
  const isReport = (value: unknown): value is Report => schemaFaults({ ...schema, $defs }, value).length === 0;
  const reportOf = (start: number): Report => {
    const answer = answerOf({ ...schema, $defs }, start);
    if (!isReport(answer)) throw new Error(JSON.stringify(answer));
    return answer;
  };
  const references = (prose: string): string[] => [...prose.matchAll(/\{\{(F\d+)\}\}/g)].map(([, id = '']) => id);

  test('names beside each sentence the facts that the sentence refers to, and only facts of the prompt', () => {
    for (const { text: said, facts: named } of reportOf(3).sections.flatMap(({ sentences }) => sentences)) {
      expect(named.length).toBeGreaterThan(0);
      expect(new Set(references(said))).toEqual(new Set(named));
      for (const id of named) expect(ids).toContain(id);
    }
    for (const { text: said, fact } of reportOf(3).recommendations) expect(references(said)).toEqual([fact]);
  });

  test('has no numeral in its prose, no sentence twice, and the metric of the fact in words', () => {
    fc.assert(
      fc.property(fc.nat(), (start) => {
        const report = reportOf(start);
        const prose = [...report.sections.flatMap(({ sentences }) => sentences), ...report.recommendations].map((each) => each.text);
        expect(new Set(prose).size).toBe(prose.length);
        for (const each of prose) {
          expect(each.replaceAll(/\{\{F\d+\}\}/g, '')).not.toMatch(/\p{N}/u);
          for (const id of references(each)) expect(each).toContain(facts.find((fact) => fact.id === id)?.metric);
        }
      }),
      { numRuns: 30 },
    );
  });

  test('of a list that must name several facts refers to all of them', () => {
    const answer = answerOf(object({ text, facts: { ...factIds, minItems: 3 } }));
    const said = JSON.stringify(answer);
    expect(new Set(references(said)).size).toBe(3);
  });
});

test('ids are taken from an enumeration where there is one', () => {
  const answer = answerOf(object({ text, facts: { type: 'array', minItems: 1, items: { type: 'string', enum: ['F9', 'F10'] } } }));
  expect(JSON.stringify(answer)).toMatch(/\{\{F(9|10)\}\}.*"facts":\["F\1"\]/);
});

test('a schema that contains itself comes to an end', () => {
  const tree = object({ name: { type: 'string' }, kids: { type: 'array', items: { $ref: '#' } } });
  expect(schemaFaults(tree, answerOf(tree))).toEqual([]);
});

test('a schema that cannot be fulfilled is refused with the reason', () => {
  expect(() => answerOf({ type: 'string', pattern: '^Q{7}$' })).toThrow(/pattern \^Q\{7\}\$/);
  expect(() => answerOf({ $ref: '#/$defs/Nothing' })).toThrow(/leads nowhere/);
  expect(() => answerOf({ $ref: '#' })).toThrow(/circle/);
});

test('facts are read from the lines of the user, each once, with their metric in words without digits', () => {
  const messages = [
    { role: 'system', content: 'F1 | an example of a line' },
    {
      role: 'user',
      content: 'Facts:\nF12 | time_to_first_token p95 | 0.5 s\n- F3: 28 csv files in reports/\nF12 | again\nF4 9\nsee F99 there\n',
    },
  ];
  expect(factsInPrompt(messages)).toEqual([
    { id: 'F12', metric: 'time to first token' },
    { id: 'F3', metric: 'csv files in reports' },
    { id: 'F4', metric: 'this value' },
  ]);
});
