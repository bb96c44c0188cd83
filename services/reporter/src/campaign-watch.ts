import type { Subject } from '@chimera/evidence';
import type { Inline } from '@chimera/shared/domain';
import { excludedCounts, unansweredCounts } from './campaign-excluded.ts';
import { campaignsIn } from './campaign-facts.ts';
import type { Cites } from './draft.ts';
import { code, strong, text } from './inline.ts';

/**
 * That no model was timed, where none was; how many runs were excluded, and where each stands with its reason; and how many calls of
 * runs that count got no answer.
 */
export function watchOfCampaign(facts: Subject, { cite }: Cites): Inline[] {
  const excluded = excludedCounts(facts).flatMap(({ path, failed, records }): Inline[] => [
    strong('Excluded'),
    text(': '),
    cite(failed),
    ...(records === null ? [] : [text(' of '), cite(records)]),
    text(' tries in '),
    code(path),
    text(', counted nowhere; Gaps and Refused Files names each and says why. '),
  ]);
  const unanswered = unansweredCounts(facts).flatMap(({ path, failed, records }): Inline[] => [
    strong('Calls without an answer'),
    text(', in runs that count: '),
    cite(failed),
    ...(records === null ? [] : [text(' of '), cite(records)]),
    text(' in '),
    code(path),
    text('. '),
  ]);
  return [...played(facts), ...excluded, ...unanswered];
}

/** What a run's label `engine` says where no model answered. */
const REPLAY = 'replay server';

function played(facts: Subject): Inline[] {
  const cells = campaignsIn(facts).flatMap((campaign) => campaign.cells);
  const some = cells.filter(({ labels }) => labels.engine === REPLAY);
  if (some.length === 0) return [];
  const which = some.length === cells.length ? 'the campaign was made' : 'some runs were made';
  return [strong('Replay server'), text(`: ${which} on a server that plays Ollama; its times say nothing of a model or a GPU. `)];
}
