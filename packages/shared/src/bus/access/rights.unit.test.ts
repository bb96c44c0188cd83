import { describe, expect, it } from 'vitest';
import { permissionsOf } from './grant.ts';
import { covers, EVERY_RIGHT, rightsIn, UnreadableCredentials } from './rights.ts';
import { bucketsMadeBy } from './subjects.ts';
import { credsFile, newSeeds, newUserSeed, operatorToken, publicKey, saysTheSame } from './tokens.ts';

describe('covers', () => {
  it.each([
    ['a.b', 'a.b', true],
    ['a.b', 'a.c', false],
    ['a.b', 'a', false],
    ['a', 'a.b', false],
    ['a.*', 'a.b', true],
    ['a.*', 'a.b.c', false],
    ['a.*', 'a', false],
    ['*.b', 'a.b', true],
    ['a.>', 'a.b.c', true],
    ['a.>', 'a', false],
    ['>', 'a', true],
    // patterns are covered by what covers all that they do
    ['a.*', 'a.*', true],
    ['a.b', 'a.*', false],
    ['a.*', 'a.>', false],
    ['a.>', 'a.*', true],
    ['a.>', 'a.>', true],
  ])('%s of %s: %s', (pattern, subject, covered) => expect(covers(pattern, subject)).toBe(covered));
});

describe('rightsIn', () => {
  const permissions = { publish: ['a.*', '$JS.API.STREAM.CREATE.KV_b', '$JS.API.STREAM.CREATE.s'], subscribe: ['_INBOX_me.>', 'c.>'] };
  const seeds = newSeeds();
  const creds = (expires: number | null) => credsFile(seeds, { name: 'me', seed: newUserSeed(), permissions, expires });

  it('says what the server will let a user do', async () => {
    const rights = rightsIn(await creds(1_900_000_000));
    expect(rights).toMatchObject({
      user: 'me',
      inboxPrefix: '_INBOX_me',
      expires: 1_900_000_000,
      publishes: permissions.publish,
      hears: permissions.subscribe,
    });
    expect(['a.b', 'a', 'b.a'].map(rights.mayPublish)).toEqual([true, false, false]);
    expect(['c.d', '_INBOX_me.x', '_INBOX_you.x', '>'].map(rights.mayHear)).toEqual([true, true, false, false]);
    expect(bucketsMadeBy(rights.publishes ?? [])).toEqual(['b']);
    expect(rightsIn(await creds(null)).expires).toBeNull();
  });

  it('takes no permissions at all for every right, as the server does', async () => {
    const rights = rightsIn(
      await credsFile(seeds, { name: 'me', seed: newUserSeed(), permissions: { publish: [], subscribe: [] }, expires: null }),
    );
    expect([rights.mayPublish('x'), rights.mayHear('>'), rights.inboxPrefix]).toEqual([true, true, null]);
    expect(EVERY_RIGHT.mayPublish('x')).toBe(true);
  });

  it('refuses what is no creds file, and repeats nothing of it', async () => {
    const whole = await creds(null);
    const seed = /SU[A-Z2-7]{40,}/.exec(whole)?.[0] ?? '';
    const half = whole.slice(0, whole.indexOf('-----BEGIN USER NKEY SEED'));
    for (const text of [
      '',
      seed,
      half,
      whole.replace(/(JWT-----\n)[^.]+\.[^.]+/, '$1aGk.aGk'),
      `-----BEGIN NATS USER JWT-----\nx\n${seed}`,
    ]) {
      expect(() => rightsIn(text)).toThrow(UnreadableCredentials);
      expect(() => rightsIn(text)).not.toThrow(seed === '' ? /never/ : seed);
    }
  });
});

describe('permissionsOf', () => {
  it('gives a user nothing but its inbox where it is granted nothing', () => {
    const nothing = {
      publishes: [],
      consumes: [],
      writes: [],
      reads: [],
      hears: [],
      tells: [],
      sees: [],
      makes: [],
      administers: [],
      objects: [],
    };
    expect(permissionsOf(nothing, 'me')).toEqual({ publish: [], subscribe: ['_INBOX_me.>'] });
  });
});

describe('tokens', () => {
  it('say the same whenever they are signed, and something else with other keys', async () => {
    const [seeds, others] = [newSeeds(), newSeeds()];
    const [a, b, c] = [await operatorToken(seeds), await operatorToken(seeds), await operatorToken(others)];
    expect(saysTheSame(a, b)).toBe(true);
    expect(saysTheSame(a, c)).toBe(false);
    expect(publicKey(seeds.operator)).toMatch(/^O[A-Z2-7]{55}$/);
  });
});
