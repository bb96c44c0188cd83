import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CONTRACTS } from '../bus/contracts.ts';
import { ATTRIBUTES, SPANS } from './span-names.ts';

const page = readFileSync(new URL('../../../../docs/operations/traces.md', import.meta.url), 'utf8');
const code = (text: string) => `\`${text}\``;
const rows = Object.values(SPANS).map(
  ({ name, service, kind, means, attributes }) =>
    `| ${code(name)} | ${service} | ${kind} | ${means} | ${attributes.length === 0 ? '–' : attributes.map(code).join(', ')} |`,
);

describe('the table of spans', () => {
  it('stands in docs/operations/traces.md, row by row', () => {
    const table = page.split('\n').filter((line) => /^\| `[^`]+` \| [a-z, ]+ \| (internal|client|producer|consumer) \|/.test(line));
    expect(table).toEqual(rows);
  });

  it('has no two spans of one name, no attribute twice, and none that no span has', () => {
    const names = Object.values(SPANS).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const all = Object.values(ATTRIBUTES);
    expect(new Set(all).size).toBe(all.length);
    expect(new Set(Object.values(SPANS).flatMap(({ attributes }) => attributes as readonly string[]))).toEqual(new Set(all));
  });

  it('names by places in braces only what is an attribute of the span', () => {
    for (const { name, attributes } of Object.values(SPANS))
      for (const [, place] of name.matchAll(/\{([^}]+)\}/g)) expect(attributes as readonly string[]).toContain(place);
  });

  it('keeps to OpenTelemetry or to our own name', () => {
    for (const name of Object.values(ATTRIBUTES)) expect(name).toMatch(/^(messaging|gen_ai|server|error|chimera)\.[a-z_.]+$/);
  });

  it('makes few names of messages: a template holds no id', () => {
    for (const { subjects } of CONTRACTS) expect(subjects).toMatch(/^chimera(\.[a-z0-9]+)+(\.\*)+$/);
  });
});
