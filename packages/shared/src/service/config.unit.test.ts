import { describe, expect, it } from 'vitest';
import { CommonSettings, ConfigurationError, isSecret, OllamaSettings, ollamaUrl, ollamaUrls, parseSettings } from './config.ts';

const shape = { ...CommonSettings, ...OllamaSettings };

function faultsOf(environment: Record<string, string>): string {
  try {
    parseSettings(shape, environment);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as Error).message;
  }
  throw new Error('No fault was found.');
}

describe('parseSettings', () => {
  it('has a default for everything that can have one, and takes empty for unset', () => {
    const settings = parseSettings(shape, { CHIMERA_NATS_URL: '', CHIMERA_HTTP_PORT: '', PATH: '/bin' });
    expect(settings).toMatchObject({
      CHIMERA_HOME: './.chimera',
      CHIMERA_NATS_URL: 'nats://127.0.0.1:4222',
      CHIMERA_HTTP_HOST: '127.0.0.1',
      CHIMERA_LOG_LEVEL: 'info',
      CHIMERA_OLLAMA_CONNECT_TIMEOUT: 5,
      CHIMERA_OLLAMA_FIRST_TOKEN_TIMEOUT: 300,
      CHIMERA_OLLAMA_IDLE_TIMEOUT: 60,
      CHIMERA_OLLAMA_TOTAL_TIMEOUT: 900,
    });
    expect(settings.CHIMERA_HTTP_PORT).toBeUndefined();
    expect(settings).not.toHaveProperty('PATH');
    expect(Object.isFrozen(settings)).toBe(true);
  });

  it('reads numbers', () => {
    expect(parseSettings(shape, { CHIMERA_HTTP_PORT: '0', CHIMERA_OLLAMA_IDLE_TIMEOUT: '0.5' })).toMatchObject({
      CHIMERA_HTTP_PORT: 0,
      CHIMERA_OLLAMA_IDLE_TIMEOUT: 0.5,
    });
  });

  it('lists all faults at once, each with name and value', () => {
    const message = faultsOf({ CHIMERA_HTTP_PORT: '70000', CHIMERA_LOG_LEVEL: 'loud', CHIMERA_OLLAMA_IDLE_TIMEOUT: 'soon' });
    const lines = message.split('\n');
    expect(lines[0]).toBe('The configuration has 3 faults:');
    expect(lines.slice(1, 4).map((line) => line.slice(0, line.indexOf(':')))).toEqual([
      '  CHIMERA_HTTP_PORT="70000"',
      '  CHIMERA_LOG_LEVEL="loud"',
      '  CHIMERA_OLLAMA_IDLE_TIMEOUT="soon"',
    ]);
    expect(message).toContain('docs/configuration.md');
    expect(faultsOf({ CHIMERA_HTTP_PORT: 'x' })).toMatch(/^The configuration has a fault:/);
  });

  it('hazard 42: shows no secret', () => {
    const secrets = { CHIMERA_HTTP_TOKEN: CommonSettings.CHIMERA_HTTP_PORT };
    let message = '';
    try {
      parseSettings(secrets, { CHIMERA_HTTP_TOKEN: 'hush' });
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toContain('CHIMERA_HTTP_TOKEN=(not shown)');
    expect(message).not.toContain('hush');
  });
});

describe('isSecret', () => {
  it('knows what no log may show', () => {
    const secret = Object.keys(shape).filter(isSecret);
    expect(secret.sort()).toEqual([
      'AWS_ACCESS_KEY_ID',
      'AWS_SECRET_ACCESS_KEY',
      'AWS_SESSION_TOKEN',
      'CHIMERA_HTTP_TOKEN',
      'CHIMERA_METRICS_TOKEN',
      'CHIMERA_NATS_TOKEN',
      'OTEL_EXPORTER_OTLP_HEADERS',
      'OTEL_EXPORTER_OTLP_TRACES_HEADERS',
    ]);
  });

  it('knows of each setting whose name sounds like a secret whether it is one', () => {
    const sounding = Object.keys(shape).filter((name) => /TOKEN|SECRET|PASSWORD|CREDS|CREDENTIAL|KEY|HEADERS/.test(name));
    const harmless = [
      // seconds, and names of files and places
      'CHIMERA_OLLAMA_FIRST_TOKEN_TIMEOUT',
      'CHIMERA_NATS_CREDS',
      'CHIMERA_NATS_TLS_KEY',
      'OTEL_EXPORTER_OTLP_CLIENT_KEY',
      'AWS_SHARED_CREDENTIALS_FILE',
      'AWS_WEB_IDENTITY_TOKEN_FILE',
      'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
      'AWS_CONTAINER_CREDENTIALS_FULL_URI',
    ];
    expect(sounding.filter((name) => !isSecret(name)).sort()).toEqual(harmless.sort());
  });
});

describe('ollamaUrl', () => {
  it.each([
    ['gpu1', 'http://gpu1:11434'],
    ['gpu1:8080', 'http://gpu1:8080'],
    [':11500', 'http://127.0.0.1:11500'],
    ['http://gpu1', 'http://gpu1:11434'],
    ['http://gpu1:80', 'http://gpu1'],
    ['https://ollama.example', 'https://ollama.example'],
    ['https://ollama.example:8443/', 'https://ollama.example:8443'],
    ['0.0.0.0', 'http://127.0.0.1:11434'],
    ['http://0.0.0.0:11434', 'http://127.0.0.1:11434'],
    ['[::]:11434', 'http://127.0.0.1:11434'],
    ['[::1]', 'http://[::1]:11434'],
    ['http://[fe80::1]', 'http://[fe80::1]:11434'],
    ['[::1]:8080', 'http://[::1]:8080'],
    ['gpu1:11434#slots=2', 'http://gpu1:11434#slots=2'],
    ['https://proxy.example/ollama/', 'https://proxy.example/ollama'],
  ])('%s is %s', (given, url) => expect(ollamaUrl(given)).toBe(url));

  it.each(['http://', 'not a host', 'gpu1:99999', '::1'])('refuses %j and says what an address is', (given) => {
    expect(() => ollamaUrl(given)).toThrow(ConfigurationError);
    expect(() => ollamaUrl(given)).toThrow('http://127.0.0.1:11434');
  });

  it('shows no password of an address that is none', () => {
    for (const given of ['http://me:hush@gpu:99999', 'me:hush@gpu:99999', 'http://me:hu/sh@gpu:11434'])
      expect(() => ollamaUrl(given)).toThrow(/^"(http:\/\/)?…@gpu:\d+" is no address/);
  });
});

describe('ollamaUrls', () => {
  it('takes the list, else OLLAMA_HOST, else localhost', () => {
    expect(ollamaUrls({})).toEqual(['http://127.0.0.1:11434']);
    expect(ollamaUrls({ OLLAMA_HOST: '0.0.0.0' })).toEqual(['http://127.0.0.1:11434']);
    expect(ollamaUrls({ OLLAMA_HOST: 'x', CHIMERA_OLLAMA_URLS: 'b:1#slots=4, a:2' })).toEqual(['http://b:1#slots=4', 'http://a:2']);
  });
});
