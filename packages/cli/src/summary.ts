import { relative } from 'node:path';
import type { Inline, Report } from '@chimera/shared/domain';

/** The path of a report and its first screen in five lines, as text for a terminal. */
export function summaryLines(report: Report, folder: string, from: string): string[] {
  const path = relative(from, `${folder}/report.md`);
  const width = Math.max(...report.summary.map((row) => row.label.length));
  return [
    `Report: ${path.startsWith('..') ? `${folder}/report.md` : path} (report.html and report.json beside it)`,
    ...report.summary.map((row) => `  ${row.label.padEnd(width)}  ${plain(row.line)}`),
  ];
}

/** A line without marks; control characters out of artifacts were replaced before. */
function plain(line: readonly Inline[]): string {
  return line
    .map((inline) => inline.text)
    .join('')
    .replace(/\s+/g, ' ')
    .trim();
}
