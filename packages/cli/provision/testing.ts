import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { gzipSync } from 'node:zlib';

/** The text of a program that answers `--version` as a nats-server does. */
export const fakeNatsServer = (version: string) => `#!/bin/sh\necho "nats-server: v${version}"\n`;

/** Writes an executable file, with its folders; returns its path. */
export function writeProgram(path: string, text: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, 0o755);
  return path;
}

/** A gzipped tar archive of [path, content] entries; a path that ends in `/` is a folder. `cutAfter`: keep only so many bytes of the tar. */
export function tarGz(entries: [path: string, content: string][], { cutAfter }: { cutAfter?: number } = {}): Buffer {
  const blocks = entries.flatMap(([path, content]) => {
    const header = Buffer.alloc(512);
    header.write(path, 0);
    header.write('0000755\0', 100);
    header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
    header.write(path.endsWith('/') ? '5' : '0', 156);
    const body = Buffer.alloc(Math.ceil(content.length / 512) * 512);
    body.write(content);
    return [header, body];
  });
  const tar = Buffer.concat([...blocks, Buffer.alloc(1024)]);
  return gzipSync(cutAfter === undefined ? tar : tar.subarray(0, cutAfter));
}
