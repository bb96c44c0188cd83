import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GENERIC_FORMATS, KNOWN_FORMATS } from '@chimera/formats';
import { canonicalValue, isCanonical, LABELS, METRICS } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { formatsPage } from './support/formats-page.ts';
import { ROOT } from './support/seed.ts';

const FORMATS = [...KNOWN_FORMATS, ...GENERIC_FORMATS];

describe('docs/formats.md', () => {
  it('is what the tables give (else run: sh scripts/node.sh scripts/formats.ts)', () => {
    expect(readFileSync(join(ROOT, 'docs/formats.md'), 'utf8')).toBe(formatsPage());
  });

  it('names every format, field, metric and label', () => {
    const page = formatsPage();
    for (const { name, fields, labels } of FORMATS) {
      expect(page).toContain(`\n## ${name}\n`);
      for (const meanings of [...Object.values(fields), labels])
        for (const field of Object.keys(meanings)) expect(page).toContain(`| \`${field.replaceAll('|', '\\|')}\` |`);
    }
    for (const name of [...Object.keys(METRICS), ...Object.keys(LABELS)]) expect(page).toContain(`| \`${name}\` |`);
  });

  it('has tables whose rows have as many cells as their head', () => {
    const cells = (line: string) => line.replaceAll('\\|', '').split('|').length;
    const blocks = formatsPage()
      .trim()
      .split('\n\n')
      .filter((block) => block.startsWith('|'));
    expect(blocks.length).toBeGreaterThan(3);
    for (const block of blocks) {
      const [head = '', ...rows] = block.split('\n');
      for (const row of rows) expect([row, cells(row)]).toEqual([row, cells(head)]);
    }
  });
});

describe('the tables of the formats', () => {
  it('have one name each, or belong to the generic reader', () => {
    const names = FORMATS.map(({ name }) => name).filter((name) => name !== 'generic');
    expect([...new Set(names)]).toEqual(names);
  });

  it('give a unit to every canonical metric, one that can be converted into its own, or say where the file states it', () => {
    for (const { name, fields } of FORMATS)
      for (const meanings of Object.values(fields))
        for (const [field, { metric, unit }] of Object.entries(meanings))
          if (metric !== 'own' && !unit?.startsWith('as '))
            expect([name, field, isCanonical(metric) && canonicalValue(metric, 1, unit) !== null]).toEqual([name, field, true]);
  });
});
