import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { CommonSettings, ConfigurationError, parseSettings } from './config.ts';
import { SECRETS, shownSettings, valuesOf } from './secrets.ts';

const folder = mkdtempSync(join(tmpdir(), 'chimera-secrets-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function file(content: string | Buffer): string {
  const path = join(folder, `secret-${++files}`);
  writeFileSync(path, content);
  return path;
}

/** The message of what parseSettings throws. */
function faultsOf(environment: Record<string, string>): string {
  try {
    parseSettings(CommonSettings, environment);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as Error).message;
  }
  throw new Error('No fault was found.');
}

describe('secrets from files', () => {
  it.each(SECRETS)('%s is what its file holds, without one newline at the end', (name) => {
    for (const [content, secret] of [
      ['hush', 'hush'],
      ['hush\n', 'hush'],
      ['hush\r\n', 'hush'],
      [' hu sh ', ' hu sh '],
    ] as const)
      expect(valuesOf([name], { [`${name}_FILE`]: file(content) })).toEqual({ given: { [name]: secret }, faults: [] });
  });

  it('are settings like any other', () => {
    const settings = parseSettings(CommonSettings, { CHIMERA_HTTP_TOKEN_FILE: file('hush\n'), CHIMERA_METRICS_TOKEN: 'hush2' });
    expect(settings).toMatchObject({ CHIMERA_HTTP_TOKEN: 'hush', CHIMERA_METRICS_TOKEN: 'hush2' });
    expect(parseSettings(CommonSettings, { CHIMERA_HTTP_TOKEN_FILE: '' }).CHIMERA_HTTP_TOKEN).toBeUndefined();
  });

  it('are read for secrets alone', () => {
    const path = file('./elsewhere');
    expect(parseSettings(CommonSettings, { CHIMERA_HOME_FILE: path, CHIMERA_NATS_CREDS_FILE: path })).toMatchObject({
      CHIMERA_HOME: './.chimera',
    });
    expect(valuesOf(['CHIMERA_NATS_CREDS'], { CHIMERA_NATS_CREDS_FILE: path })).toEqual({ given: {}, faults: [] });
  });

  it('hazard 42: are told by the path where they cannot be used, and never by what is in it', () => {
    const [both, empty, newline, lines, large] = [
      file('hush'),
      file(''),
      file('\n'),
      file('hush\nhush'),
      file(Buffer.alloc(100_000, 'hush')),
    ];
    const none = join(folder, 'none');
    const faults: [Record<string, string>, string][] = [
      [
        { CHIMERA_HTTP_TOKEN: 'hush', CHIMERA_HTTP_TOKEN_FILE: both },
        `CHIMERA_HTTP_TOKEN_FILE="${both}": CHIMERA_HTTP_TOKEN is set too; give one of them`,
      ],
      [{ CHIMERA_HTTP_TOKEN_FILE: none }, `CHIMERA_HTTP_TOKEN_FILE="${none}": there is no such file`],
      [{ CHIMERA_HTTP_TOKEN_FILE: folder }, `CHIMERA_HTTP_TOKEN_FILE="${folder}": the file cannot be read (EISDIR)`],
      [{ CHIMERA_HTTP_TOKEN_FILE: empty }, `CHIMERA_HTTP_TOKEN_FILE="${empty}": the file is empty`],
      [{ CHIMERA_HTTP_TOKEN_FILE: newline }, `CHIMERA_HTTP_TOKEN_FILE="${newline}": the file is empty`],
      [{ CHIMERA_HTTP_TOKEN_FILE: lines }, `CHIMERA_HTTP_TOKEN_FILE="${lines}": the file holds more than one line, or no text`],
      [{ CHIMERA_HTTP_TOKEN_FILE: large }, `CHIMERA_HTTP_TOKEN_FILE="${large}": the file has 100000 bytes, more than a secret has`],
    ];
    for (const [environment, fault] of faults) {
      const message = faultsOf(environment);
      expect(message).toBe(`The configuration has a fault:\n  ${fault}\nSee docs/configuration.md for what each variable takes.`);
      expect(message).not.toContain('hush');
    }
  });

  it.skipIf(process.getuid?.() === 0)('are told where they may not be read', () => {
    const path = file('hush');
    chmodSync(path, 0o000);
    expect(faultsOf({ CHIMERA_HTTP_TOKEN_FILE: path })).toContain('the file cannot be read (EACCES)');
  });

  it('stand beside all other faults', () => {
    const message = faultsOf({ CHIMERA_HTTP_TOKEN_FILE: join(folder, 'none'), CHIMERA_HTTP_PORT: '70000', CHIMERA_LOG_LEVEL: 'loud' });
    expect(
      message
        .split('\n')
        .slice(0, 4)
        .map((line) => line.split(/[:=]/)[0]),
    ).toEqual(['The configuration has 3 faults', '  CHIMERA_HTTP_TOKEN_FILE', '  CHIMERA_HTTP_PORT', '  CHIMERA_LOG_LEVEL']);
  });
});

describe('shownSettings', () => {
  it('hazard 42: shows no secret, and no password in an address', () => {
    const secrets = Object.fromEntries(SECRETS.map((name) => [name, 'hush']));
    const settings = {
      ...secrets,
      CHIMERA_NATS_URL: 'nats://me:hush@a:4222,tls://hush@b',
      CHIMERA_HTTP_PORT: 8604,
      CHIMERA_PROFILE: undefined,
    };
    expect(shownSettings(settings)).toEqual({
      ...Object.fromEntries(SECRETS.map((name) => [name, '(not shown)'])),
      CHIMERA_NATS_URL: 'nats://…@a:4222,tls://…@b',
      CHIMERA_HTTP_PORT: 8604,
      CHIMERA_PROFILE: undefined,
    });
  });
});
