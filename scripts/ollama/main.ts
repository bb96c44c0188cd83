// Runs the tests of the Ollama client on a real Ollama: npm run test:ollama [-- argument of vitest …]
// It finds one or builds one; where neither can be had the tests are skipped, and say why.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { buildOllama } from './build.ts';
import { type FoundOllama, findOllama } from './find.ts';

/** The newest one on the module proxies that carries its runner in its module: newer ones start a llama-server of their own build. */
const VERSION = 'v0.17.4';

const root = fileURLToPath(new URL('../..', import.meta.url));
const env = process.env;
const say = (line: string): void => console.error(`test:ollama: ${line}`);

const subject = await findOllama({ root, env, say }, VERSION).then((found) => found ?? built());
const vitest = spawn(
  process.execPath,
  [...process.execArgv, 'node_modules/vitest/vitest.mjs', 'run', 'test/ollama', '--no-file-parallelism', ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit', env: { ...env, ...telling(subject) } },
);
const [code] = await once(vitest, 'close');
process.exitCode = typeof code === 'number' ? code : 1;

async function built(): Promise<FoundOllama | string> {
  try {
    return { kind: 'program', path: await buildOllama({ root, env, say }, VERSION) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    say(
      `there is no Ollama here: OLLAMA_HOST names none that answers, the PATH has none, and Ollama ${VERSION} could not be built: ${reason}.`,
    );
    say('So the tests are skipped. Install Ollama or start a server, then run this again.');
    return reason;
  }
}

/** How the tests learn what they run on. */
function telling(found: FoundOllama | string): NodeJS.ProcessEnv {
  if (typeof found === 'string') return { CHIMERA_TEST_OLLAMA: '', CHIMERA_TEST_OLLAMA_ABSENT: found };
  return { CHIMERA_TEST_OLLAMA: found.kind === 'server' ? found.url : found.path };
}
