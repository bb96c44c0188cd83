import { type Block, type Inline, type Report, shortId } from '@chimera/shared/domain';
import { renderHtml } from './html.ts';
import { renderMarkdown } from './markdown.ts';

/** A report under a status; its facts and its record stay as they are. */
export function stated(report: Report, status: Report['status'], supersededBy: string | null): Report {
  return { ...report, status, supersededBy };
}

/** The three spellings of a report, by file name. */
export async function pages(report: Report): Promise<Map<string, string>> {
  const page = pageOf(report);
  return new Map([
    ['report.md', renderMarkdown(page)],
    ['report.html', await renderHtml(`Chimera report: ${report.title}`, page, report.facts)],
    ['report.json', `${JSON.stringify(report, null, 1)}\n`],
  ]);
}

/** The page with the note that a newer inventory came, where one did. */
function pageOf(report: Report): Block[] {
  if (report.status === 'current') return report.page;
  const by: Inline[] =
    report.supersededBy === null
      ? []
      : [
          { type: 'text', text: '; its current inventory is ' },
          { type: 'code', text: shortId(report.supersededBy) },
        ];
  const note: Block = {
    type: 'paragraph',
    line: [
      { type: 'strong', text: 'Superseded' },
      { type: 'text', text: ': the dataset has changed since' },
      ...by,
      { type: 'text', text: '.' },
    ],
  };
  return [...report.page.slice(0, 1), note, ...report.page.slice(1)];
}
