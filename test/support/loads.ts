import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

/**
 * Loaded with `node --import` into a command under test: writes to the file RECORD_LOADS, a line each, which modules of other
 * packages the process loads.
 */
const record = process.env.RECORD_LOADS;

if (record !== undefined)
  registerHooks({
    load(url, context, next) {
      if (url.includes('/node_modules/')) appendFileSync(record, `${url}\n`);
      return next(url, context);
    },
  });
