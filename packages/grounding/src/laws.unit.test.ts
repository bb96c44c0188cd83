import type { Artifact, Fact } from '@chimera/shared/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CheckedClaim, checkPage } from './check.ts';
import { createTruth } from './create-truth.ts';
import type { Truth } from './truth.ts';

const MODELS = ['alpha3-8b', 'beta2-14b', 'gamma-70b'];
const FILES = ['runs/first.csv', 'runs/second.json', 'late/third.csv'];
const METRICS = [
  { metric: 'time_to_first_token', words: 'time to first token', unit: 's' },
  { metric: 'output_token_throughput', words: 'output token throughput', unit: 'tok/s' },
  { metric: 'power', words: 'power draw', unit: 'W' },
  { metric: 'load_duration', words: 'load duration', unit: 's' },
] as const;
const STATISTICS = ['mean', 'median', 'p95'] as const;

type Known = { metric: (typeof METRICS)[number]; model: string; file: string; statistic: (typeof STATISTICS)[number]; value: number };

const known: fc.Arbitrary<Known> = fc.record({
  metric: fc.constantFrom(...METRICS),
  model: fc.constantFrom(...MODELS),
  file: fc.constantFrom(...FILES),
  statistic: fc.constantFrom(...STATISTICS),
  value: fc.double({ min: 0.05, max: 900, noNaN: true }),
});

/** A simple world: no two facts of the same thing. */
const worlds = fc.uniqueArray(known, {
  minLength: 1,
  maxLength: 14,
  selector: (one) => `${one.metric.metric} ${one.model} ${one.file} ${one.statistic}`,
});

function factOf({ metric, model, file, statistic, value }: Known, i: number): Fact {
  return {
    id: `f${String(i).padStart(16, '0')}`,
    kind: 'group',
    claim: `The ${statistic} of ${metric.words} of model ${model} in ${file} is ${value} ${metric.unit}.`,
    metric: metric.metric,
    statistic,
    value,
    unit: metric.unit,
    n: 9,
    interval: null,
    labels: { model },
    scope: file,
    formula: statistic,
    inputs: [],
    sources: [{ inventory: 'all' }],
    class: 'measured',
  };
}

const ARTIFACTS: Artifact[] = FILES.map((path) => ({
  path,
  kind: path.endsWith('.csv') ? 'csv' : 'json',
  format: 'generic',
  bytes: 100,
  sha256: null,
  status: 'read',
  reason: null,
  warnings: [],
  measurements: 9,
  records: 9,
  failed: [],
}));

function truthOf(world: readonly Known[]): Truth {
  return createTruth({ facts: world.map(factOf), artifacts: ARTIFACTS });
}

/** A number in words of its own: as it is shown, with what it may stand for in the unit of its metric. */
type Stated = { text: string; low: number; high: number; dimension: string };

function stated(value: number, unit: string, digits: number, inMilliseconds: boolean): Stated {
  const by = unit === 's' && inMilliseconds ? 1_000 : 1;
  const exponent = Math.floor(Math.log10(Math.abs(Number((value * by).toPrecision(digits)))));
  const decimals = Math.max(0, digits - 1 - exponent);
  const text = (value * by).toFixed(decimals);
  const half = (10 ** -decimals / 2) * (1 + 1e-6);
  return { text: `${text} ${by === 1 ? unit : 'ms'}`, low: (Number(text) - half) / by, high: (Number(text) + half) / by, dimension: unit };
}

type Sentence = {
  metric: Known['metric'] | null;
  model: string | null;
  file: string | null;
  statistic: Known['statistic'] | null;
  stated: Stated;
  hedge: string;
};

function pageOf({ metric, model, file, statistic, stated: { text }, hedge }: Sentence): string {
  return `The ${statistic === null ? '' : `${statistic} `}${metric === null ? 'value' : metric.words}${model === null ? '' : ` of ${model}`}${file === null ? '' : ` in \`${file}\``} is ${hedge}${text}.`;
}

/** The claim of the value itself; the file that is named is a claim of its own. */
function valueClaim(page: string, truth: Truth): CheckedClaim {
  const found = checkPage(page, truth).filter(({ claim }) => claim.kind === 'number');
  expect(found, page).toHaveLength(1);
  const [claim] = found;
  if (claim === undefined) throw new Error(`There is no number in: ${page}`);
  return claim;
}

const shown = fc.record({ digits: fc.integer({ min: 3, max: 6 }), milli: fc.boolean() });

/** Sentences that leave out what they like, about a value of the world, of another of its facts, or about any. */
const questions = worlds.chain((world) =>
  fc.record({
    world: fc.constant(world),
    about: fc.constantFrom(...world),
    value: fc.oneof(fc.constantFrom(...world.map((one) => one.value)), fc.double({ min: 0.05, max: 900, noNaN: true })),
    names: fc.record({ metric: fc.boolean(), model: fc.boolean(), file: fc.boolean(), statistic: fc.boolean() }),
    shown,
  }),
);

const average = (some: readonly number[]) => some.reduce((a, b) => a + b, 0) / some.length;
const middle = (some: readonly number[]) => {
  const sorted = [...some].sort((a, b) => a - b);
  return ((sorted[(sorted.length - 1) >> 1] ?? 0) + (sorted[sorted.length >> 1] ?? 0)) / 2;
};

/** What the artifacts say, found without the checker: a fact of all that is named, or the mean or median of several such. */
function isSaid(world: readonly Known[], sentence: Sentence): boolean {
  const { low, high, dimension } = sentence.stated;
  const inside = (value: number) => value >= low && value <= high;
  const alike = world.filter(
    (one) =>
      one.metric.unit === dimension &&
      (sentence.metric === null || one.metric === sentence.metric) &&
      (sentence.model === null || one.model === sentence.model) &&
      (sentence.file === null || one.file === sentence.file),
  );
  if (alike.some((one) => (sentence.statistic === null || one.statistic === sentence.statistic) && inside(one.value))) return true;
  if (sentence.statistic !== 'mean' && sentence.statistic !== 'median') return false;
  // Of all, and of each file's.
  const pools = [alike, ...FILES.map((file) => alike.filter((one) => one.file === file))];
  return pools.some((pool) => {
    const values = pool.filter(({ statistic }) => statistic === 'mean').map(({ value }) => value);
    return values.length > 1 && inside(sentence.statistic === 'mean' ? average(values) : middle(values));
  });
}

describe('sound: nothing is supported that no artifact says', () => {
  it('whatever a sentence names and leaves out', () => {
    fc.assert(
      fc.property(questions, ({ world, about, value, names, shown: { digits, milli } }) => {
        const sentence: Sentence = {
          metric: names.metric ? about.metric : null,
          model: names.model ? about.model : null,
          file: names.file ? about.file : null,
          statistic: names.statistic ? about.statistic : null,
          stated: stated(value, about.metric.unit, digits, milli),
          hedge: '',
        };
        const page = pageOf(sentence);
        if (valueClaim(page, truthOf(world)).verdict === 'supported') expect(isSaid(world, sentence), page).toBe(true);
      }),
      { seed: 11, numRuns: 600 },
    );
  });
});

/** A sentence that names metric, model, file and statistic of a fact, and states a value of its own. */
function fullSentence(about: Known, value: number, { digits, milli }: { digits: number; milli: boolean }, hedge = ''): string {
  return pageOf({ ...about, stated: stated(value, about.metric.unit, digits, milli), hedge });
}

const FORMS: readonly ((about: Known, text: string) => string)[] = [
  ({ statistic, metric, model, file }, text) => `The ${statistic} ${metric.words} of ${model} in \`${file}\` is ${text}.`,
  ({ statistic, metric, model, file }, text) => `For ${model}, ${file} gives a ${statistic} ${metric.words} of ${text}.`,
  ({ statistic, metric, model, file }, text) => `With **${model}**, we saw a ${statistic} ${metric.words} of **${text}** (\`${file}\`).`,
  ({ statistic, metric, model, file }, text) => `- ${model} (\`${file}\`): ${statistic} ${metric.words} ${text}`,
  ({ statistic, metric, model, file }, text) =>
    `From ${file}:\n\n| model | ${statistic} ${metric.words} |\n| --- | --- |\n| ${model} | ${text} |`,
];

describe('complete: every true number is supported where its sentence says what it is', () => {
  it('in every form, in the unit of the file or another, with three digits or more', () => {
    const cases = worlds.chain((world) =>
      fc.record({ world: fc.constant(world), about: fc.constantFrom(...world), form: fc.constantFrom(...FORMS), shown }),
    );
    fc.assert(
      fc.property(cases, ({ world, about, form, shown: { digits, milli } }) => {
        const page = form(about, stated(about.value, about.metric.unit, digits, milli).text);
        const claim = valueClaim(page, truthOf(world));
        expect({ page, verdict: claim.verdict, why: claim.why }).toMatchObject({ verdict: 'supported' });
        expect(claim.facts).toContain(factOf(about, world.indexOf(about)).id);
      }),
      { seed: 11, numRuns: 600 },
    );
  });
});

describe('fail closed: what is not known supports nothing', () => {
  const cases = worlds.chain((world) => fc.record({ world: fc.constant(world), about: fc.constantFrom(...world), shown }));
  const unknown: readonly (readonly [what: string, change: (page: string, about: Known) => string])[] = [
    ['metric', (page, { metric }) => page.replace(metric.words, 'warp factor')],
    ['model', (page, { model }) => page.replace(model, 'zeta9-99b')],
    ['file', (page, { file }) => page.replace(file, 'runs/none.csv')],
    ['unit', (page, { metric }) => page.replace(new RegExp(` (?:${metric.unit}|ms)\\.$`), ' parsecs.')],
    ['unit of another dimension', (page, { metric }) => page.replace(new RegExp(` (?:${metric.unit}|ms)\\.$`), ' req/s.')],
    ['statistic', (page, { statistic }) => page.replace(statistic, 'p37')],
  ];
  it.each(unknown)('an unknown %s', (what, change) => {
    fc.assert(
      fc.property(cases, ({ world, about, shown: how }) => {
        // A rate names its metric by its unit: "it reached 102 tok/s".
        fc.pre(what !== 'metric' || about.metric.unit !== 'tok/s');
        const page = change(fullSentence(about, about.value, how), about);
        for (const { claim, verdict } of checkPage(page, truthOf(world)))
          if (claim.kind === 'number') expect(verdict, page).not.toBe('supported');
      }),
      { seed: 11, numRuns: 150 },
    );
  });

  it('no truth at all', () => {
    const empty = createTruth({ facts: [], artifacts: [] });
    const more = [
      'There are 8 CSV files, 42 % of all.',
      'The latest modification is 2026-11-02.',
      '4 of 5 records failed.',
      'A is 2.5x faster than B (p < 0.001, n = 5).',
      'It lies in `runs/first.csv` and takes 10–20 ms ± 3 ms.',
      'All files together have 24,775 bytes.',
      'CSV is the largest category.',
    ];
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.constantFrom(...more),
            cases.map(({ about, shown: how }) => fullSentence(about, about.value, how)),
          ),
          { minLength: 1, maxLength: 5 },
        ),
        (sentences) => {
          for (const { verdict, text } of checkPage(sentences.join(' '), empty)) expect(verdict, text).not.toBe('supported');
        },
      ),
      { seed: 11, numRuns: 200 },
    );
  });

  it('garbage: no page makes it throw, and each claim lies in its page', () => {
    const truth = truthOf([{ metric: METRICS[0], model: 'alpha3-8b', file: 'runs/first.csv', statistic: 'median', value: 0.0941 }]);
    const pieces = [
      ...[
        '**',
        '`',
        '```',
        '| a | b |\n| --- |',
        '|',
        '#',
        '- ',
        '> ',
        '\n',
        '\n\n',
        '\r\n',
        '\u0000',
        '\u001b[31m',
        '\u200b',
        '\ud800',
        '\u202e',
        '<!--',
        '-->',
        '<b',
        '&#x;',
        '&nbsp',
        '\\',
      ],
      ...[
        '94.1 ms',
        '0.0941 s',
        '1e999',
        '-',
        '−5',
        '∞',
        '1.2.3.4',
        '12:34',
        '10–',
        '± 3',
        'n = ',
        'p < .',
        '2025-13-45',
        '4 of 0',
        '0/0',
        '9'.repeat(400),
        '½',
        '³',
        '%',
        '$',
        'twelve',
        'a third',
        'NaN',
      ],
      ...[
        'median',
        'time to first token',
        'alpha3-8b',
        'runs/first.csv',
        'in',
        'than',
        'faster',
        'CSV files',
        'of the',
        '(',
        ')',
        '[',
        '](',
        'https://x.y/1?a=2',
        '{{F12|ms|2}}',
      ],
    ];
    const page = fc.oneof(
      { weight: 3, arbitrary: fc.array(fc.constantFrom(...pieces), { maxLength: 14 }).map((some) => some.join(' ')) },
      { weight: 1, arbitrary: fc.array(fc.constantFrom(...pieces), { maxLength: 14 }).map((some) => some.join('')) },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 80 }) },
    );
    fc.assert(
      fc.property(page, (text) => {
        for (const { start, end, text: words } of checkPage(text, truth)) {
          expect(start).toBeLessThan(end);
          expect(text.slice(start, end)).toBe(words);
        }
      }),
      { seed: 11, numRuns: 10_000 },
    );
  }, 60_000);
});

describe('monotone: a stricter check never supports more', () => {
  it('facts taken away make no pinned claim supported', () => {
    const cases = questions.chain(({ world, about, value, shown: how }) =>
      fc.record({ world: fc.constant(world), page: fc.constant(fullSentence(about, value, how)), kept: fc.subarray([...world]) }),
    );
    fc.assert(
      fc.property(cases, ({ world, page, kept }) => {
        if (valueClaim(page, truthOf(kept)).verdict === 'supported')
          expect(valueClaim(page, truthOf(world)).verdict, page).toBe('supported');
      }),
      { seed: 11, numRuns: 500 },
    );
  });

  it('a hedge taken away makes no claim supported', () => {
    const cases = fc.record({ question: questions, hedge: fc.constantFrom('about ', 'approximately ', '~', 'around ', 'over ', 'under ') });
    fc.assert(
      fc.property(cases, ({ question: { world, about, value, shown: how }, hedge }) => {
        const truth = truthOf(world);
        if (valueClaim(fullSentence(about, value, how), truth).verdict === 'supported')
          expect(valueClaim(fullSentence(about, value, how, hedge), truth).verdict, hedge).toBe('supported');
      }),
      { seed: 11, numRuns: 500 },
    );
  });

  it('more digits, which leave less room, support no more', () => {
    fc.assert(
      fc.property(questions, fc.double({ min: -0.02, max: 0.02, noNaN: true }), ({ world, about, shown: { milli } }, off) => {
        const truth = truthOf(world);
        const value = about.value * (1 + off);
        const verdicts = [3, 4, 5, 6].map((digits) => {
          const text = stated(value, about.metric.unit, digits, milli);
          // Fewer digits leave more room only where what they leave holds all of it.
          return {
            holds: text.low <= about.value && about.value <= text.high,
            verdict: valueClaim(pageOf({ ...about, stated: text, hedge: '' }), truth).verdict,
          };
        });
        for (const { holds, verdict } of verdicts) if (!holds) expect(verdict).not.toBe('supported');
      }),
      { seed: 11, numRuns: 300 },
    );
  });
});
