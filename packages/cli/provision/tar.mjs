// @ts-check
import { gunzipSync } from 'node:zlib';

const BLOCK = 512;
const LARGEST_UNPACKED = 256 * 1024 * 1024;

/**
 * Takes one regular file out of a gzipped tar archive. Nothing is written to disk, so a path in the archive has no effect.
 * @param {Uint8Array} archive the bytes of a .tar.gz
 * @param {string} name the last part of the file's path in the archive
 * @returns {Buffer} the bytes of the file
 * @throws {Error} when the archive is damaged or holds no such file
 */
export function fileFromTarGz(archive, name) {
  const bytes = gunzipSync(archive, { maxOutputLength: LARGEST_UNPACKED });
  let at = 0;
  while (at + BLOCK <= bytes.length) {
    const header = bytes.subarray(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) break;
    const path = textIn(header, 0, 100);
    const size = Number.parseInt(textIn(header, 124, 12), 8);
    const type = textIn(header, 156, 1);
    if (!Number.isSafeInteger(size)) throw new Error(`The archive is damaged: the entry ${path} has no size.`);
    const from = at + BLOCK;
    if ((type === '' || type === '0') && path.split('/').at(-1) === name) {
      if (from + size > bytes.length) throw new Error(`The archive is damaged: it ends within ${path}.`);
      return bytes.subarray(from, from + size);
    }
    at = from + Math.ceil(size / BLOCK) * BLOCK;
  }
  throw new Error(`The archive holds no file named ${name}.`);
}

/**
 * @param {Buffer} header
 * @param {number} from
 * @param {number} length
 */
function textIn(header, from, length) {
  const field = header.subarray(from, from + length);
  const end = field.indexOf(0);
  return field.toString('latin1', 0, end === -1 ? length : end).trim();
}
