// Runs schedules of the simulator.
//   npm run simulate                          100,000 of them
//   npm run simulate -- --schedules 1000 --from 5
//   npm run simulate -- --seed 42             one, with everything that happened in it
import { parseArgs } from 'node:util';
import { simulateMany } from './many.ts';
import { type Outcome, simulate } from './simulate.ts';

const { values } = parseArgs({
  options: {
    schedules: { type: 'string', default: '100000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    enough: { type: 'string', default: '20' },
  },
});

function told({ seed, violations }: Outcome): string {
  const first = violations[0];
  return `seed ${seed}: ${first ? `${first.what} (at ${(first.at / 1_000).toFixed(3)} s)` : 'no violation'}`;
}

if (values.seed !== undefined) {
  const outcome = await simulate(Number(values.seed), { trace: true });
  console.log(outcome.trace?.join('\n'));
  for (const { at, what } of outcome.violations) console.log(`VIOLATION at ${(at / 1_000).toFixed(3)} s: ${what}`);
  console.log(
    `seed ${outcome.seed}: ${outcome.violations.length} violations, ${outcome.events} events, at rest after ${outcome.seconds} s`,
  );
  process.exitCode = outcome.violations.length === 0 ? 0 : 1;
} else {
  const started = performance.now();
  const tell = (done: number) => void (done % 5_000 === 0 && process.stderr.write(`simulate: ${done} schedules\n`));
  const many = await simulateMany(Number(values.from), Number(values.schedules), tell, Number(values.enough));
  for (const outcome of many.failed) console.log(told(outcome));
  if (many.failed.length > 0) console.log(`Replay one with: npm run simulate -- --seed ${many.failed[0]?.seed}`);
  console.log(
    `${many.schedules} schedules, ${many.events} events, ${many.failed.length} with a violation, ${((performance.now() - started) / 1_000).toFixed(0)} s`,
  );
  process.exitCode = many.failed.length === 0 ? 0 : 1;
}
