import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { bringDependencies } from './dependencies.mjs';
import { writeProgram } from './testing.ts';

let root: string;
let said: string[];
const lock = (packages: object) => JSON.stringify({ lockfileVersion: 3, packages: { '': {}, ...packages } });
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'dependencies-'));
  said = [];
  writeFileSync(join(root, 'package-lock.json'), lock({ 'node_modules/a': { version: '1.0.0' } }));
  npm('[ "$1" = ping ] || { /bin/mkdir -p node_modules; echo "$@" >>npm-calls; }');
});
afterEach(() => rmSync(root, { recursive: true }));

const npm = (script: string) => writeProgram(join(root, 'bin', 'npm'), `#!/bin/sh\n${script}\n`);
const bring = () => bringDependencies({ root, env: { PATH: join(root, 'bin') }, say: (line) => said.push(line) });
const installs = () => readFileSync(join(root, 'npm-calls'), 'utf8').trim().split('\n').length;

it('installs once, and again when the lockfile is another', async () => {
  await bring();
  await bring();
  expect(installs()).toBe(1);
  expect(said).toHaveLength(1);
  writeFileSync(join(root, 'package-lock.json'), lock({ 'node_modules/a': { version: '1.0.1' } }));
  await bring();
  expect(installs()).toBe(2);
});

it('leaves alone what a person has installed from the same lockfile', async () => {
  mkdirSync(join(root, 'node_modules/a'), { recursive: true });
  writeFileSync(join(root, 'node_modules/.package-lock.json'), lock({ 'node_modules/a': { version: '1.0.0' } }));
  await bring();
  expect(said).toEqual([]);
});

it.each([
  ['has another version', { 'node_modules/a': { version: '0.9.0' } }],
  ['lacks a package', {}],
  ['was made on another system', { 'node_modules/a': { version: '1.0.0', os: ['plan9'] } }],
])('installs where what is there %s', async (_, installed) => {
  mkdirSync(join(root, 'node_modules/a'), { recursive: true });
  writeFileSync(join(root, 'node_modules/.package-lock.json'), lock(installed));
  await bring();
  expect(installs()).toBe(1);
});

it('names the reason and the next step when npm fails, and tries again the next time', async () => {
  npm('echo "npm error code ENOTFOUND"; echo "npm error network request to the registry failed, reason: no such host"; exit 1');
  const expected =
    'network request to the registry failed, reason: no such host. Check that npm reaches its registry, then run `npm run setup`.';
  await expect(bring()).rejects.toThrow(expected);
  await expect(bring()).rejects.toThrow(expected);
});
