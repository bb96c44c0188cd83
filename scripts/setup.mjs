// @ts-check
// Brings what a bare clone lacks, says in a line what it brings, and does nothing when nothing is missing.
//   node scripts/setup.mjs                        what Chimera needs to run
//   node scripts/setup.mjs --for-tests            and two nats-servers, an old one and a current one
//   node scripts/setup.mjs --also-nats 2.9.10     and a nats-server of this version
// It runs before anything is installed and on Node 20, hence plain JavaScript and nothing but Node's own modules.
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bringDependencies } from '../packages/cli/provision/dependencies.mjs';
import { bringNatsServer, findNatsServer, listNatsServers } from '../packages/cli/provision/nats-server.mjs';
import { bringNode } from '../packages/cli/provision/node-runtime.mjs';

const OLD_NATS = '2.9.10';
const CURRENT_NATS = '2.11.0';
const RETRY_AFTER_MS = 24 * 60 * 60 * 1000;

const root = fileURLToPath(new URL('..', import.meta.url));
const env = process.env;
/** @param {string} text */
const say = (text) => process.stderr.write(text.replace(/^/gm, 'setup: ').concat('\n'));

/**
 * Brings a nats-server that is useful but not indispensable. What cannot be had is said in a line and
 * not tried again for a day, so that an offline machine does not wait each time.
 * @param {import('../packages/cli/provision/nats-wanted.mjs').Wanted} wanted
 * @param {string} name of it, for people and for the note
 */
async function bringIfPossible(wanted, name) {
  if (await findNatsServer({ root, env, wanted })) return;
  const note = join(root, '.cache', 'nats-server', `.out-of-reach-${name}`);
  const noted = await stat(note).catch(() => null);
  if (noted && Date.now() - noted.mtimeMs < RETRY_AFTER_MS) {
    say(`nats-server ${name} could not be had lately; tests on it are left out. To try again now, delete ${relative(root, note)}.`);
    return;
  }
  try {
    await bringNatsServer({ root, env, say, wanted });
    await rm(note, { force: true });
  } catch (error) {
    await mkdir(dirname(note), { recursive: true });
    await writeFile(note, `${/** @type {Error} */ (error).message}\n`);
    say(`nats-server ${name} could not be had; tests on it are left out. The reasons are in ${relative(root, note)}.`);
  }
}

try {
  const { values } = parseArgs({ options: { 'for-tests': { type: 'boolean', default: false }, 'also-nats': { type: 'string' } } });
  if (Number.parseInt(process.versions.node, 10) < 20)
    throw new Error(`Node ${process.versions.node} is too old to set Chimera up; install Node 20 or newer, then run this again.`);
  await bringDependencies({ root, env, say });
  await bringNode({ root, env, say });
  const also = values['also-nats'] ?? (values['for-tests'] ? OLD_NATS : undefined);
  if (values['for-tests']) await bringIfPossible({ atLeast: CURRENT_NATS }, `${CURRENT_NATS}-or-newer`);
  if (also !== undefined) await bringIfPossible({ exactly: also }, also);
  if (values['for-tests'] && (await listNatsServers({ root, env })).length > 0) process.exit(0);
  await bringNatsServer({ root, env, say });
  process.exit(0); // a name look-up that was given up may still hold the process
} catch (error) {
  say(/** @type {Error} */ (error).message);
  process.exit(1);
}
