// @ts-check
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NotHere } from './nats-wanted.mjs';
import { fileFromTarGz } from './tar.mjs';

export const RELEASES = 'https://github.com/nats-io/nats-server/releases/download';

/** The newest release that is pinned. */
export const CURRENT_RELEASE = '2.15.0';

/**
 * SHA-256 of the release archives `nats-server-v<version>-<system>-<processor>.tar.gz`, as the project publishes them
 * in each release's SHA256SUMS and in its container images. A new version is a new entry here; none is ever computed from a download.
 * @type {Readonly<Record<string, Readonly<Record<string, string>>>>}
 */
export const PINS = {
  '2.15.0': {
    'linux-amd64': '5d2c51caca950333aba84911df7d377f826f3a59ec36061c6539105084f65c92',
    'linux-arm64': 'cdc208f5a3f42963a52b6ab06ef65626bb870315dc936e26ba571780c6351112',
    'darwin-amd64': '5bd8b59ca5bf93fab3da2c5843cf564cd6e2e291e22ae3b861746e7ebe259b95',
    'darwin-arm64': 'e1c4e22d70bd44abfa0bcb3c16f7cf0c66f648c2e728c58924e8a1ce88913cc8',
  },
  '2.9.10': {
    'linux-amd64': '1dc0829c9cddbc9474a768853d464bd8b32cdaa51f66633825a20462b36071c8',
    'linux-arm64': '6e1378b40ff5b70fa664c885d5dad88daf0d6040d48c864e0e92a3f19565613a',
    'darwin-amd64': '4c8913b6e9dcffe6abd47cc1047601d87aa96a2c0cfabd5a2d7502bb60684f49',
    'darwin-arm64': '2898df4f9ad0db4784dbbefe7266e1dd05023fa05908cf227c60e1bce7dc4521',
  },
};

const LARGEST_ARCHIVE = 64 * 1024 * 1024;

/**
 * @typedef {object} ReleaseOptions
 * @property {string} version
 * @property {string} folder an empty folder the binary is written to
 * @property {string} [platform] as Node names it; default: this machine's
 * @property {string} [arch] as Node names it; default: this machine's
 * @property {string} [baseUrl] where the releases are; default: the project's on GitHub
 * @property {typeof PINS} [pins]
 * @property {{ connect: number, stall: number, whole: number }} [limits] milliseconds until the first byte, between two bytes, and in all
 */

/**
 * Downloads an official release, verifies it against its pin, and only then unpacks it.
 * @param {ReleaseOptions} options
 * @returns {Promise<string>} the path of the unpacked nats-server in `folder`
 * @throws {NotHere} when no release is pinned for this version and platform
 * @throws {Error} when the release is out of reach or its hash is another; nothing is written then
 */
export async function fetchRelease(options) {
  const { version, folder, platform = process.platform, arch = process.arch, baseUrl = RELEASES, pins = PINS } = options;
  const target = `${platform}-${arch === 'x64' ? 'amd64' : arch}`;
  const pin = pins[version]?.[target];
  if (pin === undefined) throw new NotHere(`there is no pinned release ${version} for ${target}`);
  const url = `${baseUrl}/v${version}/nats-server-v${version}-${target}.tar.gz`;
  const archive = await download(url, options.limits ?? { connect: 5_000, stall: 10_000, whole: 300_000 });
  const found = createHash('sha256').update(archive).digest('hex');
  if (found !== pin) throw new Error(`${url} was refused: its SHA-256 is ${found}, and ${pin} is pinned`);
  const file = join(folder, 'nats-server');
  await writeFile(file, fileFromTarGz(archive, 'nats-server'), { mode: 0o755 });
  return file;
}

/**
 * @param {string} url
 * @param {{ connect: number, stall: number, whole: number }} limits in milliseconds
 * @returns {Promise<Buffer>}
 */
async function download(url, limits) {
  const control = new AbortController();
  /** @type {(ms: number, reason: string) => NodeJS.Timeout} */
  const abortAfter = (ms, reason) => setTimeout(() => control.abort(new Error(`${reason} within ${ms / 1000} s`)), ms);
  const whole = abortAfter(limits.whole, 'not complete');
  let patience = abortAfter(limits.connect, 'no answer');
  try {
    const response = await fetch(url, { signal: control.signal });
    if (!response.ok) throw new Error(`the answer was ${response.status} ${response.statusText}`);
    /** @type {Uint8Array[]} */
    const chunks = [];
    let size = 0;
    for await (const chunk of response.body ?? []) {
      clearTimeout(patience);
      patience = abortAfter(limits.stall, 'nothing more came');
      chunks.push(chunk);
      size += chunk.length;
      if (size > LARGEST_ARCHIVE) throw new Error(`it is larger than ${LARGEST_ARCHIVE} bytes`);
    }
    return Buffer.concat(chunks);
  } catch (error) {
    throw new Error(`${url} is out of reach: ${reasonOf(control.signal.aborted ? control.signal.reason : error)}`, { cause: error });
  } finally {
    clearTimeout(whole);
    clearTimeout(patience);
    control.abort(); // lets go of a body that was not read to its end
  }
}

/** fetch says only "fetch failed"; its cause has the reason.
 * @param {unknown} error */
function reasonOf(error) {
  const { message, cause } = /** @type {Error} */ (error);
  return cause instanceof Error ? cause.message || String(/** @type {NodeJS.ErrnoException} */ (cause).code) : message;
}
