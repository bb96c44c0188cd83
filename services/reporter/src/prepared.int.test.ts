import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { type Bus, systemClock } from '@chimera/shared/bus';
import type { Sentence } from '@chimera/shared/domain';
import { createLogger, type Dependencies, noMetrics } from '@chimera/shared/service';
import { analysesOf, type Blobs, folderBlobs, type Join, putJson } from '@chimera/shared/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { column, reportInput } from '../../../test/support/report-input.ts';
import { folderPrinter, type Printer } from './printer.ts';

const input = reportInput({
  files: {
    'runs/a.csv': [
      ...column('output_token_throughput', 'tok/s', { model: 'tiny', quantization: 'q4_0' }, [100, 101, 102, 103, 104, 105]),
      ...column('output_token_throughput', 'tok/s', { model: 'tiny', quantization: 'q8_0' }, [50, 51, 52, 53, 54, 55]),
      ...column('time_to_first_token', 's', { model: 'tiny', start: 'cold' }, [0.1, 0.2, 0.3]),
    ],
    'runs/b.csv': column('latency', 'ms', {}, [7, 7, 7]),
  },
  refused: { 'bad.bin': 'it is no text' },
  failed: '/records/1',
  model: 'tiny:1b',
  analyses: () => ({ collector: {}, insight: {} }),
});
const speed = input.evidence.facts.find((f) => f.kind === 'group' && f.metric === 'output_token_throughput' && f.statistic === 'median');
const sentence = (text: string, by: Sentence['by']): Sentence => ({ text, mitigation: null, kind: 'observation', by });
const SAID = {
  ...{ id: 'summary', title: 'Summary', layout: 'paragraph', reason: null, leftOut: [] },
  sentences: [
    sentence(`Throughput of tiny is {{${speed?.id}}} and no more than that.`, 'model'),
    sentence('Seventy of them failed.', 'model'),
  ],
  template: [sentence('The template speaks here.', 'template')],
};

describe('a report that was prepared', () => {
  let root = '';
  let join: Join;
  beforeAll(async () => {
    root = await mkdtemp(joinPath(tmpdir(), 'chimera-prepared-'));
    const blobs = folderBlobs(joinPath(root, 'blobs'));
    const { run, evidence, observations, analyses } = input;
    const inventory = {
      ...input.inventory,
      evidence: await putJson(blobs, evidence),
      observations: await putJson(blobs, observations),
      measurements: await blobs.put(Buffer.from('none')),
    };
    const done = async (value: unknown) => ({ state: 'done' as const, analysis: await putJson(blobs, value) });
    join = {
      ...{ run, inventory, openedAt: '2026-03-04T05:06:07.000Z' },
      parts: { collector: await done(analyses.collector), insight: await done({ ...analyses.insight, sections: [SAID] }) },
      printed: { revision: 0, analyses: {}, report: null },
    };
  });
  afterAll(() => rm(root, { recursive: true }));

  /** A printer of a process that has just begun. */
  function printerOf(store: Blobs = folderBlobs(joinPath(root, 'blobs'))): Printer {
    const deps: Dependencies = {
      ...{ bus: {} as Bus, blobs: store, logger: createLogger('test', 'silent'), metrics: noMetrics, instance: 'one' },
      clock: { ...systemClock, now: () => Date.parse('2026-03-04T05:07:00.000Z') },
    };
    return folderPrinter(deps, null);
  }

  /** Everything in the folder that a printer writes, by path. */
  async function printed(printer: Printer, folder: string): Promise<Record<string, string>> {
    const base = await printer.assemble(join, 1, []);
    const { dataset, inventory, id } = join.run;
    const committed: Join = { ...join, printed: { revision: 1, analyses: analysesOf(join), report: base } };
    const of = { dataset, inventory, run: id, revision: 1, status: 'current' as const, base, folder: 'F', supersededBy: null };
    await printer.write({ ...of, folder }, committed);
    const files: Record<string, string> = {};
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
      if (entry.isFile())
        files[`${entry.parentPath.slice(folder.length)}/${entry.name}`] = (
          await readFile(joinPath(entry.parentPath, entry.name), 'latin1')
        ).replaceAll(folder, 'F');
    return files;
  }

  it('is byte for byte the one that was not, wherever preparing was left', async () => {
    const plain = await printed(printerOf(), joinPath(root, 'plain'));
    expect(Object.keys(plain)).toEqual(
      expect.arrayContaining(['/report.md', '/report.html', '/report.json', '/agents/insight.md', '/evidence.json']),
    );
    expect(plain['/report.md']).toContain('and no more than that');
    expect(plain['/report.md']).not.toContain('Seventy');
    const waiting: Join = { ...join, parts: { ...join.parts, insight: { state: 'waiting' } } };
    let whole = 0;
    for await (const _ of printerOf().prepare?.(join) ?? []) whole++;
    expect(whole).toBeGreaterThan(10);
    for (const [i, steps] of [0, 1, 2, 3, 5, 9, whole - 1, whole].entries()) {
      const printer = printerOf();
      let taken = 0;
      if (steps > 0) for await (const _ of printer.prepare?.(steps % 2 === 0 ? join : waiting) ?? []) if (++taken >= steps) break;
      expect(await printed(printer, joinPath(root, `prepared-${i}`))).toEqual(plain);
      printer.forget?.(join);
      expect(await printed(printer, joinPath(root, `again-${i}`))).toEqual(plain);
    }
  });

  it('comes all the same where preparing failed', async () => {
    const plain = await printed(printerOf(), joinPath(root, 'unhurt'));
    const store = folderBlobs(joinPath(root, 'blobs'));
    let broken = true;
    const printer = printerOf({
      ...store,
      get: (id) => (broken && id === join.inventory.evidence ? Promise.reject(new Error('the store is away')) : store.get(id)),
    });
    const preparing = async () => {
      for await (const _ of printer.prepare?.(join) ?? []);
    };
    await expect(preparing()).rejects.toThrow('the store is away');
    broken = false;
    expect(await printed(printer, joinPath(root, 'hurt'))).toEqual(plain);
  });
});
