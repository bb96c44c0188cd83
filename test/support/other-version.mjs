// Loaded before a service (`node --import`), makes it one of another version by what it says and understands. TEST_SPEAKS:
//   yesterday   it knows none of the fields that were added to messages and documents since they were first published
//   tomorrow    it adds fields to messages and documents that no version knows today
import { registerHooks } from 'node:module';

const speaks = process.env.TEST_SPEAKS;

/** Of a file's text, what is other in that version: each pattern must be found, or nothing would be shown. */
const CHANGES = {
  yesterday: {
    '/shared/src/bus/contracts.ts': [
      [/^ {2}attempt: .*\.optional\(\),$/m, ''],
      [/^ {2}traceparent: Traceparent,$/m, ''],
    ],
    '/shared/src/domain/inventory.ts': [[/^ {2}traceparent: Traceparent,$/m, '']],
    '/shared/src/store/join.ts': [[/^ {2}traces: .*\.optional\(\).*,$/m, '']],
  },
  tomorrow: {
    '/shared/src/bus/publish.ts': [[/JSON\.stringify\(valid\)/, 'JSON.stringify(ofTomorrow(valid))']],
    '/shared/src/bus/documents.ts': [[/JSON\.stringify\(next\)/, 'JSON.stringify(ofTomorrow(next))']],
  },
};
const OF_TOMORROW = `
function ofTomorrow(value) {
  const { run, inventory } = value;
  return {
    ...value,
    ...(typeof run === 'object' ? { run: { ...run, fromTomorrow: [1, { deep: true }] } } : {}),
    ...(typeof inventory === 'object' ? { inventory: { ...inventory, fromTomorrow: 'too' } } : {}),
    fromTomorrow: { by: 'a version that is not written yet' },
  };
}
`;

const changes = CHANGES[speaks];
if (changes === undefined) throw new Error(`TEST_SPEAKS=${speaks} is neither yesterday nor tomorrow.`);

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context);
    const [, edits] = Object.entries(changes).find(([file]) => url.endsWith(file)) ?? [];
    if (edits === undefined) return loaded;
    let text = Buffer.from(loaded.source).toString('utf8');
    for (const [pattern, other] of edits) {
      if (!pattern.test(text)) throw new Error(`${url} has no ${pattern}: test/support/other-version.mjs is out of date.`);
      text = text.replace(pattern, other);
    }
    if (speaks === 'tomorrow') text += OF_TOMORROW;
    process.stderr.write(
      `${JSON.stringify({ level: 'info', pid: process.pid, msg: `speaks as of ${speaks}`, file: url.split('/').at(-1) })}\n`,
    );
    return { ...loaded, source: text };
  },
});
