import { FAULTS, type FaultClass } from './draft.ts';
import { faultsOf, type Outcome, precisionOf, recallOf, sizeOf, type Tally } from './mutations.ts';

const ASKED: Readonly<Record<FaultClass, number>> = { value: 0.99, unit: 0.99, date: 0.99, binding: 0.95, comparison: 0.95 };

const share = (part: number, whole: number) => (whole === 0 ? '–' : (part / whole).toFixed(3));

function row(name: string, tally: Tally, asked: string): string {
  const n = sizeOf(tally);
  return `| ${name} | ${n} | ${tally.contradicted} | ${tally.unsupported} | ${tally.supported} | ${recallOf(tally).toFixed(3)} | ${share(tally.contradicted, n)} | ${asked} |`;
}

/** The outcome as Markdown: a table of the faults by kind, one of the classes, and what was said of true sentences. */
export function mutationLines(outcome: Outcome): string[] {
  const { right, rest, faults, worlds, templates } = outcome;
  const all = faultsOf(outcome);
  const n = sizeOf(right);
  const head = [
    '| n | contradicted | unsupported | passed as supported | recall | of it contradicted | asked |',
    '| --- | --- | --- | --- | --- | --- | --- |',
  ];
  const classes = (Object.keys(ASKED) as FaultClass[]).map((of) => row(of, faultsOf(outcome, of), `≥ ${ASKED[of]}`));
  return [
    `${sizeOf(all)} false sentences, made by one fault each of true ones that the checker supports, and ${n} true ones: ${templates} templates over ${worlds.join(', ')}.`,
    'What is true is known from the facts and the template, and a fault counts only where arithmetic says that no number of the artifacts makes it true again.',
    'Recall: not called supported; beside it: called contradicted.',
    '',
    `| class ${head[0]}`,
    `| --- ${head[1]}`,
    ...classes,
    row('all', all, ''),
    '',
    `| fault ${head[0]?.replace('asked', 'class')}`,
    `| --- ${head[1]}`,
    ...[...faults].map(([kind, tally]) => row(kind, tally, `${FAULTS[kind]}`)),
    '',
    `Of ${n} true sentences ${right.supported} (${share(right.supported, n)}) are called supported, ${right.unsupported} (${share(right.unsupported, n)}) unsupported, ${right.contradicted} (${share(right.contradicted, n)}) contradicted.`,
    `Of ${sizeOf(rest)} false ones made of true ones that are not supported, which stand in no table, ${rest.supported} pass as supported.`,
    `Precision, of the sentences called contradicted those that are false: ${precisionOf(outcome).toFixed(3)} (asked ≥ 0.98).`,
  ];
}
