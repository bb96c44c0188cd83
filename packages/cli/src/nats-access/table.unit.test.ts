import { covers, permissionsOf, ROLES, type Role } from '@chimera/shared/access';
import { CONTRACTS, DeadLettered } from '@chimera/shared/bus';
import { describe, expect, it } from 'vitest';
import { ALL_STREAMS, grantOf } from './table.ts';

const particulars = { models: ['gemma3:latest', 'qwen2.5:7b'], bucketEvents: 'chimera.bucket.v1.changed.>' };
const of = (role: Role) => grantOf(role, particulars);
const permissions = (role: Role) => permissionsOf(of(role), role);
const SERVICES = ['ingest', 'collector', 'insight', 'reporter'] as const;

/** Those of the services that a test asks for. */
const those = (which: (role: (typeof SERVICES)[number]) => boolean) => SERVICES.filter(which);

describe('the table of roles', () => {
  it.each(CONTRACTS.map((contract) => [contract.name, contract] as const))('%s has a service that publishes it', (_, contract) => {
    const may = those((role) => of(role).publishes.some((subject) => covers(contract.subjects, subject)));
    expect(may).not.toEqual([]);
    // What nobody's durable takes is heard by somebody, or looked at by the admin.
    const taken = SERVICES.flatMap((role) => of(role).consumes).some(({ filter }) => covers(contract.subjects, filter));
    expect(taken || of('admin').hears.includes(contract.subjects)).toBe(true);
  });

  it('gives every subject of a message to one service, but for the dead letters', () => {
    const subjects = SERVICES.flatMap((role) => of(role).publishes).filter((subject) => !covers(DeadLettered.subjects, subject));
    expect(new Set(subjects).size).toBe(subjects.length);
  });

  it('gives every durable to one service', () => {
    const durables = SERVICES.flatMap((role) => of(role).consumes).map(({ stream, durable }) => `${stream}/${durable}`);
    expect(new Set(durables).size).toBe(durables.length);
  });

  it('lets nobody but ingest and the admin make a stream, and nobody but the admin remove one', () => {
    expect(ROLES.filter((role) => of(role).makes.length > 0)).toEqual(['ingest', 'admin']);
    expect(ROLES.filter((role) => of(role).administers.length > 0)).toEqual(['admin']);
    expect(of('ingest').makes).toEqual(ALL_STREAMS);
  });

  it('lets every bucket that is read be made and written by somebody', () => {
    for (const role of SERVICES)
      for (const bucket of [...of(role).reads, ...of(role).writes]) {
        expect(of('ingest').makes).toContain(`KV_${bucket}`);
        expect(those((other) => of(other).writes.includes(bucket))).not.toEqual([]);
      }
  });

  it.each(ROLES)("names for %s no subject that takes in more than is Chimera's", (role) => {
    const { publish, subscribe } = permissions(role);
    for (const subject of [...publish, ...subscribe]) {
      expect(subject).toMatch(/^(\$JS\.(API|ACK|FC)\.|\$KV\.chimera_|\$O\.chimera_|chimera\.|_INBOX_)/);
      expect(subject).not.toMatch(/^chimera\.[*>]|^\$JS\.(API\.[A-Z]+|ACK|FC)\.[*>]|\$SYS/);
    }
    // A stream stands by its name wherever one is asked for, so that no right reaches a stream that is not in the table.
    for (const subject of publish) {
      const stream = /^\$JS\.API\.(?:STREAM\.(?:MSG\.)?[A-Z]+|CONSUMER\.(?:MSG\.)?[A-Z]+)\.([^.]+)/.exec(subject)?.[1];
      if (stream !== undefined) expect(ALL_STREAMS).toContain(stream);
    }
  });

  it('has a user hear its own replies alone', () => {
    for (const role of ROLES) expect(permissions(role).subscribe.filter((subject) => /INBOX/.test(subject))).toEqual([`_INBOX_${role}.>`]);
  });
});
