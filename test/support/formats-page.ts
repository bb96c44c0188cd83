import { type FieldTable, type Format, GENERIC_FORMATS, KNOWN_FORMATS } from '@chimera/formats';
import { LABELS, METRICS } from '@chimera/shared/domain';

/** docs/formats.md: a function of the tables that the readers read by. */
export function formatsPage(): string {
  const formats = byName([...KNOWN_FORMATS, ...GENERIC_FORMATS]);
  return `${[
    INTRODUCTION,
    table(
      ['format', 'written by'],
      formats.map(({ name, tool }) => [`[${name}](#${name})`, prose(tool) || '–']),
    ),
    ...formats.flatMap((format) => [`## ${format.name}`, ...section(format)]),
    METRICS_INTRODUCTION,
    table(
      ['metric', 'unit', 'better', 'what it is'],
      Object.entries(METRICS).map(([name, { unit, direction, title }]) => [code(name), unit, BETTER[direction], title]),
    ),
    LABELS_INTRODUCTION,
    table(
      ['label', 'what it is'],
      Object.entries(LABELS).map(([name, meaning]) => [code(name), meaning]),
    ),
  ].join('\n\n')}\n`;
}

const INTRODUCTION = `# Formats

What Chimera recognises, and what each field becomes. \`sh scripts/node.sh scripts/formats.ts\` writes this file from the tables that the readers
read by (\`packages/formats/src/formats\`); \`npm test\` fails where it says something else.

A file is recognised by its content, never by its name, in the order of this table: the first that fits reads it. What none fits is read
by the names of its columns and keys (\`generic\`), or kept as text (\`unknown\`). \`npx chimera inspect FILE\` says what a file was taken for and what was read from it.
[A page](add-a-format.md) says how to add a format.

Value and unit of a measurement are the file's own, and a pointer leads to the number; comparisons convert to the unit of the metric. "Own" is
a metric under the file's own name: it is shown and never judged. \`over\` says what a statistic is over, or what a raw value is one of: runs and repetitions
may be compared as samples, while requests, gaps between tokens and samples of a clock within one run are not independent of each other.`;

const METRICS_INTRODUCTION = `## Metrics

Canonical metrics, with the unit in which they are compared. Any other metric has the file's own name and no direction.`;

const LABELS_INTRODUCTION = `## Labels

Canonical labels: configuration dimensions under one name, whatever a tool calls them. Runs are compared only where all known ones but the one
studied agree. A label that none of these fits keeps the file's own name.`;

const BETTER = { higher: 'higher', lower: 'lower', none: '–' } as const;

type Described = Pick<Format, 'name' | 'tool' | 'signature' | 'fields' | 'labels' | 'notes'>;

/** Formats under their names, each once: two readers may share one. */
function byName(formats: readonly Format[]): Described[] {
  return [...new Set(formats.map(({ name }) => name))].map((name) => {
    const alike = formats.filter((format) => format.name === name);
    return {
      name,
      tool: alike[0]?.tool ?? '',
      signature: alike.map(({ signature }) => signature).join('; or '),
      fields: Object.assign({}, ...alike.map(({ fields }) => fields)),
      labels: Object.assign({}, ...alike.map(({ labels }) => labels)),
      notes: [...new Set(alike.flatMap(({ notes }) => notes))],
    };
  });
}

function section({ fields, labels, notes, signature }: Described): string[] {
  const shapes = Object.entries(fields).filter(([, meanings]) => Object.keys(meanings).length > 0);
  const labelled = Object.entries(labels);
  return [
    sentence(`recognised by: ${prose(signature)}`),
    ...shapes.flatMap(([title, meanings]) => [`**${prose(title)}**`, fieldTable(meanings)]),
    ...(labelled.length === 0
      ? []
      : [
          '**Labels**',
          table(
            ['field', 'label'],
            labelled.map(([field, label]) => [code(field), code(label)]),
          ),
        ]),
    ...(notes.length === 0 ? [] : [notes.map((note) => `- ${prose(note)}`).join('\n')]),
  ];
}

function fieldTable(meanings: FieldTable): string {
  const rows = Object.entries(meanings).map(([field, { metric, statistic, unit, over, note }]) => [
    code(field),
    metric === 'own' ? 'own' : code(metric),
    statistic,
    unit ?? '–',
    over ?? '–',
    prose(note ?? ''),
  ]);
  const noted = rows.some((cells) => cells.at(-1) !== '');
  const head = ['field', 'metric', 'statistic', 'unit', 'over', 'note'];
  return noted
    ? table(head, rows)
    : table(
        head.slice(0, -1),
        rows.map((cells) => cells.slice(0, -1)),
      );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(inCell).join(' | ')} |`.replace(/ {2,}/g, ' ');
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');
}

function sentence(words: string): string {
  const ended = /[.!?]$/.test(words) ? words : `${words}.`;
  return ended.charAt(0).toUpperCase() + ended.slice(1);
}

function code(name: string): string {
  return `\`${name}\``;
}

/** Prose as Markdown shows it letter by letter: outside of code, `<field>` would be a tag, and a star begin an emphasis. */
function prose(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part : part.replaceAll('<', '&lt;').replaceAll('*', '\\*')))
    .join('');
}

/** A cell ends at a bar, even within backticks. */
function inCell(text: string): string {
  return text.replaceAll('|', '\\|');
}
