import { NUMERIC, reportsAbsent, type Score, scoreOf, type TextSet, truthOfSeed } from '../../test/agent-reports/score.ts';

const TITLES: Readonly<Record<TextSet, string>> = {
  reports: 'reports, on which the checker was tuned',
  answers: 'answers, whose failures were looked at once',
  unseen: 'answers that were never looked at',
};

/** The checker on prose that other agents wrote, against claims that people labelled: a table. */
export async function reportLines(): Promise<string[]> {
  if (reportsAbsent !== null) return ['', `The labelled reports were skipped: ${reportsAbsent}.`];
  const truth = await truthOfSeed();
  const rows = (Object.keys(TITLES) as TextSet[]).flatMap((set) => [
    row(`${TITLES[set]}: numbers and dates`, scoreOf(set, truth, { kinds: NUMERIC })),
    row(`${TITLES[set]}: of these, where the label was sure`, scoreOf(set, truth, { kinds: NUMERIC, sure: true })),
    row(`${TITLES[set]}: all claims, comparisons and names too`, scoreOf(set, truth)),
  ]);
  return [
    '',
    'Prose of other agents, against labels made by hand from the artifacts. Recall: of the claims that the artifacts contradict, those',
    'called contradicted; precision: of those called contradicted, the ones labelled so. When the tuning on the reports was over and no',
    'answer had been looked at, recall was 0.829 and precision 0.965 over all twenty answers (numbers and dates, sure labels).',
    '',
    '| texts | n | claims | of them false | found | false alarms | recall | precision | asked of both |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
  ];
}

function row(title: string, { texts, claims, wrong, found, alarms, recall, precision }: Score): string {
  return `| ${title} | ${texts} | ${claims} | ${wrong} | ${found} | ${alarms} | ${recall.toFixed(3)} | ${precision.toFixed(3)} | 0.95 |`;
}
