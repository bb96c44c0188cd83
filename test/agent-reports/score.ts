import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_LIMITS } from '@chimera/formats';
import { type ClaimVerdict, checkPage, type Truth, truthOf } from '@chimera/grounding';
import { folderBucket, truthOfBucket } from '@chimera/ingest';
import { z } from 'zod';
import { ROOT } from '../support/seed.ts';

const DATA = join(ROOT, '../shared/data');
const LAY_OUT = join(ROOT, '../shared/tools/seed-artifacts');

/** Why reports of other agents cannot be scored; null where they, and the artifacts they speak of, are there. */
export const reportsAbsent =
  existsSync(LAY_OUT) && existsSync(join(DATA, 'agent-reports')) ? null : 'the reports and their artifacts are not beside this clone';

// A claim as people labelled it: offsets into the text as JavaScript counts them, the verdict of the artifacts, what it is about.
const Label = z.union([
  z.tuple([z.int(), z.int(), z.enum(['supported', 'contradicted', 'unsupported']), z.string()]),
  z.tuple([z.int(), z.int(), z.enum(['supported', 'contradicted', 'unsupported']), z.string(), z.literal('unsure')]),
]);
const Labels = z.record(z.string(), z.array(Label));

/**
 * The sets of labelled texts. `reports`: the checker was tuned on them. `answers` and `unseen`: models' answers of the same kind,
 * labelled when the tuning was over. What failed on `answers` was looked at once, for the last changes; `unseen` never was.
 */
export type TextSet = 'reports' | 'answers' | 'unseen';

type Texts = { labels: string; has: (name: string) => boolean; text: (name: string) => string };

const answer = (name: string) => Transcript.parse(JSON.parse(readFileSync(join(DATA, 'transcripts', name), 'utf8'))).calls[1].response;
const SETS: Readonly<Record<TextSet, Texts>> = {
  reports: { labels: 'labels.json', has: () => true, text: (name) => readFileSync(join(DATA, 'agent-reports', name), 'utf8') },
  answers: { labels: 'answers.json', has: (name) => name <= '10.json', text: answer },
  unseen: { labels: 'answers.json', has: (name) => name > '10.json', text: answer },
};

const Transcript = z.object({ calls: z.tuple([z.unknown(), z.object({ response: z.string() })]).rest(z.unknown()) });

export type Score = {
  texts: number;
  claims: number;
  /** labelled as contradicted by the artifacts, and found so */
  wrong: number;
  found: number;
  /** labelled otherwise, and called contradicted all the same */
  alarms: number;
  recall: number;
  precision: number;
};

/** Scores the checker on a set: all labels, or only those of which the people were sure, and only some kinds of claims. */
export function scoreOf(set: TextSet, truth: Truth, only: { sure?: boolean; kinds?: readonly string[] } = {}): Score {
  const { labels, has, text } = SETS[set];
  const all = Labels.parse(JSON.parse(readFileSync(join(ROOT, 'test/agent-reports', labels), 'utf8')));
  const sum = { texts: 0, claims: 0, wrong: 0, found: 0, alarms: 0 };
  for (const [name, own] of Object.entries(all)) {
    if (!has(name)) continue;
    const checked = checkPage(text(name), truth);
    sum.texts++;
    for (const [start, end, verdict, kind, unsure] of own) {
      if ((only.sure && unsure !== undefined) || (only.kinds && !only.kinds.includes(kind))) continue;
      const called: ClaimVerdict[] = checked.filter((claim) => claim.start < end && start < claim.end).map((claim) => claim.verdict);
      const isCalled = called.includes('contradicted');
      sum.claims++;
      if (verdict === 'contradicted') sum.wrong++;
      if (isCalled && verdict === 'contradicted') sum.found++;
      if (isCalled && verdict !== 'contradicted') sum.alarms++;
    }
  }
  return { ...sum, recall: sum.found / Math.max(1, sum.wrong), precision: sum.found / Math.max(1, sum.found + sum.alarms) };
}

/** What the artifacts that the texts speak of support, read as `chimera verify` reads them. */
export async function truthOfSeed(): Promise<Truth> {
  const folder = mkdtempSync(join(tmpdir(), 'chimera-reports-'));
  try {
    const { status, stderr } = spawnSync('bash', [LAY_OUT, folder], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`The artifacts could not be laid out: ${stderr}`);
    const { evidence, observations, measurements } = await truthOfBucket(folderBucket(folder), DEFAULT_LIMITS);
    return truthOf(evidence, observations, measurements);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Kinds of labelled claims that hold a number, a date or an amount in words. */
export const NUMERIC = ['count', 'share', 'size', 'date', 'span', 'value', 'ratio'] as const;
