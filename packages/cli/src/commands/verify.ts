import { checkPage, type Truth, truthOf } from '@chimera/grounding';
import { limitsFrom } from '@chimera/ingest';
import { Command } from 'commander';
import { type AnnotatedFile, annotatedFile } from '../annotated-file.ts';
import { readPage, STANDARD_INPUT } from '../given-page.ts';
import { artifactCounts, refusedSentence } from '../given-side.ts';
import { type GivenTruth, truthOfGiven } from '../given-truth.ts';
import { writePieces } from '../output.ts';
import { createProgress } from '../progress.ts';
import { EXIT } from '../usage-error.ts';
import { type Verification, verificationOf } from '../verification.ts';
import { verificationJson } from '../verification-json.ts';
import { verificationListing } from '../verification-listing.ts';
import { verificationPage } from '../verification-page.ts';
import { visible } from '../visible.ts';

type VerifyOptions = { artifacts: string; json?: boolean; all?: boolean; annotate?: string };

/** `chimera verify REPORT`: whether what a report states is what the artifacts say. */
export function verifyCommand(): Command {
  return new Command('verify')
    .description(
      'Checks the numbers, dates, files and comparisons that a report states, whoever wrote it, against artifacts: supported, contradicted (with the true value and its source), or unsupported, which is no evidence either way. Ends with 3 when something is contradicted.',
    )
    .argument('<report>', 'Markdown or plain text; - for standard input')
    .requiredOption(
      '--artifacts <path>',
      "what it reports on: a folder of artifacts, a report's folder, report.json or evidence.json, or one artifact",
    )
    .option('--all', 'list the supported claims too, with their sources')
    .option('--json', 'print all of it as one JSON document')
    .option('--annotate <file>', 'write a copy of the report with a footnote for each claim')
    .action(verify);
}

async function verify(given: string, options: VerifyOptions): Promise<void> {
  const { artifacts } = options;
  const page = await readPage(given);
  const copy =
    options.annotate === undefined ? null : await annotatedFile(options.annotate, given === STANDARD_INPUT ? null : given, artifacts);
  const taken = await take(artifacts, page.bytes);
  const truth = truthOf(taken.evidence, taken.observations, taken.measurements);
  const verification = verificationOf(page.text, checkPage(page.text, truth), {
    report: page.name,
    against: visible(artifacts),
    artifacts: { inventory: taken.evidence.inventory, ...artifactCounts(taken.evidence) },
    facts: truth.facts,
  });
  for (const note of notesOn(taken, truth, verification)) process.stderr.write(`chimera: ${note}.\n`);
  if (copy !== null) await annotate(copy, page.text, verification);
  await writePieces(process.stdout, printed(verification, options));
  if (verification.counts.contradicted > 0) process.exitCode = EXIT.verdict;
}

async function take(given: string, report: Uint8Array): Promise<GivenTruth> {
  const progress = createProgress(process.stderr);
  try {
    return await truthOfGiven(given, report, {
      limits: limitsFrom(process.env),
      onProgress(done, total) {
        // Elsewhere each count would be a line, and there is nothing else to tell.
        if (process.stderr.isTTY) progress.tell({ dataset: 'bucket', stage: 'reading', done, total });
      },
    });
  } finally {
    progress.end();
  }
}

/** What a person should know of what was checked against. */
function notesOn({ notes, observations }: GivenTruth, truth: Truth, { against, artifacts, claims }: Verification): string[] {
  const all = [...notes];
  const refused = refusedSentence({ name: against, artifacts });
  if (refused !== null) all.push(refused);
  if (observations !== null && truth.modified === null && claims.some(({ isDate }) => isDate))
    all.push(
      artifacts.total === 1
        ? `when ${against} was changed is no measure of when its numbers came to be, so dates are checked only against those that it states itself`
        : `the files in ${against} were all changed within ten minutes, as those of a copy are, so their times are not trusted: dates are checked only against those that artifacts state themselves`,
    );
  return all;
}

async function annotate(copy: AnnotatedFile, page: string, verification: Verification): Promise<void> {
  // It comes with the reporter's server, which nothing else here needs.
  const { renderLine } = await import('@chimera/reporter');
  await copy.write(verificationPage(page, verification, renderLine));
  process.stderr.write(`chimera: the annotated copy is ${copy.name}\n`);
}

async function* printed(verification: Verification, { json, all }: VerifyOptions): AsyncGenerator<string> {
  if (json) yield* verificationJson(verification);
  else for (const line of verificationListing(verification, all === true)) yield `${line}\n`;
}
