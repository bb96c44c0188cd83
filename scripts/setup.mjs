// @ts-check
// Brings what a bare clone lacks, says in a line what it brings, and does nothing when nothing is missing.
//   node scripts/setup.mjs                        what Chimera needs to run
//   node scripts/setup.mjs --for-tests            and two nats-servers, an old one and a current one, and programs that only tests need
//   node scripts/setup.mjs --also-nats 2.9.10     and a nats-server of this version
// It runs before anything is installed and on Node 20, hence plain JavaScript and nothing but Node's own modules.
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bringDependencies } from '../packages/cli/provision/dependencies.mjs';
import { bringNatsServer, findNatsServer, listNatsServers } from '../packages/cli/provision/nats-server.mjs';
import { bringNode } from '../packages/cli/provision/node-runtime.mjs';
import { bringTestTool, findTestTool, TEST_TOOLS } from '../packages/cli/provision/test-tools.mjs';

const OLD_NATS = '2.9.10';
const CURRENT_NATS = '2.11.0';
const RETRY_AFTER_MS = 24 * 60 * 60 * 1000;

const root = fileURLToPath(new URL('..', import.meta.url));
const env = process.env;
/** @param {string} text */
const say = (text) => process.stderr.write(text.replace(/^/gm, 'setup: ').concat('\n'));

/**
 * Brings something that is useful but not indispensable. What cannot be had is said in a line and
 * not tried again for a day, so that an offline machine does not wait each time.
 * @param {string} what for people
 * @param {string} note the name of the note that says it was tried
 * @param {() => Promise<unknown>} bring
 */
async function bringIfPossible(what, note, bring) {
  const path = join(root, '.cache', note);
  const noted = await stat(path).catch(() => null);
  if (noted && Date.now() - noted.mtimeMs < RETRY_AFTER_MS) {
    say(`${what} could not be had lately; tests on it are left out. To try again now, delete ${relative(root, path)}.`);
    return;
  }
  try {
    await bring();
    await rm(path, { force: true });
  } catch (error) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, `${/** @type {Error} */ (error).message}\n`);
    say(`${what} could not be had; tests on it are left out. The reasons are in ${relative(root, path)}.`);
  }
}

/**
 * @param {import('../packages/cli/provision/nats-wanted.mjs').Wanted} wanted
 * @param {string} name of it, for people and for the note
 */
async function bringNatsIfPossible(wanted, name) {
  if (await findNatsServer({ root, env, wanted })) return;
  await bringIfPossible(`nats-server ${name}`, `nats-server/.out-of-reach-${name}`, () => bringNatsServer({ root, env, say, wanted }));
}

/** Each by itself: one that cannot be had keeps no other away. */
async function bringTestToolsIfPossible() {
  for (const name of TEST_TOOLS) {
    if (await findTestTool({ root, env, name })) continue;
    await bringIfPossible(name, `tools/.out-of-reach-${name}`, () => bringTestTool({ root, env, say, name }));
  }
}

try {
  const { values } = parseArgs({ options: { 'for-tests': { type: 'boolean', default: false }, 'also-nats': { type: 'string' } } });
  if (Number.parseInt(process.versions.node, 10) < 20)
    throw new Error(`Node ${process.versions.node} is too old to set Chimera up; install Node 20 or newer, then run this again.`);
  await bringDependencies({ root, env, say });
  await bringNode({ root, env, say });
  const also = values['also-nats'] ?? (values['for-tests'] ? OLD_NATS : undefined);
  if (values['for-tests']) await bringNatsIfPossible({ atLeast: CURRENT_NATS }, `${CURRENT_NATS}-or-newer`);
  if (also !== undefined) await bringNatsIfPossible({ exactly: also }, also);
  if (values['for-tests']) await bringTestToolsIfPossible();
  if (values['for-tests'] && (await listNatsServers({ root, env })).length > 0) process.exit(0);
  await bringNatsServer({ root, env, say });
  process.exit(0); // a name look-up that was given up may still hold the process
} catch (error) {
  say(/** @type {Error} */ (error).message);
  process.exit(1);
}
