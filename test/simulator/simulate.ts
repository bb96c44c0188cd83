import type { Violation } from './checks.ts';
import { SimulatedSystem } from './system.ts';
import { NO_FAULTS, World } from './world.ts';

export type Outcome = {
  seed: number;
  violations: Violation[];
  /** how many events happened */
  events: number;
  /** virtual seconds until everything was at rest */
  seconds: number;
  trace: string[] | null;
};

const DISTURBED_MS = 90_000;
const LOOK_EACH_MS = 20_000;
// Nothing takes longer: leases lapse, waits for acknowledgements end, deadlines pass, everything is reconciled.
const REST_MS = 1_200_000;
const STAYS_MS = 70_000;
// What was late when the last fault struck has come by then.
const LATEST_MS = 130_000;

/** Runs one schedule: files come and go and everything fails for a while; then nothing fails any more, and all promises must come true. */
export async function simulate(seed: number, options: { trace?: boolean } = {}): Promise<Outcome> {
  const world = new World(seed, options.trace ?? false);
  const system = new SimulatedSystem(world);
  const outcome = (violations: Violation[]): Outcome => ({
    seed,
    violations,
    events: world.events,
    seconds: world.now / 1_000,
    trace: world.trace,
  });
  script(world, system);
  const disturbed = Object.values(world.faults).some((probability) => probability > 0);
  if (disturbed) system.invariants.calmFromMs = DISTURBED_MS + LATEST_MS;
  await world.run(DISTURBED_MS);
  world.faults = NO_FAULTS;
  system.folder.hintProbability = 1;
  if (!system.nats.up) system.nats.start('nothing');
  let faults = ['it has only begun'];
  while (faults.length > 0 && world.now < DISTURBED_MS + REST_MS && system.invariants.violations.length === 0) {
    await world.run(world.now + LOOK_EACH_MS);
    faults = system.unfinished();
  }
  if (faults.length === 0) {
    await world.run(world.now + STAYS_MS);
    faults = system.unfinished();
  }
  return outcome([...system.invariants.violations, ...faults.map((what) => ({ at: world.now, what: `at rest: ${what}` }))]);
}

/** What somebody does to the bucket, and what befalls the machines, drawn from the seed. */
function script(world: World, { folder, nats, processes }: SimulatedSystem): void {
  const { chance } = world;
  const severity = chance.pick([0, 0.3, 1, 3]);
  world.faults = {
    crash: 0.002 * severity * chance.below(2),
    lostRequest: 0.005 * severity * chance.below(2),
    lostReply: 0.005 * severity * chance.below(2),
    stall: 0.002 * severity * chance.below(2),
    jump: 0.002 * severity * chance.below(2),
  };
  const text = (lines: number) => `n_ms\n${Array.from({ length: lines }, () => chance.below(1_000)).join('\n')}\n`;
  const paths = ['a.csv', 'b.csv', 'c.json', 'd.csv'];
  folder.put(chance.pick(paths), text(2));
  for (let i = 1 + chance.below(5); i > 0; i--)
    world.after(chance.between(0, DISTURBED_MS * 0.9), () => {
      const path = chance.pick(paths);
      const what = chance.below(10);
      if (what < 5) folder.put(path, text(1 + chance.below(3)));
      else if (what < 7) folder.copy(path, text(6), chance.between(0.1, 25));
      else if (what < 8 && folder.files.size > 1) folder.remove(path);
      else if (what < 9) folder.put('.done', '');
      else folder.put(path, chance.pick(['', '{"x": 1', '\u0000\u0001', 'n_ms\n1\n2']));
    });
  let meddling = chance.below(3);
  folder.onReading = (path) => {
    if (meddling === 0 || world.now > DISTURBED_MS || !chance.of(0.1)) return;
    meddling--;
    world.after(chance.between(0, 30), () => folder.put(path, text(6)));
  };
  for (let i = chance.below(3); i > 0; i--) {
    const at = chance.between(0, DISTURBED_MS);
    world.after(at, () => {
      if (!nats.up) return;
      nats.stop();
      const forget = chance.pick(['nothing', 'nothing', 'last', 'last', 'all'] as const);
      world.after(chance.of(0.3) ? 60_000 : chance.between(100, 5_000), () => nats.up || nats.start(forget));
    });
  }
  for (let i = chance.below(4); i > 0; i--)
    world.after(chance.between(0, DISTURBED_MS), () => {
      if (processes.length > 0) world.kill(chance.pick(processes), 'by SIGKILL');
    });
}
