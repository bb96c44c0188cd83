import { extremes, fewestSuccesses, type Subject, spreads, throughputMedians } from '@chimera/evidence';
import { type Artifact, type Fact, type Inline, isPooled, type Report } from '@chimera/shared/domain';
import type { Citations } from './citations.ts';
import { code, strong, text } from './inline.ts';

type Row = Report['summary'][number];

/** What a reader sees first: what was measured, what stands out, what is in doubt, what is missing, who spoke. */
export function firstScreen(
  facts: Subject,
  artifacts: readonly Artifact[],
  narrator: Inline[],
  withheld: number,
  citations: Citations,
): Row[] {
  return [
    { label: 'Measured', line: measured(facts, citations) },
    { label: 'Stands out', line: standsOut(facts, citations) },
    { label: 'In doubt', line: inDoubt(facts, citations) },
    { label: 'Missing', line: missing(facts, artifacts, citations) },
    {
      label: 'Narrator',
      line: [
        ...narrator,
        text(
          withheld === 0
            ? '. Every number printed has its source.'
            : '. Every number printed has its source; sentences of the model that did not keep to the facts were withheld and are counted below.',
        ),
      ],
    },
  ];
}

function measured(facts: Subject, { cite }: Citations): Inline[] {
  const line: Inline[] = [];
  const add = (fact: Fact | null, before: string, after: string) => {
    if (fact) line.push(text(before), cite(fact), text(after));
  };
  const total = facts.find('artifact_count');
  add(total, '', total?.value === 1 ? ' artifact' : ' artifacts');
  for (const [kind, title] of [
    ['csv', 'CSV'],
    ['json', 'JSON'],
    ['jsonl', 'JSON lines'],
    ['markdown', 'Markdown'],
    ['text', 'text'],
  ] as const) {
    const fact = facts.find('artifact_count', { kind });
    if (fact && fact.value !== 0) add(fact, ', ', ` ${title}`);
  }
  add(facts.find('artifact_size', {}, 'sum'), '; ', '');
  add(facts.find('artifact_count', { status: 'read' }), '; ', ' read');
  add(facts.find('artifact_count', { status: 'refused' }), ', ', ' refused');
  add(facts.find('series_count'), '; ', ' series of numbers');
  return line;
}

function standsOut(facts: Subject, { cite }: Citations): Inline[] {
  const range = extremes(throughputMedians(facts));
  const spread = spreads(facts)[0];
  const line: Inline[] = [];
  const [only] = throughputMedians(facts).filter((f) => !isPooled(f));
  if (!range && only) line.push(strong('Throughput'), text(': median '), cite(only, 'full'), text(' ('), ...where(only), text('). '));
  if (range) {
    const [from, to] = [where(range.least), where(range.greatest)];
    line.push(strong('Throughput'), text(': medians from '), cite(range.least, 'full'), text(' ('), ...from, text(') to '));
    line.push(cite(range.greatest, 'full'), text(' ('), ...to, text('); models and settings may differ. '));
  }
  if (spread) {
    line.push(strong('Spread'), text(': '), code(spread.metric), text(' in '), ...where(spread));
    line.push(text(' reaches '), cite(spread), text(' its median.'));
  }
  return line.length > 0 ? line : [text('Nothing that the files say with enough values to be told.')];
}

/** The artifact that a fact is of, with the labels that set it apart there. */
function where(fact: Fact): Inline[] {
  const labels = Object.entries(fact.labels).flatMap(([key, value]) => [text(`, ${key} `), code(value)]);
  return [code(fact.scope), ...labels];
}

function inDoubt(facts: Subject, { cite }: Citations): Inline[] {
  const line: Inline[] = [];
  const failed = facts.find('failed_records');
  const failing = facts.find('artifacts_with_failed_records');
  if (failed && failing)
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
  const constant = facts.ofKind('doubt').find((f) => f.statistic === 'constant');
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
  const unitless = facts.find('series_without_unit');
  if (unitless) line.push(cite(unitless), text(' series state no unit.'));
  return line.length > 0 ? line : [text('Nothing was found that speaks against the numbers.')];
}

function missing(facts: Subject, artifacts: readonly Artifact[], { cite }: Citations): Inline[] {
  const parts: Inline[][] = facts
    .ofKind('gap')
    .filter((f) => f.metric === 'expected_folder')
    .map((gap) => [text('folder '), code(`${gap.labels.folder}/`), text(' (artifacts: '), cite(gap), text(')')]);
  for (const gap of facts.ofKind('gap').filter((f) => f.metric === 'expected_kind'))
    parts.push([text('kind '), code(gap.labels.kind ?? ''), text(' (artifacts: '), cite(gap), text(')')]);
  const absent = facts.ofKind('gap').filter((f) => f.metric === 'telemetry_series');
  if (absent.length > 0) parts.push([text(`nothing names ${absent.map((f) => f.labels.telemetry).join(', ')}`)]);
  const refused = artifacts.filter((a) => a.status === 'refused');
  const [first] = refused;
  if (first) parts.push([text('refused: '), code(first.path), text(refused.length > 1 ? ' and others, see Gaps and Refused Files' : '')]);
  if (parts.length === 0) return [text('Nothing that was expected, and no file was refused.')];
  return parts.flatMap((part, i) => (i === 0 ? part : [text(' · '), ...part]));
}
