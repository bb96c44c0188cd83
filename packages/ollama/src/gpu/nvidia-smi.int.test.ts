import { chmod, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createGpuSampler } from './mod.ts';
import { type FakeNvidiaSmi, fakeNvidiaSmi } from './testing/fake-nvidia-smi.ts';

const PATIENT = { everyMs: 60_000, timeoutMs: 20_000 };
const QUERY = ['--query-gpu=index,uuid,utilization.gpu,memory.used,memory.total,power.draw', '--format=csv,noheader,nounits'];

let fake: FakeNvidiaSmi;
beforeEach(async () => {
  fake = await fakeNvidiaSmi();
});
afterEach(async () => {
  vi.useRealTimers();
  await fake.close();
});

const samplerOf = (options: Partial<typeof PATIENT> = {}, command = fake.command) =>
  createGpuSampler({ kind: 'nvidia-smi', command, node: 'box' }, { ...PATIENT, ...options });

test('a call is sampled by running the command before and after it', async () => {
  let clock = 0;
  const sampler = createGpuSampler({ kind: 'nvidia-smi', command: fake.command, node: 'box' }, { ...PATIENT, monotonicMs: () => clock });
  const before = '0, GPU-aa, 0, 1000, 24576, 100.00\n1, GPU-bb, 0, 10, 24576, 20.00\n';
  const watch = sampler.watch();
  const other = sampler.watch().end();
  const first = await fake.nextRun();
  expect(first.arguments).toEqual(QUERY);
  first.answer(before);
  (await fake.nextRun()).answer(before);
  expect(await other).toMatchObject({ samples: 2, seconds: 0 });
  clock = 4_000;
  const use = watch.end();
  (await fake.nextRun()).answer('0, GPU-aa, 100, 8000, 24576, 300.00\n1, GPU-bb, 0, 10, 24576, 20.00\n');
  expect(await use).toEqual({
    node: 'box',
    source: 'nvidia-smi',
    gpus: 2,
    samples: 3,
    seconds: 4,
    utilization: 0.25,
    memoryBytes: 8_010 * 1024 * 1024,
    powerWatts: 220,
    energyJoules: 880,
  });
  expect(sampler.fault()).toBeNull();
  expect(fake.runs()).toBe(3);
  await sampler.close();
});

test('while a call lasts, the command is run again and again', async () => {
  const sampler = samplerOf({ everyMs: 1 });
  const watch = sampler.watch();
  for (let run = 0; run < 4; run += 1) (await fake.nextRun()).answer('0, GPU-aa, 50, 1000, 24576, 100.00\n');
  const use = watch.end();
  (await fake.nextRun()).answer('0, GPU-aa, 50, 1000, 24576, 100.00\n');
  fake.nextRun().then((run) => run.answer('0, GPU-aa, 50, 1000, 24576, 100.00\n')); // the last one, where the fifth was under way already
  expect(await use).toMatchObject({ utilization: 0.5, powerWatts: 100 });
  expect((await use)?.samples).toBeGreaterThanOrEqual(5);
  await sampler.close();
});

test('a command that fails is told with what it says', async () => {
  const sampler = samplerOf();
  const use = sampler.watch().end();
  for (let run = 0; run < 2; run += 1) {
    (await fake.nextRun()).answer("NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.\nMore.\n", 9);
  }
  expect(await use).toBeNull();
  expect(sampler.fault()).toBe(
    `${fake.command} on box ended with code 9 and says "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.". ` +
      'Run it there by hand to see why.',
  );
  await sampler.close();
});

test('a command that hangs is killed in time', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const sampler = samplerOf();
  const watch = sampler.watch();
  const first = await fake.nextRun();
  vi.advanceTimersByTime(PATIENT.timeoutMs);
  await first.ended;
  const use = watch.end();
  const second = await fake.nextRun();
  vi.advanceTimersByTime(PATIENT.timeoutMs);
  expect(await use).toBeNull();
  expect(sampler.fault()).toContain('did not answer within 20 s and was stopped. Run it there by hand');
  await sampler.close();
  for (const { pid } of [first, second]) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

test('closing kills the command that is running', async () => {
  const sampler = samplerOf();
  const watch = sampler.watch();
  const run = await fake.nextRun();
  await sampler.close();
  await run.ended;
  expect(() => process.kill(run.pid, 0)).toThrow('ESRCH');
  expect(await watch.end()).toBeNull();
});

test('a command that floods its output is ended', async () => {
  const sampler = samplerOf();
  const use = sampler.watch().end();
  for (let run = 0; run < 2; run += 1) (await fake.nextRun()).answer('0, GPU-aa, 0, 1, 2, 3\n'.repeat(50_000));
  expect(await use).toBeNull();
  expect(sampler.fault()).toContain('prints more than 262144 bytes');
  await sampler.close();
});

test('a command that is not there, or no program, is a fault that says so', async () => {
  const missing = samplerOf({}, `${fake.command}-not-there`);
  expect(await missing.watch().end()).toBeNull();
  expect(missing.fault()).toMatch(/-not-there on box is not found: install the NVIDIA driver's tools/);
  await missing.close();

  const text = `${fake.command}.txt`;
  await writeFile(text, 'text');
  await chmod(text, 0o644);
  const forbidden = samplerOf({}, text);
  expect(await forbidden.watch().end()).toBeNull();
  expect(forbidden.fault()).toMatch(/may not be run: make it executable/);
  await forbidden.close();
});
