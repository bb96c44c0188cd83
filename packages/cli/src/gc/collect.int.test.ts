import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { keptReport } from '@chimera/shared/store';
import { expect, it } from 'vitest';
import { allOf } from '../../../../test/support/all-of.ts';
import { clearing } from '../../../../test/support/clearing.ts';
import { describeOnEachNats } from '../../../../test/support/nats.ts';

describeOnEachNats('clearing away', (binary) => {
  const at = clearing(binary);
  const { run, world, ledTo, ids, kinds } = at;

  it.each(kinds)('removes superseded reports wherever they are known, and then what nothing leads to, in %s', async (_, open) => {
    const blobs = await open();
    const { a, b, lost, answer, reading, waste } = await world(blobs);
    const before = await allOf(blobs.list());
    const foretold = await run(blobs, { dryRun: true });
    expect((await allOf(blobs.list())).length).toBe(before.length);
    expect(at.letters.left).toEqual([1, 2, 3]);
    const done = await run(blobs);
    const gone = [...a.slice(0, 3), ...b.slice(0, 1)];
    expect(done.reports.map((one) => one.run).sort()).toEqual(gone.map((one) => one.run).sort());
    expect([done.answers, done.letters, done.kept.reports, at.letters.left]).toEqual([1, 3, 3, []]);
    // What an answer leads to stays for another grace, or, as here, goes where that is over too.
    expect({ ...foretold, dryRun: false, blobs: null, kept: null }).toEqual({ ...done, blobs: null, kept: null });
    expect(done.blobs.count + done.kept.blobs).toBe(before.length);
    expect(done.blobs.bytes + done.kept.bytes).toBe(before.reduce((sum, { bytes }) => sum + bytes, 0));

    const there = await ids(blobs);
    expect(await ledTo(blobs, new Set(before.map(({ id }) => id)))).toEqual(there);
    for (const one of gone) {
      expect(existsSync(one.folder)).toBe(false);
      for (const id of [one.report, one.superseded, one.own, one.analysis, one.inventory.evidence]) expect(there.has(id)).toBe(false);
      expect(await keptReport(blobs, one.run)).toBeNull();
    }
    for (const one of [a[3], b[1], lost].flatMap((each) => (each ? [each] : []))) {
      expect(readdirSync(one.folder).sort()).toEqual(['.chimera-output', 'agents', 'report.json', 'report.md']);
      for (const id of [one.report, one.own, one.shared, one.analysis, one.inventory.evidence, one.inventory.measurements])
        expect(there.has(id)).toBe(true);
      expect((await keptReport(blobs, one.run))?.join).toEqual(one.join);
    }
    expect([there.has(answer), there.has(waste), there.has(reading)]).toEqual([false, false, true]);
    // Once more, there is nothing to do.
    expect(await run(blobs)).toMatchObject({ reports: [], answers: 0, letters: 0, blobs: { count: 0, bytes: 0 } });
  });

  it.each(kinds)('leaves the parts of which a blob consists, and no others, in %s', { timeout: 60_000 }, async (_, open) => {
    const blobs = await open();
    const printed = await at.print(blobs, 'large', 1);
    const pieces = Array.from({ length: 34 }, () => randomBytes(1_048_576));
    const [first, wanted, waste] = [
      await blobs.put(pieces),
      await blobs.put([...pieces, Buffer.from('wanted')]),
      await blobs.put([...pieces, Buffer.from('waste')]),
    ];
    const [parts, own] = [await blobs.partsOf(wanted), await blobs.partsOf(waste)];
    expect([parts.includes(first), own.includes(first)]).toEqual([true, true]);
    await at.makeCurrent({ dataset: 'large', inventory: { ...printed.inventory, evidence: wanted } });
    // Within the grace both stay.
    await run(blobs, { now: Date.now() });
    for (const id of [wanted, waste]) expect((await blobs.get(id)).length).toBeGreaterThan(34 * 1_048_576);
    const foretold = await run(blobs, { dryRun: true });
    const there = await ids(blobs);
    const done = await run(blobs);
    expect({ ...done, dryRun: true }).toEqual(foretold);
    expect(await ids(blobs)).toEqual(new Set([...there].filter((id) => id === first || !own.includes(id))));
    expect(Buffer.from(await blobs.get(wanted)).equals(Buffer.concat([...pieces, Buffer.from('wanted')]))).toBe(true);
    expect([await blobs.has(waste), await blobs.named(`whole-${waste}`)]).toEqual([false, null]);
    // Nothing leads to it any more, and so nothing to its parts.
    await at.makeCurrent(printed);
    await run(blobs);
    expect(await blobs.has(wanted)).toBe(false);
    for (const id of parts) expect(await blobs.has(id)).toBe(false);
  });
});
