import { changesBetween, hasRegression } from '@chimera/evidence';
import { limitsFrom } from '@chimera/ingest';
import { Command } from 'commander';
import { comparisonOf } from '../comparison.ts';
import { comparisonJson } from '../comparison-json.ts';
import { comparisonListing } from '../comparison-listing.ts';
import { comparisonPage } from '../comparison-page.ts';
import { refusedSentence, type SideOptions, sideOf } from '../given-side.ts';
import { writePieces } from '../output.ts';
import { createProgress } from '../progress.ts';
import { EXIT, UsageError } from '../usage-error.ts';

type CompareOptions = { json?: boolean; markdown?: boolean; failOnRegression?: boolean };

/** `chimera compare A B`: how B differs from A, the baseline. */
export function compareCommand(): Command {
  return new Command('compare')
    .description(
      'Says how B differs from A, which is the baseline: better, worse, no difference shown, or too few runs to tell, for each metric of each configuration that both have.',
    )
    .argument('<a>', "the baseline: a folder of artifacts, a report's folder, report.json or evidence.json, or one artifact")
    .argument('<b>', 'what is compared with it: any of these')
    .option('--json', 'print all of it as one JSON document')
    .option('--markdown', 'print all of it as Markdown')
    .option('--fail-on-regression', 'end with 3 when something is worse')
    .action(compare);
}

async function compare(a: string, b: string, options: CompareOptions): Promise<void> {
  if (options.json && options.markdown) throw new UsageError('--json and --markdown exclude each other.');
  const progress = createProgress(process.stderr);
  const limits = limitsFrom(process.env);
  const sideOptions: SideOptions = {
    limits,
    onProgress(done, total) {
      // Elsewhere each count would be a line, and there is nothing else to tell.
      if (process.stderr.isTTY) progress.tell({ dataset: 'bucket', stage: 'reading', done, total });
    },
  };
  const to = await sideOf(a, sideOptions);
  const of = await sideOf(b, sideOptions);
  progress.end();
  for (const sentence of [to, of].map(refusedSentence)) if (sentence !== null) process.stderr.write(`chimera: ${sentence}.\n`);
  const changes = changesBetween(of, to);
  await writePieces(process.stdout, printed());
  if (!options.failOnRegression) return;
  if (changes.changes.length === 0) process.stderr.write('chimera: nothing could be compared, so no regression can have been found.\n');
  if (hasRegression(changes)) process.exitCode = EXIT.verdict;

  async function* printed(): AsyncGenerator<string> {
    if (options.json) yield `${comparisonJson(changes, of, to)}\n`;
    else if (options.markdown) {
      // It comes with the reporter's server, which nothing else here needs.
      const { renderMarkdown } = await import('@chimera/reporter');
      yield renderMarkdown(comparisonPage(comparisonOf(changes)));
    } else for (const line of comparisonListing(comparisonOf(changes))) yield `${line}\n`;
  }
}
