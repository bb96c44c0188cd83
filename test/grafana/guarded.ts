import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A program that a test has started. */
export type Guarded = {
  /** what the program said, as far as the pattern that was waited for matched it */
  found: RegExpExecArray;
  close(): Promise<void>;
};

// It lives as long as our end of its standard input: killed or not, we leave nobody behind.
const GUARD = `
exec 3<&0
"$@" </dev/null & program=$!
{ cat <&3 >/dev/null; kill "$program"; } 2>/dev/null &
guard=$!
wait "$program"; status=$?
kill "$guard" 2>/dev/null
exit "$status"`;
const START_MS = 30_000;

/** Starts a program and waits until what it has said on standard error matches `ready`. Throws with its last words where it does not. */
export async function startGuarded(program: string, args: readonly string[], ready: RegExp): Promise<Guarded> {
  const child = spawn('sh', ['-c', GUARD, 'guard', program, ...args], { stdio: ['pipe', 'ignore', 'pipe'], detached: true });
  child.stdin.on('error', () => undefined);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const close = async () => {
    child.stdin.end();
    await ended;
  };
  let said = '';
  const found = await new Promise<RegExpExecArray | null>((resolve) => {
    const timer = setTimeout(() => resolve(null), START_MS);
    void ended.then(() => resolve(null));
    createInterface({ input: child.stderr }).on('line', (line) => {
      said += `${line}\n`;
      const match = ready.exec(said);
      if (match === null) return;
      clearTimeout(timer);
      resolve(match);
    });
  });
  if (found !== null) return { found, close };
  await close();
  throw new Error(`${program} did not become ready within ${START_MS / 1_000} s. It said:\n${said.slice(-2_000)}`);
}
