import { existsSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import { subjectToken } from '@chimera/shared/bus';
import { type Blobs, folderBlobs, JOINS_BUCKET, keptReport, sha256 } from '@chimera/shared/store';
import { expect, it } from 'vitest';
import { breakOff, clearing, DAY, LATER } from '../../../../test/support/clearing.ts';
import { describeOnEachNats } from '../../../../test/support/nats.ts';
import { collect } from './collect.ts';

// What the version of NATS changes is shown by collect.int.test.ts.
describeOnEachNats(
  'clearing away with care',
  (binary) => {
    const at = clearing(binary);
    const { options, stores, run, makeCurrent, world, ledTo, ids } = at;

    it('leaves alone what was stored within the grace, and an answer that goes for as long again', async () => {
      const blobs = folderBlobs(joinPath(at.home, 'blobs'));
      const { answer, waste } = await world(blobs);
      const now = Date.now() + 10 * DAY;
      expect(await run(blobs, { now, graceMs: 20 * DAY, maxAgeMs: DAY })).toMatchObject({ answers: 1, blobs: { count: 0 } });
      // It was taken by somebody at the very moment at which its name went.
      expect([await blobs.has(answer), await blobs.has(waste)]).toEqual([true, true]);
      expect(await blobs.remove(answer, Date.now() - 1_000)).toBe(false);
    });

    it('is whole wherever it is broken off, and ends as if it had not been', async () => {
      const blobs = folderBlobs(joinPath(at.home, 'blobs'));
      const { a, b, lost } = await world(blobs);
      const all = await ids(blobs);
      const kept = [a[3], b[1], lost].flatMap((one) => (one ? [one] : []));
      let steps = 0;
      for (let round = 0; ; round++) {
        // Each round gets one step further, and is broken off before or after it.
        const breaking = breakOff(blobs, at.bus, at.letters, round % 2 === 0 ? 'before' : 'after', Math.floor(round / 2) % 3);
        const ended = await collect(breaking, options()).then(
          () => true,
          (error: Error) => {
            expect(error.message).toBe('broken off');
            return false;
          },
        );
        steps += breaking.steps();
        const there = await ids(blobs);
        for (const id of await ledTo(blobs, all)) expect(there.has(id), `round ${round}`).toBe(true);
        for (const one of kept) expect(existsSync(joinPath(one.folder, 'report.md')), `round ${round}`).toBe(true);
        if (ended) break;
        expect(round).toBeLessThan(500);
      }
      expect(steps).toBeGreaterThan(30);
      expect(await ids(blobs)).toEqual(await ledTo(blobs, all));
      const { index, joins } = await stores();
      expect((await index.keys()).length).toBe(3);
      expect((await joins.keys()).length).toBe(3);
    });

    it('removes nothing where it cannot tell what is referred to', async () => {
      const blobs = folderBlobs(joinPath(at.home, 'blobs'));
      const waste = await blobs.put(Buffer.from('waste'));
      await expect(run(blobs)).rejects.toThrow(/^This NATS knows of no dataset: .*Nothing is removed/);
      const { a } = await world(blobs);
      const { joins } = await stores();
      const strange = await at.bus.documents<unknown>(JOINS_BUCKET, { parse: (value) => value });
      await strange.change('from-another-version', () => ({ run: 7 }));
      await expect(run(blobs)).rejects.toThrow(/from-another-version in the KV bucket chimera_joins cannot be read by this version/);
      await joins.delete('from-another-version');
      const other = await blobs.put(Buffer.from('{"schema":"of tomorrow"}'));
      await blobs.name(`report-${a[0]?.run}`, other);
      await expect(run(blobs)).rejects.toThrow(/What is kept of the report of run .* cannot be read .*Nothing is removed/);
      await blobs.unname(`report-${a[0]?.run}`, LATER);
      await joins.delete(a[0]?.run ?? '');
      const [, second] = a;
      if (second === undefined) throw new Error('There are reports.');
      const strangeAnalysis = await blobs.put(Buffer.from('{"sections":"of tomorrow"}'));
      await joins.change(second.run, () => ({
        ...second.join,
        printed: { ...second.join.printed, analyses: { collector: strangeAnalysis } },
      }));
      await expect(run(blobs, { reports: { maxAgeMs: null, newest: 9 } })).rejects.toThrow(
        /^An analysis cannot be read by this version .*No blob is removed/,
      );
      expect(await blobs.has(waste)).toBe(true);
      expect(a.every(({ folder }) => existsSync(folder))).toBe(true);
    });

    it('takes from the index what a report is of: whoever writes joins has no current report removed', async () => {
      const blobs = folderBlobs(joinPath(at.home, 'blobs'));
      const { a } = await world(blobs);
      const current = a[3];
      if (current === undefined) throw new Error('There are reports.');
      const { joins } = await stores();
      const forged = { ...current.join, run: { ...current.join.run, inventory: sha256('another') } };
      await joins.change(current.run, () => forged);
      // Its folder is called by the beginning of its run.
      const alike = { ...forged, run: { ...forged.run, id: current.run.slice(0, 12) + sha256('x').slice(12) } };
      await joins.change(alike.run.id, () => alike);
      const elsewhere = { ...current.join, run: { ...current.join.run, dataset: 'b b' } };
      for (const join of [forged, elsewhere]) {
        await joins.change(current.run, () => join);
        const done = await run(blobs);
        expect(done.reports.map((one) => one.run)).not.toContain(current.run);
        expect(existsSync(current.folder)).toBe(true);
        expect(await keptReport(blobs, current.run)).not.toBeNull();
      }
    });

    it('keeps a report that became current again while others were removed', async () => {
      const blobs = folderBlobs(joinPath(at.home, 'blobs'));
      const { a } = await world(blobs);
      const [first] = a;
      if (first === undefined) throw new Error('There are reports.');
      const returning: Blobs = {
        ...blobs,
        // The dataset goes back to its first inventory just before the first report is removed.
        unname: async (name, before) => {
          await makeCurrent({ dataset: 'a', inventory: first.inventory });
          return blobs.unname(name, before);
        },
      };
      const { current } = await stores();
      await current.change(subjectToken('b b'), (now) => now);
      const done = await run(returning, { reports: { maxAgeMs: null, newest: null } });
      expect(done.reports.map((one) => one.run)).not.toContain(first.run);
      const there = await ids(blobs);
      for (const id of [first.inventory.evidence, first.inventory.measurements]) expect(there.has(id)).toBe(true);
    });
  },
  { newest: true },
);
