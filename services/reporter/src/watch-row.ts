import { coldStarts, fewestSuccesses, type Subject, spreads } from '@chimera/evidence';
import { type Artifact, CAMPAIGN_PROFILE, type Inline } from '@chimera/shared/domain';
import { holdsCalls, holdsRuns, isOfResults } from './campaign-excluded.ts';
import { watchOfCampaign } from './campaign-watch.ts';
import type { Cites } from './draft.ts';
import { code, labelName, strong, text } from './inline.ts';
import { names, where } from './screen-words.ts';

/** Cold starts that the first screen names. */
const MOST_COLD = 2;

/** What makes numbers mean less than they seem to: cold starts, failed records, files with few successes, constants. */
export function watch(facts: Subject, { cite }: Cites): Inline[] {
  const line: Inline[] = watchOfCampaign(facts, { cite });
  // A campaign keeps cold starts apart, and its tables have a row for each.
  const cold = coldStarts(facts)
    .filter(({ cold: { labels } }) => labels[CAMPAIGN_PROFILE] === undefined)
    .slice(0, MOST_COLD);
  for (const { cold: first, warm } of cold) {
    line.push(strong('Cold start'), text(': '), cite(first), text(' to the first token, then '), cite(warm), text(' ('), code(first.scope));
    const labels = Object.entries(first.labels).filter(([name]) => name !== 'start');
    if (labels.length > 0) line.push(text(', '), ...names(labels));
    line.push(text('). '));
  }
  const spread = cold.length === 0 ? spreads(facts)[0] : undefined;
  if (spread)
    line.push(
      strong('Spread'),
      text(': '),
      code(spread.metric),
      text(' in '),
      ...where(spread),
      text(' reaches '),
      cite(spread),
      text(' its median. '),
    );
  line.push(...inDoubt(facts, { cite }));
  return line.length > 0 ? line : [text('Nothing was found that speaks against the numbers.')];
}

function inDoubt(facts: Subject, { cite }: Cites): Inline[] {
  const line: Inline[] = [];
  const failed = facts.find('failed_records');
  const failing = facts.find('artifacts_with_failed_records');
  // Of a campaign's runs and calls it is said already.
  const isOther = ({ failed: records, ...artifact }: Artifact) => records.length > 0 && !holdsRuns(artifact) && !holdsCalls(artifact);
  if (failed && failing && facts.artifacts.some(isOther))
    line.push(
      text('failed records: '),
      cite(failed),
      text(', in '),
      cite(failing),
      text(failing.value === 1 ? ' artifact' : ' artifacts'),
      text(', counted nowhere as results. '),
    );
  const few = fewestSuccesses(facts);
  if (few)
    line.push(
      text('Only '),
      cite(few.succeeded),
      text(' of '),
      cite(few.records),
      text(' records in '),
      code(few.succeeded.scope),
      text(' succeeded. '),
    );
  const spelling = facts.ofKind('doubt').find((f) => f.metric === 'label_spelling');
  if (spelling)
    line.push(
      ...labelName('', spelling.labels.label ?? ''),
      code(spelling.labels.value ?? ''),
      text(' is spelt in '),
      cite(spelling),
      text(' ways, which are kept apart. '),
    );
  const negative = facts.ofKind('doubt').find((f) => f.statistic.startsWith('negative'));
  if (negative)
    line.push(
      code(negative.metric),
      text(' in '),
      code(negative.scope),
      text(' falls to '),
      cite(negative),
      text(': negative values count nowhere. '),
    );
  const constant = facts.ofKind('doubt').find((f) => f.statistic === 'constant' && !isOfResults(f, facts.artifacts));
  if (constant)
    line.push(
      code(constant.metric),
      text(' in '),
      code(constant.scope),
      text(' is exactly '),
      cite(constant),
      text(' in all '),
      cite(constant, 'n'),
      text(' values: it cannot be told what it is. '),
    );
  return line;
}
