import type { Format } from './format.ts';

/** Text that nothing here reads numbers from: it is kept, and has no measurements. */
export const plainText: Format = {
  name: 'unknown',
  detect: () => true,
  read: () => undefined,
};
