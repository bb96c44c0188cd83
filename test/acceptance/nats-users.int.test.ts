import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { credsFile, newUserSeed, permissionsOf, ROLES, type Role } from '@chimera/shared/access';
import { connectBus, type NatsBus } from '@chimera/shared/bus';
import { jetstreamManager } from '@nats-io/jetstream';
import { type NatsConnection, PermissionViolationError } from '@nats-io/transport-node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { readSeeds } from '../../packages/cli/src/nats-access/folder.ts';
import { grantOf } from '../../packages/cli/src/nats-access/table.ts';
import { dial } from '../../packages/shared/src/bus/dial.ts';
import { chimera } from '../support/chimera.ts';
import { comeAtOnce } from '../support/crowd.ts';
import { type LockedNats, startLockedNats } from '../support/locked-nats.ts';
import { describeOnEachNats, PATIENT_MS } from '../support/nats.ts';
import { MODEL, OPERATIONS, type Operation, tableOf } from '../support/nats-operations.ts';
import { recorder, until } from '../support/wait.ts';

/** What nobody may: that it is refused comes after all that was refused before it. */
const LAST: Operation = { group: '', what: '', how: 'publish', subject: 'the.last.one', may: [] };

/** Tries operations on a connection of its own. */
async function tried(url: string, creds: string, operations: readonly Operation[]): Promise<Map<Operation, boolean>> {
  const connection = await dial({ url, credsFile: creds, name: 'test', connectTimeoutMs: PATIENT_MS });
  const refused = new Set<string>();
  void noteRefusals(connection, refused);
  for (const { how, subject } of [...operations, LAST]) {
    if (how === 'publish') connection.publish(subject);
    else connection.subscribe(subject, { callback: () => undefined });
  }
  await until('the last refusal', () => refused.has(`publish ${LAST.subject}`));
  await connection.close();
  return new Map(operations.map((operation) => [operation, !refused.has(`${operation.how} ${operation.subject}`)]));
}

async function noteRefusals(connection: NatsConnection, refused: Set<string>): Promise<void> {
  for await (const status of connection.status())
    if (status.type === 'error' && status.error instanceof PermissionViolationError)
      refused.add(`${status.error.operation === 'publish' ? 'publish' : 'subscribe'} ${status.error.subject}`);
}

let printed = '';
/** The table to standard output; of a second server, only whether it is another one. */
function print(version: string, table: string): void {
  const same = table === printed ? ': the same' : ` (a dot is refused):\n${table}`;
  process.stdout.write(`\nWho may do what on nats-server ${version}${same}\n`);
  printed = table;
}

describeOnEachNats('NATS users', (binary) => {
  let nats: LockedNats;
  const connected: { close(): Promise<void> }[] = [];

  beforeAll(async () => {
    nats = await startLockedNats(binary, { models: [MODEL], server: { maxStorage: 64 * 1_048_576 } });
  });
  afterAll(async () => {
    for (const one of connected) await one.close();
    await nats.close();
  });

  const nats_ = (...args: string[]) => chimera(['nats', ...args, '--dir', nats.access]);
  async function as(user: string, events: (sentence: string) => void = () => {}): Promise<NatsBus> {
    const bus = await connectBus({
      url: nats.url,
      credsFile: nats.creds(user),
      name: 'test',
      connectTimeoutMs: PATIENT_MS,
      onEvent: events,
    });
    connected.push(bus);
    return bus;
  }
  const failure = (options: { credsFile?: string; token?: string }) =>
    dial({ url: nats.url, name: 'test', connectTimeoutMs: 0, ...options }).then(
      () => 'connected',
      (error: Error) => error.message,
    );

  it('refuses each role what is not its own, and lets it do what is', async () => {
    expect((await nats_('user', 'notifier', '--as', 'notifier')).code).toBe(0);
    const verdicts = new Map<Operation, Map<Role, boolean>>(OPERATIONS.map((operation) => [operation, new Map()]));
    for (const role of ROLES)
      for (const [operation, may] of await tried(nats.url, nats.creds(role), OPERATIONS)) verdicts.get(operation)?.set(role, may);
    print(binary.version, tableOf(verdicts));
    const wrong = [...verdicts].flatMap(([{ what, how, subject, may }, byRole]) =>
      ROLES.filter((role) => byRole.get(role) !== may.includes(role)).map(
        (role) => `${role} ${byRole.get(role) ? 'may' : 'may not'} ${what} (${how} ${subject})`,
      ),
    );
    expect(wrong).toEqual([]);
    expect(OPERATIONS.length).toBeGreaterThan(150);
  });

  it('tells in a sentence what was refused, once, where no answer would have told it', async () => {
    const told = recorder<string>();
    const connection = await dial({
      url: nats.url,
      credsFile: nats.creds('reporter'),
      name: 'test',
      connectTimeoutMs: PATIENT_MS,
      onFault: told.add,
    });
    connected.push(connection);
    for (let i = 0; i < 3; i++) connection.publish('chimera.inventory.v1.published.x', '{}');
    connection.subscribe('chimera.>', { callback: () => undefined });
    const [first, second] = await told.count(2);
    expect(first).toMatch(
      /^The nats-server at \S+ does not let the user reporter publish to "chimera\.inventory\.v1\.published\.x"\. "chimera nats users" says /,
    );
    expect(second).toMatch(/ does not let the user reporter subscribe to "chimera\.>"\. /);
    expect(told.all.length).toBe(2);
  });

  it("does not send an answer whose content the asker chose to a subject that is not the asker's", async () => {
    const admin = await as('admin');
    const current = await admin.documents('chimera_current', z.strictObject({ truth: z.boolean() }));
    await current.change('bucket', () => ({ truth: true }));
    const collector = await dial({ url: nats.url, credsFile: nats.creds('collector'), name: 'test', connectTimeoutMs: PATIENT_MS });
    connected.push(collector);
    const [theirs, target] = ['$KV.chimera_joins.forged', '$KV.chimera_current.bucket'];
    collector.publish(theirs, '{"truth":false}');
    collector.publish(`$JS.API.DIRECT.GET.KV_chimera_joins.${theirs}`, '', { reply: target });
    collector.publish('$JS.API.DIRECT.GET.KV_chimera_joins', JSON.stringify({ last_by_subj: theirs }), { reply: target });
    await collector.flush();
    await admin.connection.flush();
    expect(await current.get('bucket')).toEqual({ truth: true });
    // Answers of the server's own making are sent anywhere: what they overwrite counts as missing, and is nothing else.
    collector.publish('$JS.API.INFO', '', { reply: target });
    await until('the overwritten document', async () => (await current.get('bucket')) === null);
  });

  it("shows the account's limits: the disk it may use, and no stream beyond it", async () => {
    const admin = await as('admin');
    const account = await admin.manager.getAccountInfo();
    expect(account.limits).toMatchObject({ max_storage: 64 * 1_048_576, max_streams: 64 });
    const blobs = Buffer.alloc(900_000, 'x');
    const fill = async () => {
      for (let i = 0; i < 100; i++) await admin.jetstream.publish('chimera.report.v1.published.filler', blobs);
    };
    await expect(fill()).rejects.toThrow(/resource|storage|maximum/i);
    await admin.manager.streams.purge('chimera_events');
    expect((await admin.manager.getAccountInfo()).storage).toBeLessThan(64 * 1_048_576);
  });

  it('lets a new user in without a restart, and no more once it is revoked', async () => {
    const made = await nats_('user', 'gpu7', '--as', 'insight', '--model', 'other:1b', '--expires', '12h');
    expect([made.code, made.stdout]).toEqual([0, expect.stringContaining('gpu7.creds: made')]);
    // A service that may not make streams needs them to be there.
    await (await as('ingest')).close();
    const told = recorder<string>();
    const bus = await as('gpu7', told.add);
    const spec = (model: string) => ({
      stream: 'chimera_work' as const,
      durable: `insight_worker_${model}`,
      filter: `chimera.analysis.v1.requested.insight.${model}`,
      ackWaitMs: 1_000,
      maxDeliveries: 1,
    });
    await bus.consumer(spec('other=3A1b'));
    await expect(bus.consumer(spec('gemma3=3Alatest'))).rejects.toThrow(
      /The NATS user gpu7 may not use the durable insight_worker_gemma3=3Alatest of chimera_work/,
    );

    const kept = join(nats.access, 'kept.creds');
    writeFileSync(kept, readFileSync(nats.creds('gpu7')));
    const revoked = await nats_('revoke', 'gpu7');
    expect([revoked.code, revoked.stdout]).toEqual([0, expect.stringContaining('SIGHUP')]);
    await nats.reload();
    await until('the end of the connection', () => told.all.some((sentence) => /connection to NATS is lost/.test(sentence)));
    expect(await failure({ credsFile: kept })).toMatch(/refuses the user gpu7 of \S+kept\.creds/);
    await bus.close();
    expect((await nats_('user', 'gpu7', '--as', 'insight')).stdout).toContain('gpu7.creds: made');
    expect(await failure({ credsFile: nats.creds('gpu7') })).toBe('connected');
    expect(await failure({ credsFile: kept })).toContain('refuses the user gpu7');
  }, 90_000);

  it('takes credentials that were renewed under a connection, where the old ones ended', async () => {
    const seeds = await readSeeds(nats.access);
    const seed = newUserSeed();
    const path = join(nats.access, 'short.creds');
    const sign = async (seconds: number) =>
      writeFileSync(
        path,
        await credsFile(seeds, {
          name: 'short',
          seed,
          permissions: permissionsOf(grantOf('admin', { models: [], bucketEvents: 'chimera.bucket.v1.changed.>' }), 'short'),
          expires: Math.floor(Date.now() / 1_000) + seconds,
        }),
      );
    await sign(2);
    const told = recorder<string>();
    const bus = await connectBus({ url: nats.url, credsFile: path, name: 'test', connectTimeoutMs: PATIENT_MS, onEvent: told.add });
    connected.push(bus);
    await until('the word that they ended', () =>
      told.all.some((sentence) =>
        /The credentials of short in \S+short\.creds are no longer valid .*: they ended at \d{4}-/.test(sentence),
      ),
    );
    // The second in which they end is theirs still.
    const refused = /^The credentials of short in \S+ are no longer valid for .* Make new ones where the keys are, /;
    await until('the refusal', async () => refused.test(await failure({ credsFile: path })));
    await sign(3_600);
    await until('the connection', () => bus.ready());
    expect((await (await jetstreamManager(bus.connection)).getAccountInfo()).limits.max_streams).toBe(64);
  }, 60_000);

  it('answers all who come at once to a server that was just started for the first time', async () => {
    const fresh = await startLockedNats(binary);
    try {
      const users = ['ingest', 'collector', 'insight', 'reporter', 'admin', 'ingest', 'collector', 'insight'];
      // Where the account is not loaded beforehand, each round fails more often than not on 2.9.10.
      for (let round = 0; round < 8; round++) {
        const answers = await comeAtOnce(fresh.port, users.map(fresh.creds));
        for (const answer of answers) expect(answer).toContain('io.nats.jetstream.api.v1.account_info_response');
        await fresh.kill();
        await fresh.wipe();
        await fresh.restart();
      }
    } finally {
      await fresh.close();
    }
  }, 60_000);

  it('says what is wrong with credentials, and shows nothing of them', async () => {
    const broken = join(nats.access, 'broken.creds');
    writeFileSync(broken, 'SUAHUSH');
    expect(await failure({ credsFile: broken })).toBe(
      `The credentials file ${broken} cannot be used (it is no creds file of NATS: it lacks a user JWT or a seed). Name another with CHIMERA_NATS_CREDS; "chimera nats user" makes one.`,
    );
    expect(await failure({ credsFile: join(nats.access, 'none.creds') })).toMatch(/none\.creds cannot be used \(ENOENT\)/);
    expect(await failure({})).toMatch(/asks who connects, and no credentials are given\. Name a creds file with CHIMERA_NATS_CREDS/);
    expect(await failure({ token: 'hush' })).toMatch(/^The nats-server at \S+ does not take the token\. .* CHIMERA_NATS_TOKEN\.$/);
  });

  it('lets doctor say who it is, and what is wrong', async () => {
    const findings = async (creds: string) => {
      const { stdout } = await chimera(['doctor', '--json'], {
        env: { CHIMERA_NATS_URL: nats.url, CHIMERA_NATS_CREDS: creds, CHIMERA_MODEL: 'none' },
      });
      return (JSON.parse(stdout) as { check: string; state: string; says: string }[]).filter(({ check }) => check.startsWith('NATS'));
    };
    expect(await findings(nats.creds('admin'))).toMatchObject([{ state: 'ok' }, { check: 'NATS user admin', state: 'ok' }]);
    expect(await findings(join(nats.access, 'broken.creds'))).toMatchObject([
      { state: 'fault', says: expect.stringContaining('broken.creds') },
    ]);
  });
});
