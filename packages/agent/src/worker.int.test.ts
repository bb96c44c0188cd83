import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BehaviourScript, type ReplayServer, type ReplayServerConfig, startReplayServer } from '@chimera/ollama';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type AgentsBench, openBench } from '../../../test/support/agents.ts';
import { describeOnEachNats, type Nats, startNats } from '../../../test/support/nats.ts';
import { until } from '../../../test/support/wait.ts';

const MODEL = ['tiny:1b'];
/** What stands in one of the messages of a call. */
const saysIn = ({ request }: Pick<ReplayServer['calls'][number], 'request'>, words: string) =>
  request.messages.some(({ content }) => content.includes(words));

describeOnEachNats('agents at work', (binary) => {
  let nats: Nats;
  let folder: string;
  const opened: { close(): Promise<void> }[] = [];
  beforeEach(async () => {
    nats = await startNats(binary);
    folder = await mkdtemp(join(tmpdir(), 'chimera-agents-'));
  });
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
    await nats.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function server(config: ReplayServerConfig = {}): Promise<ReplayServer> {
    const started = await startReplayServer({ models: MODEL, ...config });
    opened.push(started);
    return started;
  }

  async function bench(...urls: string[]): Promise<AgentsBench> {
    const made = await openBench(nats.url, folder, urls);
    opened.unshift(made);
    return made;
  }

  const emptied = ({ bus }: AgentsBench) =>
    until('the empty queue', async () => (await bus.held('chimera_work', 'chimera.analysis.v1.requested.*.*')).size === 0);

  it('hazard 15: never crowd one another at a server of one slot, and make each analysis exactly once', async () => {
    const gpu = await server({ rates: { promptMs: 5 } });
    const at = await bench(`${gpu.url}#slots=1`);
    await Promise.all([at.start('collector'), at.start('insight')]);
    const datasets = ['one', 'two', 'three', 'four'];
    await Promise.all(datasets.map((dataset) => at.publish(dataset, 1)));
    await at.completed.count(8);
    await emptied(at);
    expect(gpu.busyMax).toBe(1);
    expect(at.completed.all.map(({ run, agent }) => `${run.dataset} ${agent}`).sort()).toEqual(
      datasets.flatMap((dataset) => [`${dataset} collector`, `${dataset} insight`]).sort(),
    );
    const analyses = await Promise.all(at.completed.all.map(at.analysis));
    expect(analyses.map(({ narrator }) => narrator.kind)).toEqual(Array(8).fill('model'));
    // No call was made that stands in none of them, and none twice.
    const calls = analyses.flatMap((analysis) => analysis.calls);
    expect(calls.every(({ stored }) => !stored)).toBe(true);
    expect(gpu.calls).toHaveLength(calls.length);
    expect(new Set(gpu.calls.map(({ request }) => JSON.stringify([request.messages, request.format]))).size).toBe(calls.length);
  });

  it('share several servers: each as many calls at once as it has slots, and all of them work', async () => {
    const [one, two] = [await server({ rates: { promptMs: 30 } }), await server({ rates: { promptMs: 30 } })];
    const at = await bench(`${one.url}#slots=1`, `${two.url}#slots=2`);
    await Promise.all([at.start('collector'), at.start('insight')]);
    await Promise.all(['one', 'two', 'three', 'four'].map((dataset) => at.publish(dataset, 1)));
    await at.completed.count(8);
    expect([one.busyMax, two.busyMax]).toEqual([1, 2]);
    expect(one.calls.length).toBeGreaterThan(0);
  });

  it('find out on first use how many calls at once a server is worth, and keep to it together', async () => {
    const gpu = await server({
      rates: { tokensPerSecond: [98, 30, 15, 10] },
      speed: 2,
      behaviour: ({ format }) => (format === undefined ? { kind: 'endless' } : { kind: 'well-behaved' }),
    });
    const at = await bench(gpu.url);
    await Promise.all([at.start('collector'), at.start('insight')]);
    await Promise.all(['one', 'two'].map((dataset) => at.publish(dataset, 1)));
    const analyses = await Promise.all((await at.completed.count(4)).map(at.analysis));
    for (const { found } of analyses) expect(found.map(({ slots }) => [slots.by, slots.count])).toEqual([['measured', 1]]);
    const measuring = gpu.calls.filter(({ request }) => request.format === undefined);
    expect(measuring).toHaveLength(7);
    // Behind the measurement each call begins when the one before it has ended.
    const writing = gpu.calls.slice(gpu.calls.indexOf(measuring.at(-1) as (typeof measuring)[number]) + 1);
    expect(writing).toHaveLength(analyses.flatMap(({ calls }) => calls).length);
    for (const [index, call] of writing.entries())
      expect(call.arrivedAt).toBeGreaterThanOrEqual(writing[index - 1]?.endedAt ?? measuring.at(-1)?.endedAt ?? 0);
  });

  it('break off what has produced nothing where a newer inventory is there, and leave out what waits for the older one', async () => {
    const gpu = await server({
      behaviour: (request) => (saysIn({ request }, 'of slow in version 1') ? { kind: 'hang' } : { kind: 'well-behaved' }),
    });
    const at = await bench(`${gpu.url}#slots=1`);
    await at.start('insight');
    await at.publish('slow', 1);
    const hanging = await gpu.call(0);
    // These wait for the only slot.
    await at.publish('other', 1);
    await at.publish('other', 2);
    await until('the requests', async () => {
      const held = await at.bus.held('chimera_work', 'chimera.analysis.v1.requested.insight.*');
      return [...held.values()].reduce((sum, n) => sum + n, 0) === 3;
    });
    await at.publish('slow', 2);
    expect(await hanging.ended).toBe('aborted');
    await at.completed.count(2);
    await emptied(at);
    expect(at.completed.all.map(({ inventory }) => `${inventory.dataset} ${inventory.generation}`).sort()).toEqual(['other 2', 'slow 2']);
    expect(gpu.calls.filter((call) => saysIn(call, 'of other in version 1'))).toEqual([]);
  });

  it('finish what has produced a word already, also where a newer inventory is there', async () => {
    const slow: BehaviourScript = (_, index) =>
      index === 0 ? { kind: 'slow', rates: { tokensPerSecond: 100 } } : { kind: 'well-behaved' };
    const gpu = await server({ behaviour: slow });
    const at = await bench(`${gpu.url}#slots=1`);
    await at.start('insight');
    await at.publish('d', 1);
    const first = await gpu.call(0);
    await until('a word', () => first.outputTokens > 3);
    await at.publish('d', 2);
    expect(await first.ended).toBe('answered');
    await at.completed.count(2);
    expect(at.completed.all.map(({ inventory }) => inventory.generation)).toEqual([1, 2]);
  });

  it('hazard 20: give their message back when they stop; another one takes the sections that are written from the store', async () => {
    let hung = false;
    const gpu = await server({
      behaviour: (request) => {
        if (hung || !saysIn({ request }, '"Risks"')) return { kind: 'well-behaved' };
        hung = true;
        return { kind: 'hang' };
      },
    });
    const at = await bench(`${gpu.url}#slots=1`);
    const first = await at.start('insight');
    await at.publish('d', 1);
    const hanging = await until('the second section', () => gpu.calls.find((call) => saysIn(call, '"Risks"')) ?? null);
    const before = hanging.index;
    expect(before).toBeGreaterThan(0);
    await first.stop(10);
    expect(await hanging.ended).toBe('aborted');
    await at.start('insight');
    const [done] = await at.completed.count(1);
    const { calls, narrator } = await at.analysis(done as NonNullable<typeof done>);
    expect(narrator.kind).toBe('model');
    const written = calls.filter(({ section }) => section === 'summary');
    expect(written).toHaveLength(before);
    expect(written.every(({ stored }) => stored)).toBe(true);
    const rest = calls.filter(({ section }) => section === 'risks');
    expect(rest.every(({ stored }) => !stored)).toBe(true);
    // What was written before, what was broken off, and the rest: nothing twice.
    expect(gpu.calls).toHaveLength(before + 1 + rest.length);
    await emptied(at);
  });

  it('generate each run of a campaign anew', async () => {
    const gpu = await server();
    const at = await bench(`${gpu.url}#slots=1`);
    await at.start('insight');
    const inventory = await at.publish('d', 1);
    await at.completed.count(1);
    const once = gpu.calls.length;
    await at.request(inventory, 0);
    await at.completed.count(2);
    await at.request(inventory, 1);
    const analyses = await Promise.all((await at.completed.count(3)).map(at.analysis));
    expect(gpu.calls).toHaveLength(3 * once);
    expect(analyses.flatMap(({ calls }) => calls).every(({ stored }) => !stored)).toBe(true);
  });

  it('leave nothing behind when they have stopped: no connection, no timer, no slot', async () => {
    const gpu = await server();
    const resources = () =>
      process
        .getActiveResourcesInfo()
        .filter((kind) => kind === 'TCPSocketWrap' || kind === 'Timeout')
        .sort();
    const before = resources();
    const at = await openBench(nats.url, folder, [`${gpu.url}#slots=1`]);
    await Promise.all([at.start('collector'), at.start('insight')]);
    await at.publish('d', 1);
    await at.completed.count(2);
    await at.close();
    await until('the end of all that was opened', () => resources().length <= before.length);
    const later = await bench(`${gpu.url}#slots=1`);
    await later.start('insight');
    await later.publish('e', 1);
    // The only slot is there at once, not when a lease has run out.
    const [done] = await later.completed.count(1);
    const { calls } = await later.analysis(done as NonNullable<typeof done>);
    expect(calls.reduce((sum, { slotWaitSeconds }) => sum + slotWaitSeconds, 0)).toBeLessThan(2);
  });
});
