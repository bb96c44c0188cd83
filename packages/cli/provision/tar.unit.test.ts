import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { fileFromTarGz } from './tar.mjs';
import { tarGz } from './testing.ts';

it('takes out the one file, past folders and other files', () => {
  const archive = tarGz([
    ['release/', ''],
    ['release/README.md', 'x'.repeat(1000)],
    ['release/nats-server', 'the program'],
  ]);
  expect(fileFromTarGz(archive, 'nats-server').toString()).toBe('the program');
});

it('says so when the archive holds no such file', () => {
  expect(() => fileFromTarGz(tarGz([['release/other', 'x']]), 'nats-server')).toThrow('no file named nats-server');
});

it('refuses an archive that ends within the file', () => {
  const whole = tarGz([['release/nats-server', 'x'.repeat(2000)]], { cutAfter: 1024 });
  expect(() => fileFromTarGz(whole, 'nats-server')).toThrow('ends within release/nats-server');
});

it('refuses what is no archive', () => {
  expect(() => fileFromTarGz(Buffer.from('<html>'), 'nats-server')).toThrow();
  expect(() => fileFromTarGz(gzipSync('<html>'.repeat(200)), 'nats-server')).toThrow('damaged');
});
