import type { Format } from './format.ts';

/** Text that nothing here reads numbers from: it is kept, and has no measurements. */
export const plainText: Format = {
  name: 'unknown',
  tool: '',
  signature: 'text that none of the above is',
  fields: {},
  labels: {},
  notes: ['It is kept, and nothing is read from it.'],
  detect: () => true,
  read: () => undefined,
};
