import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { distributionSources, readAptSources, writeAptSource } from './apt-sources.mjs';

let apt: string;
beforeEach(() => {
  apt = mkdtempSync(join(tmpdir(), 'apt-'));
  mkdirSync(join(apt, 'sources.list.d'));
});
afterEach(() => rmSync(apt, { recursive: true }));

const write = (name: string, ...lines: string[]) => writeFileSync(join(apt, name), lines.join('\n'));

it("finds the distribution's own mirror in deb822 files, among others' repositories", async () => {
  write('sources.list.d/a.sources', 'Types: deb', 'URIs: https://packages.example.org/apt', 'Suites: bookworm', 'Components: stable');
  write(
    'sources.list.d/debian.sources',
    ...['Types: deb', '# a remark', 'URIs: http://security.example/debian-security', 'Suites: bookworm-security', 'Components: main', ''],
    ...['Types: deb deb-src', 'URIs: http://mirror.example/debian', 'Suites: bookworm bookworm-updates', 'Components: main contrib'],
    ...['Signed-By:', ' -----BEGIN KEY-----', ' .', ' -----END KEY-----', ''],
    ...['Types: deb', 'URIs: http://off.example/debian', 'Suites: bookworm', 'Components: main', 'Enabled: no'],
  );
  const own = distributionSources(await readAptSources(apt), ['bookworm', 'stable']);
  expect(own).toHaveLength(1);
  const [mirror] = own;
  if (!mirror) throw new Error('none');
  expect(writeAptSource(mirror, { suites: 'sid', components: 'main' })).toBe(
    [
      ...['types: deb', 'uris: http://mirror.example/debian', 'suites: sid', 'components: main'],
      ...['signed-by: -----BEGIN KEY-----', ' .', ' -----END KEY-----', 'targets: Packages', ''],
    ].join('\n'),
  );
});

it('reads the older format with its options, and all lines of the running suite', async () => {
  write(
    'sources.list',
    '# deb http://mirror.example/ubuntu noble main',
    'deb-src http://mirror.example/ubuntu noble main',
    'deb [arch=amd64,arm64 signed-by=/usr/share/keyrings/a.gpg] http://mirror.example/ubuntu noble main restricted # the first',
    'deb http://mirror.example/ubuntu noble universe',
  );
  const own = distributionSources(await readAptSources(apt), ['noble']);
  expect(own.map((source) => source.get('components'))).toEqual(['main restricted', 'universe']);
  expect(own[0]?.get('architectures')).toBe('amd64 arm64');
  expect(own[0]?.get('signed-by')).toBe('/usr/share/keyrings/a.gpg');
});

it('finds nothing where there is nothing', async () => {
  expect(await readAptSources(join(apt, 'absent'))).toEqual([]);
});
