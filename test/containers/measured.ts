import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = async (args: readonly string[]) => (await promisify(execFile)('docker', args)).stdout.trim();
const SAMPLES = 5;
const UNITS: Readonly<Record<string, number>> = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };

/** The bytes of an image, all its layers together. */
export async function imageSize(image: string): Promise<number> {
  return Number(await run(['image', 'inspect', '--format', '{{.Size}}', image]));
}

/**
 * The memory of containers in bytes, by their names, as `docker stats` tells it: what can be dropped at once (cached
 * files that nobody uses) is not counted. The median of several looks: a health check that runs meanwhile is no part of it.
 */
export async function memoryOf(containers: readonly string[]): Promise<Map<string, number>> {
  const seen = new Map<string, number[]>();
  for (let i = 0; i < SAMPLES; i++) {
    for (const line of (await run(['stats', '--no-stream', '--format', '{{.Name}} {{.MemUsage}}', ...containers])).split('\n')) {
      const [, name = '', value = '', unit = ''] = /^(\S+) ([\d.]+)([KMG]?i?B) /.exec(line) ?? [];
      const factor = UNITS[unit];
      if (factor === undefined) throw new Error(`docker stats said "${line}", in which no memory is found.`);
      seen.set(name, [...(seen.get(name) ?? []), Number(value) * factor]);
    }
  }
  return new Map([...seen].map(([name, values]) => [name, values.sort((a, b) => a - b)[Math.floor(SAMPLES / 2)] ?? 0]));
}
