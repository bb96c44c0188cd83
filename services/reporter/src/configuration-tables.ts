import {
  type Candidate,
  CHANGES_WITH,
  type Choice,
  candidatesOf,
  choices,
  chosenLabels,
  isInOneFile,
  type Subject,
  workLabels,
} from '@chimera/evidence';
import { type Block, type Fact, type Inline, METRICS } from '@chimera/shared/domain';
import type { Cites } from './draft.ts';
import { code, heading, labelName, paragraph, text } from './inline.ts';

const MOST_STUDIES = 12;
const MOST_ROWS = 12;

/** For each study its configurations, the best first, and what the comparisons with the best say. */
export function configurationTables(facts: Subject, cites: Cites): Block[] {
  const found = choices(facts);
  if (found.length === 0) return [];
  const blocks: Block[] = [
    heading(3, 'Configurations'),
    paragraph(
      text(
        'Configurations that did the same work, the best first. A verdict needs enough runs, an adjusted p below the threshold, an interval of the ratio without one, and a difference above the noise floor; the formula stands with each fact under Evidence.',
      ),
    ),
  ];
  for (const choice of found.slice(0, MOST_STUDIES)) blocks.push(...study(choice, facts, cites));
  if (found.length > MOST_STUDIES) blocks.push(paragraph(text('Further studies are in '), code('evidence.json'), text('.')));
  return blocks;
}

function study(choice: Choice, facts: Subject, cites: Cites): Block[] {
  const { best, range } = choice;
  const { cite } = cites;
  const candidates = candidatesOf(choice, facts);
  const names = chosenLabels(choice, facts).map(([name]) => name);
  // Where the labels say the same of several, what sets them apart is the file.
  const alike = new Set(candidates.map(({ labels }) => JSON.stringify(names.map((name) => labels[name])))).size < candidates.length;
  const byFile = names.length === 0 || alike;
  const work = workLabels(range?.labels ?? {});
  const isFirstToken = best.metric === 'time_to_first_token';
  const head = [
    ...names,
    ...(byFile ? ['File'] : []),
    title(best.metric),
    'n',
    ...(isFirstToken ? [] : ['Time to first token']),
    'Against the best',
  ];
  const rows = candidates
    .slice(0, MOST_ROWS)
    .map((candidate): Inline[][] => [
      ...names.map((name) => [code(candidate.labels[name] ?? '')]),
      ...(byFile ? [[code(candidate.fact.scope)]] : []),
      [cite(candidate.fact)],
      [cite(candidate.fact, 'n')],
      ...(isFirstToken ? [] : [[candidate.firstToken ? cite(candidate.firstToken) : text('–')]]),
      against(candidate, choice, cites),
    ]);
  const where: Inline[] = [
    ...work.flatMap(([name, value], i) => [...labelName(i === 0 ? '' : ', ', name), code(value)]),
    ...(isInOneFile(choice, facts)
      ? [text(work.length > 0 ? ', in ' : 'In '), code(best.scope)]
      : [text(work.length > 0 ? ', over several files' : 'Over several files')]),
  ];
  const blocks: Block[] = [paragraph(...where, text(':')), { type: 'table', head, rows }];
  const notes: Inline[] = [];
  if (range) notes.push(cite(range, 'n'), text(' configurations differ by up to '), cite(range), text('. '));
  if (choice.needed)
    notes.push(
      text('Not enough runs for a verdict: '),
      cite(choice.needed),
      text(` more of ${choice.needed.n === range?.n ? 'each' : 'those that ran least'} are needed.`),
    );
  if (candidates.length > MOST_ROWS) notes.push(text(' The others are in '), code('evidence.json'), text('.'));
  if (notes.length > 0) blocks.push(paragraph(...notes));
  return blocks;
}

/** The verdict of the best against this one. */
function against({ fact, labels }: Candidate, { best, comparisons }: Choice, { cite }: Cites): Inline[] {
  if (fact.scope === best.scope && fact.value === best.value && sameValues(labels, best.labels)) return [text('the best')];
  const found = comparisons.find(
    (one) => one.comparison !== undefined && isOther(one.comparison.label, one.comparison.to, fact, best) && namesFile(one, fact, best),
  );
  return found?.comparison ? [cite(found), text(`, ${found.comparison.verdict}`)] : [text('–')];
}

/** Several files may hold the other value of the label: a comparison over two files names the other. */
function namesFile({ sources }: Fact, fact: Fact, best: Fact): boolean {
  const paths = new Set(fact.sources.flatMap((source) => ('path' in source ? [source.path] : [])));
  return fact.scope === best.scope || sources.some((source) => 'path' in source && paths.has(source.path));
}

function isOther(label: string, to: string, fact: Fact, best: Fact): boolean {
  if (label === 'file') return fact.scope === to;
  const common = Object.entries(best.labels).filter(([name]) => name !== label && CHANGES_WITH[name] !== label);
  return fact.labels[label] === to && common.every(([name, value]) => fact.labels[name] === value);
}

function sameValues(a: Fact['labels'], b: Fact['labels']): boolean {
  return Object.entries(a).every(([name, value]) => b[name] === value);
}

function title(metric: string): string {
  const words = Object.hasOwn(METRICS, metric) ? METRICS[metric as keyof typeof METRICS].title : metric;
  return words.charAt(0).toUpperCase() + words.slice(1);
}
