import type { Printer } from '@chimera/reporter';
import { describe, expect, it } from 'vitest';
import { toldPrinter } from './told-printer.ts';

/** A printer whose report cannot be written, and what was told of it. */
function broken(error: Error) {
  const told: Error[] = [];
  const printer = { assemble: async () => 'a', write: () => Promise.reject(error) } as unknown as Printer;
  return { printer: toldPrinter(printer, (one) => told.push(one)), told };
}

const written = (printer: Printer) => printer.write({} as Parameters<Printer['write']>[0], null).catch((error: unknown) => error);

describe('toldPrinter', () => {
  it('tells of a disk that takes no report, and throws it all the same', async () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    const behind = new Error('A blob could not be written.', { cause: full });
    for (const error of [full, behind]) {
      const { printer, told } = broken(error);
      expect(await printer.assemble({} as Parameters<Printer['assemble']>[0], 1, [])).toBe('a');
      expect(await written(printer)).toBe(error);
      expect(told).toEqual([error]);
    }
  });

  it('leaves to the service what another try may mend', async () => {
    const { printer, told } = broken(new Error('The bus was away.'));
    expect(await written(printer)).toMatchObject({ message: 'The bus was away.' });
    expect(told).toEqual([]);
  });
});
