import type { Artifact, Block, FactIndex, Inline, Observations } from '@chimera/shared/domain';
import { excludedRuns, holdsRuns, isOfResults } from './campaign-excluded.ts';
import type { Cites } from './draft.ts';
import { code, heading, paragraph, quotation, text } from './inline.ts';

const MOST_ROWS = 20;
const REASON_LENGTH = 160;

/** Gaps and Refused Files: what was refused and why, what was still being written, what failed, what was read with a warning. */
export function gapsAndRefusals(
  facts: FactIndex,
  artifacts: readonly Artifact[],
  unsettled: Observations['unsettled'],
  { cite }: Cites,
): Block[] {
  const refused = artifacts.filter((a) => a.status === 'refused');
  const blocks: Block[] = [heading(3, 'Refused files')];
  if (refused.length === 0) blocks.push(paragraph(text('None.')));
  else blocks.push({ type: 'list', ordered: false, items: refused.map((a) => [code(a.path), text(': '), quotation(a.reason ?? '')]) });

  if (unsettled !== undefined && unsettled.length > 0) {
    blocks.push(heading(3, 'Not in this report'));
    blocks.push(
      paragraph(text('Files that were still being written when it was made. They come with the next one, once they are at rest.')),
    );
    blocks.push({ type: 'list', ordered: false, items: unsettled.map(({ path, reason }) => [code(path), text(': '), text(reason)]) });
  }
  blocks.push(...excludedRuns({ ...facts, artifacts }, { cite }));
  const failing = artifacts.filter((a) => !holdsRuns(a) && a.failed.length > 0 && facts.find('failed_records', {}, 'count', a.path));
  if (failing.length > 0) {
    blocks.push(
      heading(3, 'Failed records'),
      paragraph(text('A record that says of itself that it failed has no result: its numbers, zeros above all, are in no statistic.')),
    );
    const rows = failing.slice(0, MOST_ROWS).map((a): Inline[][] => {
      const failed = facts.find('failed_records', {}, 'count', a.path);
      const records = facts.find('records', {}, 'count', a.path);
      return [
        [code(a.path)],
        [...(failed && records ? [cite(failed), text(' of '), cite(records)] : [])],
        [code(a.failed[0]?.pointer ?? '')],
        [code((a.failed[0]?.reason ?? '').slice(0, REASON_LENGTH))],
      ];
    });
    blocks.push({ type: 'table', head: ['Artifact', 'Failed', 'First of them', 'Its words'], rows });
    if (failing.length > MOST_ROWS) blocks.push(paragraph(text('The others are in '), code('evidence.json'), text('.')));
  }

  const doubts = facts
    .ofKind('doubt')
    .filter((f) => (f.statistic === 'constant' || f.statistic.startsWith('zero')) && !isOfResults(f, artifacts));
  if (doubts.length > 0) {
    blocks.push(heading(3, 'Numbers in doubt'));
    blocks.push({
      type: 'list',
      ordered: false,
      items: doubts
        .slice(0, MOST_ROWS)
        .map((f) => [
          code(f.metric),
          text(' in '),
          code(f.scope),
          text(f.statistic.startsWith('zero') ? ': every value is ' : ': all values are exactly '),
          cite(f),
          text(' (n = '),
          cite(f, 'n'),
          text(').'),
        ]),
    });
  }
  const warned = artifacts.filter((a) => a.warnings.length > 0);
  if (warned.length > 0) {
    blocks.push(heading(3, 'Read with a warning'));
    blocks.push({
      type: 'list',
      ordered: false,
      // What a campaign's runs warn of says which settings did nothing: all of it counts.
      items: warned
        .slice(0, MOST_ROWS)
        .flatMap((a) => a.warnings.slice(0, holdsRuns(a) ? MOST_ROWS : 1).map((words) => [code(a.path), text(': '), quotation(words)])),
    });
    if (warned.length > MOST_ROWS) blocks.push(paragraph(text('The others are in '), code('evidence.json'), text('.')));
  }
  return blocks;
}
