import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AnalysisRequested, connectBus, listLetters, type NatsBus, publish, RetryLater, startWorker } from '@chimera/shared/bus';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chimera } from '../support/chimera.ts';
import { layFiles, SMALL } from '../support/dataset.ts';
import { type Nats, natsServers, PATIENT_MS, startNats } from '../support/nats.ts';
import { ROOT } from '../support/seed.ts';
import { type System, startSystem } from '../support/system.ts';
import { recorder, until } from '../support/wait.ts';

const [newest] = await natsServers();

/** A title for the terminal, a colour by C1, a text turned around: what a hostile message would say. */
const HOSTILE = '\x1b]0;owned\x07 \u009b31m \u202egnitsrub not JSON\r\n';
/** The durables that read every inventory. */
const READERS = ['collector_planner', 'insight_planner', 'reporter_inventory'];

type Heads = { total: number; letters: { sequence: number; letter: { subject: string; durable: string; reason: string } }[] };
type Results = { sequence: number; outcome: string; says?: string }[];

describe.skipIf(newest === undefined)('chimera dead', () => {
  const work = mkdtempSync(join(tmpdir(), 'chimera-dead-'));
  let nats: Nats;
  let system: System;
  let bus: NatsBus;

  const dead = (args: string[], env: NodeJS.ProcessEnv = {}) => chimera(['dead', ...args], { env: { CHIMERA_NATS_URL: nats.url, ...env } });
  /** The one document on standard output. */
  async function json<T>(...args: string[]): Promise<{ code: number | null; document: T; stderr: string }> {
    const { code, stdout, stderr } = await dead([...args, '--json']);
    return { code, document: JSON.parse(stdout) as T, stderr };
  }
  const total = async () => (await listLetters(bus, 1)).total;

  beforeAll(async () => {
    if (newest === undefined) throw new Error('There is no nats-server.');
    nats = await startNats(newest);
  });
  afterAll(async () => {
    await bus?.close();
    await system?.stop();
    await nats.close();
    rmSync(work, { recursive: true, force: true });
  });

  it('says what is wrong with where it looks, and how it was called', async () => {
    const nowhere = await dead(['list', '--nats', 'nats://127.0.0.1:9']);
    expect([nowhere.code, nowhere.stdout]).toEqual([1, '']);
    expect(nowhere.stderr).toMatch(/^chimera: No nats-server answers at nats:\/\/127\.0\.0\.1:9 .*\n$/);
    for (const wrong of [[], ['bury'], ['retry'], ['retry', '1', '--all'], ['remove'], ['show'], ['show', 'x'], ['list', '--limit', '0']])
      expect((await dead(wrong)).code, wrong.join(' ')).toBe(2);
  }, 60_000);

  it('says of a server that no service has used that it holds no dead stream', async () => {
    const sentence = 'chimera: This NATS holds no stream chimera_dead: no Chimera service has used it yet.\n';
    expect(await dead(['list'])).toEqual({ code: 0, stdout: 'no dead letters\n', stderr: sentence });
    expect(await json('list')).toEqual({ code: 0, document: { total: 0, letters: [] }, stderr: sentence });
    expect(await dead(['show', '1'])).toEqual({ code: 1, stdout: '', stderr: sentence });
  }, 60_000);

  it('hazard 11: lists a poison message once for each durable that gave it up, with the reason, while others flow', async () => {
    system = await startSystem(nats.url, work);
    bus = await connectBus({ url: nats.url, name: 'test', connectTimeoutMs: PATIENT_MS });
    expect(await dead(['list'])).toEqual({ code: 0, stdout: 'no dead letters\n', stderr: '' });
    await bus.jetstream.publish('chimera.inventory.v1.published.x', HOSTILE);
    layFiles(SMALL, system.bucket);
    const [report] = await system.reports.count(1, 30_000);
    expect(report?.status).toBe('current');
    await until('the letters', async () => (await total()) === READERS.length);

    const { code, document } = await json<Heads>('list');
    expect([code, document.total]).toEqual([0, READERS.length]);
    expect(document.letters.map(({ letter }) => letter.durable).sort()).toEqual(READERS);
    for (const { letter } of document.letters) expect(letter.reason).toContain('is no inventory.published/v1');

    const { stdout } = await dead(['list', '--limit', '2']);
    const [head, ...rows] = stdout.trimEnd().split('\n');
    expect(head).toMatch(/^SEQ +WHEN +STREAM\/SUBJECT +DURABLE +ATTEMPTS +REASON$/);
    expect(rows[0]).toMatch(
      /^2 +\S+Z +chimera_events\/chimera\.inventory\.v1\.published\.x +\S+ +1 +Message 1 on \S+ is no inventory\.published\/v1: /,
    );
    expect(rows.slice(2)).toEqual(['These are the newest 2 of 3; --limit shows more.']);
  }, 90_000);

  it('hazard 43: a hostile message does not reach the terminal as it is', async () => {
    const calls = [['list'], ['list', '--json'], ['show', '1'], ['show', '1', '--json'], ['retry', '1'], ['retry', '1', '--json']];
    for (const call of calls) {
      const { stdout, stderr } = await dead(call);
      expect(stdout + stderr, call.join(' ')).not.toMatch(/[^\P{C}\n]|\p{Zl}|\p{Zp}/u);
    }
    const { code, stdout } = await dead(['show', '1']);
    expect(code).toBe(0);
    expect(stdout).toContain(`\n\n\\x1b]0;owned\\x07 \\x9b31m \\u{202e}gnitsrub not JSON\\x0d\n`);
    const { document } = await json<{ text: string; letter: { data: string } }>('show', '1');
    expect(document.text).toBe(HOSTILE);
    expect(Buffer.from(document.letter.data, 'base64').toString()).toBe(HOSTILE);
  }, 60_000);

  it('refuses to retry garbage; forced, it dies again', async () => {
    const refused = await json<Results>('retry', '1', '2', '1', '77');
    expect(refused.code).toBe(1);
    expect(refused.document.map(({ sequence, outcome }) => [sequence, outcome])).toEqual([
      [1, 'unparsable'],
      [2, 'unparsable'],
      [77, 'absent'],
    ]);
    expect(refused.stderr).toMatch(/^chimera: Letter 1 would die again: .* "--force" publishes it all the same\.$/m);
    expect(refused.stderr).toMatch(/^chimera: There is no letter 77 /m);
    expect(await total()).toBe(READERS.length);

    const forced = await dead(['retry', '1', '--force']);
    expect([forced.code, forced.stdout]).toEqual([
      0,
      expect.stringMatching(/^letter 1: published again on chimera\.inventory\.v1\.published\.x, as message \d+ of chimera_events\n$/),
    ]);
    expect(forced.stderr).toContain('would die again');
    await until('the letters of its second death', async () => (await total()) === 2 * READERS.length - 1);
  }, 60_000);

  it('hazard 12: what ran out of deliveries on a work queue is listed, and handled by a retry once the fault is gone', async () => {
    const golden = readFileSync(join(ROOT, 'packages/shared/src/bus/fixtures/analysis.requested.v1.json'), 'utf8');
    const request = AnalysisRequested.schema.parse(JSON.parse(golden));
    let broken = true;
    const outcomes = recorder<string>();
    const handled = recorder<number>();
    const filter = AnalysisRequested.subject(request);
    const worker = await startWorker({
      bus,
      contract: AnalysisRequested,
      consumer: { stream: 'chimera_work', durable: 'test_worker', filter, ackWaitMs: 10_000, maxDeliveries: 2 },
      concurrency: 1,
      async handle({ inventory }) {
        if (broken) throw new RetryLater('the disk is full', 1);
        handled.add(inventory.generation);
      },
      observe: ({ outcome }) => outcomes.add(outcome),
    });
    try {
      for (const generation of [4, 5])
        await publish(bus, AnalysisRequested, { ...request, inventory: { ...request.inventory, generation } });
      await outcomes.count(4);
      const garbage = 2 * READERS.length - 1;
      const { document } = await json<Heads>('list');
      const mine = document.letters.filter(({ letter }) => letter.subject === filter);
      expect(document.total).toBe(garbage + 2);
      expect(mine.map(({ letter }) => letter.reason)).toEqual(Array(2).fill('given up after 2 deliveries: the disk is full'));
      const shown = (await dead(['show', String(mine[0]?.sequence)])).stdout;
      expect(shown).toMatch(/^reason +given up after 2 deliveries: the disk is full$/m);
      expect(shown).toMatch(/^ {4}"generation": [45],$/m);

      broken = false;
      const { code, document: results } = await json<Results>('retry', '--all');
      expect(code).toBe(1);
      expect(results.map(({ outcome }) => outcome).sort()).toEqual(['retried', 'retried', ...Array(garbage).fill('unparsable')]);
      expect(results.filter(({ outcome }) => outcome === 'retried').map(({ sequence }) => sequence)).toEqual(
        mine.map(({ sequence }) => sequence),
      );
      expect((await handled.count(2)).sort()).toEqual([4, 5]);
      expect(await total()).toBe(garbage);
    } finally {
      await worker.stop(1_000);
    }
  }, 60_000);

  it('removes what is named, and says what was not there', async () => {
    const { document } = await json<Heads>('list');
    const [first, ...others] = document.letters.map(({ sequence }) => sequence);
    const { code, stdout, stderr } = await dead(['remove', String(first), '99999']);
    expect([code, stdout]).toEqual([1, `letter ${first}: removed\n`]);
    expect(stderr).toContain('There is no letter 99999');
    expect((await json<Heads>('list')).document.letters.map(({ sequence }) => sequence)).toEqual(others);
    expect(await json<Results>('remove', ...others.map(String))).toEqual({
      code: 0,
      document: others.map((sequence) => ({ sequence, outcome: 'removed' })),
      stderr: '',
    });
    expect(await total()).toBe(0);
  }, 60_000);
});
