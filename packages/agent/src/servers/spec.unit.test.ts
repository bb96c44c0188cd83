import { ConfigurationError } from '@chimera/shared/service';
import { describe, expect, it } from 'vitest';
import { serverSpec } from './spec.ts';

const keyOf = (text: string, hostname = 'gpu-a') => serverSpec(text, hostname).key;

describe('serverSpec', () => {
  it('reads a bare address: nothing is said of slots, and the node is the host', () => {
    expect(serverSpec('http://gpu-a:11434', 'here')).toEqual({
      address: 'http://gpu-a:11434',
      url: 'http://gpu-a:11434',
      node: 'gpu-a',
      key: 'gpu-a=3A11434',
      slots: null,
      dcgmUrl: null,
    });
  });

  it('reads what stands behind the #', () => {
    expect(serverSpec('http://10.0.0.7:11434#slots=2&node=gpu-a&dcgm=http://gpu-a:9400/metrics', 'here')).toMatchObject({
      address: 'http://10.0.0.7:11434',
      node: 'gpu-a',
      slots: 2,
      dcgmUrl: 'http://gpu-a:9400/metrics',
    });
    expect(serverSpec('http://gpu-a:11434#', 'here')).toMatchObject({ slots: null, node: 'gpu-a', dcgmUrl: null });
  });

  it('takes the address as OLLAMA_HOST allows it, and keeps credentials out of what may be printed', () => {
    expect(serverSpec('gpu-a', 'here')).toMatchObject({ url: 'http://gpu-a:11434', key: 'gpu-a=3A11434' });
    const spec = serverSpec('https://me:secret@gpu-a/ollama#slots=1', 'here');
    expect(spec).toMatchObject({ address: 'https://me:secret@gpu-a/ollama', url: 'https://gpu-a/ollama' });
    expect(`${spec.url} ${spec.key} ${spec.node}`).not.toContain('secret');
  });

  it.each([
    ['http://127.0.0.1:11434', 'http://localhost:11434'],
    ['http://127.0.0.1:11434', 'http://[::1]:11434'],
    ['http://127.0.0.1:11434', 'http://127.0.1.1:11434'],
    ['http://127.0.0.1:11434', 'http://gpu-a:11434'],
    ['http://gpu-a:11434', 'http://gpu-a:11434#slots=2'],
    ['http://gpu-a', 'http://gpu-a:80/'],
    ['https://gpu-a', 'https://gpu-a:443'],
    ['http://GPU-A:11434', 'http://gpu-a:11434'],
    ['http://10.0.0.7:11434#node=gpu-a', 'http://gpu-a:11434'],
  ])('names the same server alike, whoever asks: %s and %s', (one, other) => {
    expect(keyOf(one)).toBe(keyOf(other));
  });

  it('names a loopback address by its host, however the host writes its own name', () => {
    expect(keyOf('http://127.0.0.1:11434', 'GPU-A')).toBe(keyOf('http://gpu-a:11434', 'elsewhere'));
    expect(keyOf('http://127.0.0.1:11434', 'gpu-a')).not.toBe(keyOf('http://127.0.0.1:11434', 'gpu-b'));
  });

  it.each([
    ['http://gpu-a:11434', 'http://gpu-a:11435'],
    ['http://gpu-a:11434', 'http://gpu-b:11434'],
    ['http://gpu-a/one', 'http://gpu-a/two'],
    ['http://gpu-a', 'https://gpu-a'],
  ])('names different servers differently: %s and %s', (one, other) => {
    expect(keyOf(one)).not.toBe(keyOf(other));
  });

  it('makes one token of a KV key of the name', () => {
    expect(keyOf('http://gpu-a.example.org:11434/some/path')).toMatch(/^[A-Za-z0-9_=-]+$/);
  });

  it.each([
    ['http://gpu-a#slots=0', /slots=0: it must be a whole number from 1 to 999, such as http:\/\/gpu-a#slots=2/],
    ['http://gpu-a#slots=two', /slots=two/],
    ['http://gpu-a#slots=1.5', /slots=1\.5/],
    ['http://gpu-a#slots=-1', /slots=-1/],
    ['http://gpu-a#slots=1000', /slots=1000/],
    ['http://gpu-a#slots=', /slots=:/],
    ['http://gpu-a#slot=2', /"slot", which is no setting of a server: behind # may stand slots, node and dcgm/],
    ['ftp://gpu-a', /"ftp:\/\/gpu-a" is not the address of an Ollama server/],
    ['', /is not the address of an Ollama server/],
  ])('refuses %j and says what may stand there', (text, sentence) => {
    expect(() => serverSpec(text, 'here')).toThrow(ConfigurationError);
    expect(() => serverSpec(text, 'here')).toThrow(sentence);
  });
});
