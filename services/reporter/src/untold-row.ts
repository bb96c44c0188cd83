import { type Choice, choices, chosenLabels, isInOneFile, type Subject, workLabels } from '@chimera/evidence';
import type { Artifact, Inline } from '@chimera/shared/domain';
import { campaignsIn } from './campaign-facts.ts';
import { untoldOfCampaign } from './campaign-rows.ts';
import { toldChoices } from './choose-row.ts';
import type { Cites } from './draft.ts';
import { code, text } from './inline.ts';
import { names } from './screen-words.ts';

/** Studies with too few runs that the first screen names. */
const MOST_UNTOLD = 2;

/** What the files do not say: too few runs, no quality, no unit, missing folders, refused files. */
export function untold(facts: Subject, artifacts: readonly Artifact[], { cite }: Cites): Inline[] {
  // What stands under the choices already is not said twice.
  const named = new Set(toldChoices(facts).map(({ best }) => best.id));
  const parts: Inline[][] = choices(facts)
    .filter(({ best, range, needed }) => range !== null && needed !== null && !named.has(best.id))
    .slice(0, MOST_UNTOLD)
    .flatMap((choice) => tooFew(choice, facts, { cite }));
  parts.push(...gaps(facts, artifacts, { cite }));
  const [campaign] = campaignsIn(facts);
  if (campaign !== undefined) parts.unshift(...untoldOfCampaign(campaign, { cite }));
  if (parts.length === 0) return [text('Nothing that was expected, and no file was refused.')];
  return parts.flatMap((part, i) => (i === 0 ? part : [text(' · '), ...part]));
}

/** Settings that lie so close, and ran so few times, that nothing can be shown of them. */
function tooFew(choice: Choice, facts: Subject, { cite }: Cites): Inline[][] {
  const { range, needed } = choice;
  if (range === null || needed === null) return [];
  const work = workLabels(range.labels);
  const own = chosenLabels(choice, facts).map(([name]) => name);
  const line: Inline[] = own.length > 0 ? [code(own.join(', '))] : [text('files')];
  if (work.length > 0) line.push(text(' for '), ...names(work));
  line.push(...inFile(choice, facts), text(': '), cite(range, 'n'), text(' configurations differ by up to '), cite(range));
  const each = needed.n === range.n ? 'each' : 'those that ran least';
  return [[...line, text(', and '), cite(needed), text(` more of ${each} needed to show a difference`)]];
}

/** The file that holds all configurations of a study; where each stands in one of its own, the best of them leads to the others. */
function inFile(choice: Choice, facts: Subject): Inline[] {
  return isInOneFile(choice, facts)
    ? [text(' in '), code(choice.best.scope)]
    : [text(' (the highest in '), code(choice.best.scope), text(')')];
}

function gaps(facts: Subject, artifacts: readonly Artifact[], { cite }: Cites): Inline[][] {
  const parts: Inline[][] = facts
    .ofKind('gap')
    .filter((f) => f.metric === 'expected_folder')
    .map((gap) => [text('folder '), code(`${gap.labels.folder}/`), text(' (artifacts: '), cite(gap), text(')')]);
  for (const gap of facts.ofKind('gap').filter((f) => f.metric === 'expected_kind'))
    parts.push([text('kind '), code(gap.labels.kind ?? ''), text(' (artifacts: '), cite(gap), text(')')]);
  const absent = facts.ofKind('gap').filter((f) => f.metric === 'telemetry_series');
  if (absent.length > 0) parts.push([text(`nothing names ${absent.map((f) => f.labels.telemetry).join(', ')}`)]);
  const quality = facts.find('telemetry_series', { telemetry: 'quality' });
  if (quality && quality.value !== 0 && choices(facts).length > 0 && !facts.ofKind('group').some(({ metric }) => metric === 'accuracy'))
    parts.push([text('quality: '), cite(quality), text(' series record it, none with a unit, so it was weighed in no choice')]);
  const unitless = facts.find('series_without_unit');
  if (unitless) parts.push([cite(unitless), text(' series state no unit')]);
  const refused = artifacts.filter((a) => a.status === 'refused');
  const [first] = refused;
  if (first) parts.push([text('refused: '), code(first.path), text(refused.length > 1 ? ' and others, see Gaps and Refused Files' : '')]);
  return parts;
}
