import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
// A registry that cannot be reached is noticed by the engine itself, mostly at once; this bounds the rest.
const PULL_MS = 120_000;

/** Why no container can be started here; null where an engine answers. Takes at most a second and a half. */
export function engineAbsent(): string | null {
  const { error, status } = spawnSync('docker', ['info', '--format', '{{.ServerVersion}}'], { timeout: 1_500, stdio: 'ignore' });
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') return 'there is no docker command';
  return error || status !== 0 ? 'no docker engine answers' : null;
}

/** Why one of these images cannot be had; null where all are here now. Pulls what is missing. */
export async function imagesAbsent(images: readonly string[]): Promise<string | null> {
  for (const image of images) {
    if (await succeeds('docker', ['image', 'inspect', image])) continue;
    if (!(await succeeds('docker', ['pull', '--quiet', image]))) return `the image ${image} is not here and cannot be pulled`;
  }
  return null;
}

/** The command that runs compose files: the plugin, else the older program; null where there is neither. */
export async function composeCommand(): Promise<readonly string[] | null> {
  if (await succeeds('docker', ['compose', 'version'])) return ['docker', 'compose'];
  if (await succeeds('docker-compose', ['version'])) return ['docker-compose'];
  return null;
}

/** What must be set for a build where the engine's client comes without BuildKit. */
export async function buildEnvironment(): Promise<NodeJS.ProcessEnv> {
  return process.env.DOCKER_BUILDKIT !== undefined || (await succeeds('docker', ['buildx', 'version'])) ? {} : { DOCKER_BUILDKIT: '0' };
}

async function succeeds(command: string, args: readonly string[]): Promise<boolean> {
  try {
    await run(command, args, { timeout: PULL_MS });
    return true;
  } catch {
    return false;
  }
}
