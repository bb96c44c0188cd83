import { limitsFrom } from '@chimera/ingest';
import { Command } from 'commander';
import { type Inspection, inspect } from '../inspection.ts';
import { inspectionJson } from '../inspection-json.ts';
import { inspectionListing } from '../inspection-listing.ts';
import { writePieces } from '../output.ts';
import { EXIT } from '../usage-error.ts';
import { visible } from '../visible.ts';

type InspectOptions = { json?: boolean; all?: boolean };

/** `chimera inspect FILE…`: what format a file is, what was read from it, and from where. */
export function inspectCommand(): Command {
  return new Command('inspect')
    .description(
      'Says what format each file is, what was read from it, and where each number stands. A file that is refused is told with the reason, which is no failure; one that cannot be opened is: then it ends with 1.',
    )
    .argument('<file...>', 'result files; a link is followed, folders, devices and pipes are not opened')
    .option('--json', 'print all that was read as one JSON document: a list with an entry for each file')
    .option('--all', 'list every measurement and failed record, and shorten nothing')
    .action(run);
}

async function run(files: string[], options: InspectOptions): Promise<void> {
  const pieces = options.json ? inspectionJson(inspected(files, true)) : listing(inspected(files, false), options.all === true);
  await writePieces(process.stdout, pieces);
}

/**
 * One after the other: the readings of many large files together may be larger than the memory.
 * @param unopened whether files that could not be opened are among them: a document has an entry for each file, a person was told
 */
async function* inspected(files: readonly string[], unopened: boolean): AsyncGenerator<Inspection> {
  const limits = limitsFrom(process.env);
  for (const file of files) {
    const { inspection, fault } = await inspect(file, limits);
    if (fault !== null) {
      process.stderr.write(`chimera: ${visible(file)} was not inspected: ${visible(fault)}.\n`);
      process.exitCode = EXIT.failed;
    }
    if (fault === null || unopened) yield inspection;
  }
}

async function* listing(inspections: AsyncIterable<Inspection>, all: boolean): AsyncGenerator<string> {
  let first = true;
  for await (const inspection of inspections) {
    if (!first) yield '\n';
    first = false;
    for (const line of inspectionListing(inspection, all)) yield `${line}\n`;
  }
}
