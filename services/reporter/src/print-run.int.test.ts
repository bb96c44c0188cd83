import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { systemClock } from '@chimera/shared/bus';
import { Report } from '@chimera/shared/domain';
import { type Blobs, folderBlobs, getJson, type Join, openJoin, putJson, runOf } from '@chimera/shared/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callOf, column, reportInput } from '../../../test/support/report-input.ts';
import { printDataset, printRun } from './print-run.ts';
import { createPrinting } from './printing.ts';
import { readMarker } from './report-folder.ts';

const AT = '2026-03-04T05:06:07.000Z';
const said = (id: string) => ({
  ...{ id, title: id, layout: 'bullets' as const, reason: null, leftOut: [], template: [] },
  sentences: [{ text: `Words of ${id}.`, mitigation: null, kind: 'observation' as const, by: 'template' as const }],
});

describe('printing a run into a folder', () => {
  let root = '';
  let blobs: Blobs;
  beforeAll(async () => {
    root = await mkdtemp(joinPath(tmpdir(), 'chimera-print-run-'));
    blobs = folderBlobs(joinPath(root, 'blobs'));
  });
  afterAll(() => rm(root, { recursive: true }));

  /** A run of a campaign of both agents, of which the first generated its answer, and the second came or did not. */
  async function joinOf(ordinal: number, insight: boolean): Promise<Join> {
    const transcript = await blobs.put(Buffer.from('{"prompt":"?"}'));
    const input = reportInput({
      files: { 'a.csv': column('lat', 'ms', { model: 'm' }, [1, 2, 3, 4]) },
      model: 'tiny:1b',
      analyses: () => ({
        collector: { sections: [said('coverage')], calls: [callOf({ transcript })] },
        insight: { sections: [said('summary')] },
      }),
    });
    const inventory = {
      ...input.inventory,
      evidence: await putJson(blobs, input.evidence),
      observations: await putJson(blobs, input.observations),
      measurements: await blobs.put(Buffer.from('table')),
    };
    const run = runOf('bucket', inventory.inventory, input.run.profile, ordinal);
    const join = openJoin(run, inventory, AT);
    for (const agent of insight ? (['collector', 'insight'] as const) : (['collector'] as const))
      join.parts[agent] = { state: 'done', analysis: await putJson(blobs, { ...input.analyses[agent], run: run.id }) };
    return join;
  }

  it('writes every file of a report’s folder, and says which run of a campaign it is', async () => {
    const join = await joinOf(7, true);
    const folder = joinPath(root, 'runs', '7');
    const report = await printRun({ blobs, clock: systemClock }, join, folder);
    const names = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((e) => e.isFile()).map((e) => e.name);
    expect(names.sort()).toEqual(
      [
        ...['.chimera-output', 'collector.md', 'insight.md', 'collector-1.json', 'evidence.json', 'measurements.parquet'],
        ...['observations.json', 'report.html', 'report.json', 'report.md'],
      ].sort(),
    );
    expect(Report.parse(JSON.parse(await readFile(joinPath(folder, 'report.json'), 'utf8')))).toEqual(report);
    expect(report).toMatchObject({ run: join.run.id, ordinal: 7, revision: 1, agentType: 'two agents (collector, insight)' });
    const markdown = await readFile(joinPath(folder, 'report.md'), 'utf8');
    expect(markdown).toContain('- **Campaign**: run 7; every answer was generated for it, none taken from an earlier call');
    expect(markdown).toContain('Words of summary.');
    const marker = await readMarker(folder);
    expect(marker).toMatchObject({ run: join.run.id, revision: 1, status: 'current', folder });
    expect(await getJson(blobs, marker?.base ?? '', Report)).toEqual(report);
  });

  it('prints an agent that did not come as missing, and several runs with what one inventory gives', async () => {
    const printing = createPrinting({ blobs, clock: systemClock });
    const folder = joinPath(root, 'runs', 'x');
    const reports = [
      await printRun({ blobs, clock: systemClock }, await joinOf(1, true), folder, { printing }),
      await printRun({ blobs, clock: systemClock }, await joinOf(2, false), folder, { printing }),
    ];
    expect(reports.map(({ ordinal, record }) => [ordinal, record.missing.map(({ agent }) => agent)])).toEqual([
      [1, []],
      [2, ['insight']],
    ]);
    // Of many runs of one inventory, each is printed without what is the same for all, which lies once beside them.
    const join = await joinOf(3, true);
    await printRun({ blobs, clock: systemClock }, join, joinPath(root, 'runs', 'y'), { printing, alone: true });
    await printDataset(blobs, join.inventory, joinPath(root, 'dataset'));
    const names = async (name: string) =>
      (await readdir(joinPath(root, name))).filter((one) => /evidence|observations|measurements/.test(one));
    expect(await names('runs/y')).toEqual([]);
    expect((await names('dataset')).sort()).toEqual((await names('runs/x')).sort());
    expect(await readFile(joinPath(root, 'dataset/evidence.json'))).toEqual(await readFile(joinPath(folder, 'evidence.json')));
    // What the run before wrote and this one has not is gone.
    expect(await readdir(joinPath(folder, 'agents'))).toEqual(['collector.md']);
  });
});
