import type { Printer } from '@chimera/reporter';

/** What a disk says that is full, read only, or not ours. */
const LASTING = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM', 'EISDIR', 'ENOTDIR', 'EEXIST']);

/**
 * A printer that tells where the disk does not take a report, beside throwing it: a service tries again, for as long as it takes, and
 * whoever waits for this one report must not wait for that.
 */
export function toldPrinter(printer: Printer, tell: (error: Error) => void): Printer {
  const told = async <T>(doing: Promise<T>): Promise<T> => {
    try {
      return await doing;
    } catch (error) {
      if (isLasting(error)) tell(error);
      throw error;
    }
  };
  return {
    ...printer,
    assemble: (...given) => told(printer.assemble(...given)),
    write: (...given) => told(printer.write(...given)),
  };
}

function isLasting(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  return ('code' in error && LASTING.has(String(error.code))) || isLasting(error.cause);
}
