// Reads one file as `chimera inspect` does, in a process of its own, without printing what it read.
//   stream-child.ts FILE
import { limitsFrom, readGivenFile } from '@chimera/ingest';
import { tell } from './child.ts';

const [path = ''] = process.argv.slice(2);

await tell(async () => {
  const reading = await readGivenFile(path, limitsFrom({}));
  if (reading.status === 'refused') throw new Error(`${path} was refused: ${reading.reason}`);
  // Of a stream the measurements are statistics, each with how many numbers stand behind it.
  const numbers = reading.measurements.reduce((most, { n }) => Math.max(most, n ?? 1), 0);
  return { format: reading.format, numbers };
});
