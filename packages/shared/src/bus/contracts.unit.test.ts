import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Contract } from './contract.ts';
import { CONTRACTS, requestSubject } from './contracts.ts';

/** A message of each contract as it was first published: it must parse for ever, or the contract needs a new version. */
const golden = (name: string, version: number): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL(`./fixtures/${name}.v${version}.json`, import.meta.url), 'utf8'));

const EXPECTED: Record<string, { subject: string; id: string }> = {
  'inventory.published': { subject: 'chimera.inventory.v1.published.bucket', id: `inventory:${'a'.repeat(64)}:3` },
  'analysis.requested': {
    subject: 'chimera.analysis.v1.requested.insight.gemma3=3Alatest',
    id: `request:${'e'.repeat(64)}:insight:3`,
  },
  // The id is the beginning of the SHA-256 of the message as RFC 8785 writes it, reckoned with another program.
  'reading.requested': {
    subject: 'chimera.reading.v1.requested.205465515d23b5a70c2a6c907ebcb641',
    id: 'reading:205465515d23b5a70c2a6c907ebcb641',
  },
  'analysis.completed': {
    subject: 'chimera.analysis.v1.completed.collector',
    id: `analysis:${'e'.repeat(64)}:collector:${'f'.repeat(64)}`,
  },
  'report.published': {
    subject: 'chimera.report.v1.published.sweep=202025=2F11',
    id: `report:${'e'.repeat(64)}:2:superseded:${'1'.repeat(64)}`,
  },
  // The end is the SHA-256 of the base64 text in quotes, reckoned with sha256sum.
  'message.dead': {
    subject: 'chimera.dead.v1.chimera_work',
    id: 'dead:chimera_work:17:insight_worker_gemma3=3Alatest:c71bcbe88c86927c',
  },
};

/** True where a NATS subject falls under a pattern: `*` stands for one token. */
function covers(pattern: string, subject: string): boolean {
  const [wanted, given] = [pattern.split('.'), subject.split('.')];
  return wanted.length === given.length && wanted.every((token, i) => token === '*' || token === given[i]);
}

describe.each(CONTRACTS.map((contract) => [contract.name, contract as unknown as Contract<unknown>] as const))('%s', (name, contract) => {
  const message = golden(name, contract.version);

  it('hazard 17: still takes its golden message, whole and unchanged', () => {
    expect(contract.schema.parse(message)).toEqual(message);
  });

  it('gives it the subject and the id it always had', () => {
    const data = contract.schema.parse(message);
    expect({ subject: contract.subject(data), id: contract.id(data) }).toEqual(EXPECTED[name]);
    expect(covers(contract.subjects, contract.subject(data))).toBe(true);
  });

  it('hazard 17: leaves out a field of a newer version, so that services of two versions work side by side', () => {
    expect(contract.schema.parse({ ...message, surprise: 1 })).toEqual(contract.schema.parse(message));
  });

  it.each(Object.keys(message))('refuses a message without %s', (key) => {
    expect(() => contract.schema.parse({ ...message, [key]: undefined })).toThrow(z.ZodError);
  });

  it('hazard 17: carries its version in the subject', () => {
    expect(contract.subjects).toContain(`.v${contract.version}.`);
  });
});

describe('CONTRACTS', () => {
  it('has no two contracts whose subjects overlap, because each message belongs to one stream', () => {
    const patterns = CONTRACTS.map((c) => c.subjects);
    for (const one of patterns) expect(patterns.filter((other) => covers(one, other))).toEqual([one]);
  });

  it('refuses nonsense inside of messages', () => {
    const [inventory] = CONTRACTS;
    const message = golden('inventory.published', 1);
    for (const change of [{ inventory: 'A'.repeat(64) }, { generation: 0 }, { artifacts: 0 }, { dataset: '' }, { refused: -1 }])
      expect(() => inventory.schema.parse({ ...message, ...change }), JSON.stringify(change)).toThrow(z.ZodError);
  });
});

describe('requestSubject', () => {
  it('keeps the template narrator apart from every model', () => {
    expect(requestSubject('insight', null)).toBe('chimera.analysis.v1.requested.insight.=00');
    expect(requestSubject('insight', 'none')).toBe('chimera.analysis.v1.requested.insight.none');
  });
});
