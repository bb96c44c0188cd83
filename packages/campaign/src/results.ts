import { CAMPAIGN_CALL_COLUMNS, type CampaignCall, CampaignRun } from '@chimera/shared/domain';
import { stringify } from 'yaml';
import type { CampaignFile } from './campaign-file.ts';
import { byTry, type JournalEntry } from './entry.ts';

/** The files of a campaign's results by name: a dataset of their own. Equal entries give equal bytes, in whatever order they come. */
export function resultFiles(
  file: CampaignFile,
  entries: readonly JournalEntry[],
): Record<'runs.jsonl' | 'calls.csv' | 'chimera.yaml', string> {
  const inOrder = entries.toSorted(byTry);
  return {
    'runs.jsonl': runsJsonl(inOrder.map(({ line }) => line)),
    'calls.csv': callsCsv(inOrder.flatMap(({ calls }) => calls)),
    'chimera.yaml': stringify({ title: file.title ?? `Campaign ${file.name}` }),
  };
}

/** One try a line, its fields in the order of their schema: a line that came out of a journal has the same bytes as one that did not. */
export function runsJsonl(lines: readonly CampaignRun[]): string {
  return lines.map((line) => `${JSON.stringify(CampaignRun.parse(line))}\n`).join('');
}

/** A header and one call a line, after RFC 4180; what is not told is an empty cell. */
export function callsCsv(rows: readonly CampaignCall[]): string {
  const lines = [CAMPAIGN_CALL_COLUMNS, ...rows.map((row) => CAMPAIGN_CALL_COLUMNS.map((column) => row[column]))];
  return lines.map((cells) => `${cells.map(cellText).join(',')}\r\n`).join('');
}

function cellText(value: string | number | boolean | null): string {
  const text = String(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
