// Measures what the history costs with one more inventory: of so many series after so many inventories, where all get a point, and where
// one gets one. Values are noise of 1 % around levels that change with one inventory in a hundred, with a fixed seed.
//   sh scripts/node.sh bench/history.ts [SERIES] [INVENTORIES,…]
import { HistoryBook, historyFacts, type Steps } from '@chimera/evidence';
import { type Arrival, HISTORY_SCHEMA } from '@chimera/shared/domain';
import { machine, median } from './small-artifacts.ts';

const MORE = 9;

const [, , series = '2000', lengths = '8,30,100,300'] = process.argv;
const many = Number(series);
const all = lengths.split(',').map(Number);
if (![many, ...all].every((n) => Number.isInteger(n) && n > 0))
  throw new Error('The series and the inventories are whole numbers above 0.');

/** CPU seconds, and of the longest stretch in which nobody else had their turn the ms of this thread. */
type Cost = { cpu: number; stretch: number };

function costOf(steps: Steps<unknown>): Cost {
  const before = process.cpuUsage();
  let stretch = 0;
  for (let isDone = false; !isDone; ) {
    const began = process.threadCpuUsage();
    isDone = steps.next().done === true;
    stretch = Math.max(stretch, total(process.threadCpuUsage(began)) / 1e3);
  }
  return { cpu: total(process.cpuUsage(before)) / 1e6, stretch };
}

/** In microseconds. */
function total({ user, system }: NodeJS.CpuUsage): number {
  return user + system;
}

/** Numbers from 0 to 1 by a xorshift (Marsaglia 2003). */
function even(seed: number): () => number {
  let word = seed;
  return () => {
    word ^= word << 13;
    word ^= word >>> 17;
    word ^= word << 5;
    return (word >>> 0) / 2 ** 32;
  };
}

/** A history in memory that grows. */
class Growing {
  readonly #book = new HistoryBook();
  readonly #next = even(1);
  readonly #levels = Array.from({ length: many }, () => 50 + 50 * this.#next());
  #inventories = 0;

  /** One more inventory, with a point of the first so many series. */
  add(points: number): void {
    const at = this.#inventories++;
    const arrivals = this.#levels.slice(0, points).map((level, i): Arrival => {
      if (this.#next() < 0.01) this.#levels[i] = level * (0.8 + 0.4 * this.#next());
      const noise = 1 + 0.02 * (this.#next() + this.#next() + this.#next() - 1.5);
      return {
        ...{ metric: 'output_token_throughput', statistic: 'value', unit: 'tok/s', labels: { model: `m${i}` }, derived: [] },
        ...{ pattern: 'runs/*.json', value: (this.#levels[i] ?? 1) * noise, n: 3, contents: [at * many + i], sources: [] },
      };
    });
    const inventory = (at + 1).toString(16).padStart(64, '0');
    const takenAt = new Date(Date.UTC(2026, 0, 1 + at)).toISOString();
    this.#book.add({
      schema: HISTORY_SCHEMA,
      dataset: 'bench',
      inventory,
      sequence: at + 1,
      takenAt,
      evidence: inventory,
      after: null,
      arrivals,
    });
  }

  tell(): Cost {
    const upTo = this.#book.newest();
    if (upTo === null) throw new Error('There is an inventory.');
    return costOf(historyFacts(this.#book, { dataset: 'bench', upTo, groups: [] }));
  }
}

const text = ({ cpu, stretch }: Cost) => `${cpu.toFixed(3)} s CPU, ${stretch.toFixed(0)} ms`;
const middle = (costs: readonly Cost[]): Cost => ({
  cpu: median(costs.map(({ cpu }) => cpu)),
  stretch: Math.max(...costs.map(({ stretch }) => stretch)),
});

console.log(`${machine()} CPU for the facts of the history, and the longest stretch without a pause.\n`);
console.log(
  '| series | inventories | when the process first tells them | one more point each, median of 9 | one more point of one of them, median of 9 |',
);
console.log('| --- | --- | --- | --- | --- |');
for (const length of all) {
  const history = new Growing();
  for (let i = 0; i < length; i++) history.add(many);
  const costs = [history.tell()];
  for (const points of [many, 1]) {
    const more = Array.from({ length: MORE }, () => {
      history.add(points);
      return history.tell();
    });
    costs.push(middle(more));
  }
  console.log(`| ${[many, length, ...costs.map(text)].join(' | ')} |`);
}
