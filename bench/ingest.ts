// Measures ingest at its sizes: many artifacts and one more, evidence over ten million measurements, files of a gigabyte read as streams,
// and reading spread over two processes; beside DuckDB reading the same files. Needs some 3 GB of disk, which are free again afterwards.
//   npm run bench:ingest [-- [ARTIFACTS] [--megabytes 1000] [--files 1000] [--only many,evidence,large,spread]]
import { statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { largeFiles } from './ingest/large-files.ts';
import { manyArtifacts } from './ingest/many-artifacts.ts';
import { manyMeasurements } from './ingest/many-measurements.ts';
import { machine } from './small-artifacts.ts';
import { spreadBench } from './spread.ts';

const NEEDED_BYTES = 3e9;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { megabytes: { type: 'string' }, files: { type: 'string' }, only: { type: 'string' } },
});
const artifacts = Number(positionals[0] ?? 100_000);
const [size, files] = [Number(values.megabytes ?? 1_000), Number(values.files ?? 1_000)];
if (![artifacts, size, files].every((n) => Number.isInteger(n) && n > 0))
  throw new Error('The number of artifacts, --megabytes and --files are whole numbers above 0.');

const SECTIONS = {
  many: { title: 'Many artifacts', run: () => manyArtifacts(artifacts) },
  evidence: { title: `Evidence over ${(files * 10_000).toLocaleString('en')} measurements`, run: () => manyMeasurements(files) },
  large: { title: 'Large files as streams', run: () => largeFiles(size) },
  spread: { title: 'Reading spread over processes', run: async () => [await spreadBench({ megabytes: Math.min(40, size) })] },
} as const;

const wanted = (values.only ?? Object.keys(SECTIONS).join()).split(',');
for (const name of wanted) if (!(name in SECTIONS)) throw new Error(`--only knows ${Object.keys(SECTIONS).join(', ')}, and not "${name}".`);

const { bavail, bsize } = statfsSync(tmpdir());
if (bavail * bsize < NEEDED_BYTES)
  throw new Error(
    `${tmpdir()} has ${(bavail * bsize) / 1e9} GB left and some ${NEEDED_BYTES / 1e9} GB are needed: set TMPDIR to a folder with more.`,
  );

console.log(machine());
for (const [name, { title, run }] of Object.entries(SECTIONS)) {
  if (!wanted.includes(name)) continue;
  console.log(['', `### ${title}`, '', ...(await run())].join('\n'));
}
