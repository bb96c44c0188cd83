import { type ExecFileException, execFile } from 'node:child_process';
import { GpuFault, quoted } from './gpu-fault.ts';
import { NVIDIA_SMI_ARGUMENTS, parseNvidiaSmi } from './nvidia-smi-text.ts';
import type { GpuProbe } from './reading.ts';

/** Bytes of an answer at most; a line is about 100. */
const MAX_OUTPUT_BYTES = 256 * 1024;

/**
 * Asks the GPUs of this host through `nvidia-smi`, one process a question, without a shell. A question that is ended kills its
 * process, but counts as gone only when the process is: one that hangs inside the driver outlives even that.
 */
export function createNvidiaSmiProbe(command: string, node: string): GpuProbe {
  const name = `${command} on ${node}`;
  return {
    node,
    source: 'nvidia-smi',
    name,
    whenLate: 'Run it there by hand: where it hangs, so does the driver.',
    ask: async (signal) => parseNvidiaSmi(await run(command, name, signal), name),
    close: async () => {},
  };
}

/** What the command prints. Settles when its process has ended. */
function run(command: string, name: string, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { encoding: 'utf8', maxBuffer: MAX_OUTPUT_BYTES, windowsHide: true, killSignal: 'SIGKILL' } as const;
    const child = execFile(command, [...NVIDIA_SMI_ARGUMENTS], options, (error, stdout, stderr) => {
      signal.removeEventListener('abort', kill);
      if (signal.aborted) reject(signal.reason);
      else if (error === null) resolve(stdout);
      else reject(new GpuFault(whyEnded(name, error, stderr.trim() === '' ? stdout : stderr)));
    });
    const kill = (): void => {
      child.kill('SIGKILL');
      child.stdout?.destroy();
      child.stderr?.destroy();
      child.unref(); // if even that does not end it, it must not keep this process
    };
    signal.addEventListener('abort', kill, { once: true });
    if (signal.aborted) kill();
  });
}

function whyEnded(name: string, error: ExecFileException, said: string): string {
  const next = 'Run it there by hand to see why.';
  if (error.code === 'ENOENT') return `${name} is not found: install the NVIDIA driver's tools, or give the command's path.`;
  if (error.code === 'EACCES') return `${name} may not be run: make it executable for this user, or give the path of another.`;
  if (error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER')
    return `${name} prints more than ${MAX_OUTPUT_BYTES} bytes: it is some other program.`;
  const words = said.trim() === '' ? 'without a word' : `and says ${quoted(said)}`;
  if (typeof error.code === 'number') return `${name} ended with code ${error.code} ${words}. ${next}`;
  if (error.signal) return `${name} was ended by ${error.signal} ${words}. ${next}`;
  return `${name} cannot be run: ${quoted(error.message)}. ${next}`;
}
