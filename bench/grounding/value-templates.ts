import { capital } from './words.ts';

/** The pieces of a sentence about one value. `number` and `value` (with its unit) are marked as what is at issue. */
export type Pieces = {
  metric: string;
  quantity: string;
  statistic: string;
  who: string;
  Who: string;
  file: string;
  number: string;
  unit: string;
  value: string;
  n: number;
  beside: string;
};

export type ValueTemplate = {
  name: string;
  render: (pieces: Pieces) => string;
  hedge?: 'about' | 'over';
  /** it names no file */
  fileless?: true;
  /** it states how many values are behind it */
  needsN?: true;
  /** it states another value of the same configuration beside */
  needsOther?: true;
  /** the unit stands apart from the number */
  bareUnit?: true;
};

const article = (words: string) => (/^[aeiou]/i.test(words) && !/^(?:one|uni|uti|use)/i.test(words) ? `an ${words}` : `a ${words}`);

export const VALUE_TEMPLATES: readonly ValueTemplate[] = [
  { name: 'The M of C in F is V', render: ({ quantity, who, file, value }) => `The ${quantity} of ${who} in ${file} is ${value}.` },
  {
    name: 'F reports a M of V',
    render: ({ quantity, who, file, value }) => `${file} reports ${article(quantity)} of ${value} for ${who}.`,
  },
  { name: 'For C, the M was V (F)', render: ({ quantity, who, file, value }) => `For ${who}, the ${quantity} was ${value} (${file}).` },
  {
    name: 'We measured',
    render: ({ quantity, who, file, value }) => `We measured ${article(quantity)} of ${value} with ${who}; see ${file}.`,
  },
  { name: 'V before M', render: ({ quantity, who, file, value }) => `At ${value}, the ${quantity} of ${who} in ${file} is worth a note.` },
  {
    name: 'bold',
    render: ({ quantity, who, file, value }) => `**${who.replaceAll('`', '')}** achieved ${article(quantity)} of **${value}** in ${file}.`,
  },
  { name: 'in brackets', render: ({ quantity, Who, file, value }) => `${Who} (${quantity}: ${value}) is described in ${file}.` },
  {
    name: 'bullet under a line',
    render: ({ quantity, who, file, value }) =>
      `Results of ${who} in ${file}:\n\n- **${capital(quantity)}:** ${value}\n- Nothing else was looked at.`,
  },
  {
    name: 'bullet under a heading',
    render: ({ metric, statistic, who, file, value }) => `### ${who} (${file})\n\n- **${metric} (${statistic}):** ${value}`,
  },
  {
    name: 'row of a configuration',
    bareUnit: true,
    render: ({ quantity, who, file, number, unit }) =>
      `From ${file}:\n\n| configuration | ${quantity} (${unit}) |\n| --- | --- |\n| ${who} | ${number} |`,
  },
  {
    name: 'row of a metric',
    render: ({ quantity, who, file, value }) =>
      `#### ${who}, ${file}\n\n| Metric | Value |\n| --- | --- |\n| ${capital(quantity)} | ${value} |`,
  },
  {
    name: 'with n',
    needsN: true,
    render: ({ quantity, who, file, value, n }) => `The ${quantity} of ${who} is ${value} (n = ${n}, ${file}).`,
  },
  {
    name: 'over n samples',
    needsN: true,
    render: ({ quantity, who, file, value, n }) => `Over ${n} samples, the ${quantity} of ${who} in ${file} was ${value}.`,
  },
  { name: 'no file', fileless: true, render: ({ quantity, Who, value }) => `${Who} has ${article(quantity)} of ${value}.` },
  {
    name: 'about',
    hedge: 'about',
    render: ({ quantity, Who, file, value }) => `${Who} shows ${article(quantity)} of about ${value} in ${file}.`,
  },
  { name: '~', hedge: 'about', render: ({ quantity, who, file, value }) => `In ${file}, the ${quantity} of ${who} is ~${value}.` },
  { name: 'over', hedge: 'over', render: ({ quantity, who, file, value }) => `In ${file}, the ${quantity} of ${who} is over ${value}.` },
  {
    name: 'two values',
    needsOther: true,
    render: ({ quantity, who, file, value, beside }) => `In ${file}, ${who} has ${article(quantity)} of ${value} and ${article(beside)}.`,
  },
  {
    name: 'two values, second',
    needsOther: true,
    render: ({ quantity, who, file, value, beside }) =>
      `In ${file}, ${who} combines ${article(beside)} with ${article(quantity)} of ${value}.`,
  },
  {
    name: 'after a sentence',
    render: ({ quantity, who, file, value }) =>
      `The file ${file} covers ${who}. Its runs are complete, and nothing in them failed. In it, ${who} has ${article(quantity)} of ${value}.`,
  },
];
