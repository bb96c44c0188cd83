import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rightsIn } from '@chimera/shared/access';
import { afterAll, describe, expect, it } from 'vitest';
import { natsCommand } from '../../packages/cli/src/commands/nats.ts';
import { chimera } from '../support/chimera.ts';

/** The command, without what this machine's own environment says of models. */
const main = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  chimera(args, { env: { CHIMERA_MODEL: '', CHIMERA_PROFILE: '', ...env } });

const root = mkdtempSync(join(tmpdir(), 'chimera-access-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** The same without a process of its own: what it says of its arguments, it throws. */
function parsed(args: readonly string[]): Promise<unknown> {
  const command = natsCommand();
  for (const one of [command, ...command.commands]) one.exitOverride().configureOutput({ writeErr: () => undefined });
  return command.parseAsync(args, { from: 'user' });
}

let folders = 0;
const newFolder = () => join(root, String(++folders));
const read = (...path: string[]) => readFileSync(join(...path), 'utf8');
/** Every file below a folder with its content. */
const all = (folder: string) =>
  new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]),
  );
const modeOf = (...path: string[]) => (statSync(join(...path)).mode & 0o777).toString(8);
const rights = (folder: string, user: string) => rightsIn(read(folder, 'creds', `${user}.creds`));

describe('chimera nats init', () => {
  it('writes secrets for their owner alone, and a configuration without any', async () => {
    const folder = newFolder();
    expect((await main(['nats', 'init', folder])).code).toBe(0);
    expect([...all(folder).keys()].sort()).toEqual(
      [
        'access.json',
        ...['admin', 'collector', 'ingest', 'insight', 'reporter'].map((user) => `creds/${user}.creds`),
        ...['account', 'operator', 'signing', 'system'].map((key) => `keys/${key}.nk`),
        'nats.conf',
        'users.conf',
      ].sort(),
    );
    for (const [path, text] of all(folder)) {
      const secret = /^(creds|keys)\//.test(path);
      expect(modeOf(folder, path), path).toBe(secret ? '600' : '644');
      expect(/\bS[OAU][A-Z2-7]{56}\b/.test(text), path).toBe(secret);
    }
    for (const inner of ['keys', 'creds']) expect(modeOf(folder, inner)).toBe('700');
  });

  it('changes nothing when it is run again', async () => {
    const folder = newFolder();
    await main(['nats', 'init', folder, '--port', '4333', '--max-storage', '2GB']);
    const before = all(folder);
    const again = await main(['nats', 'init', folder]);
    expect(again.stdout).not.toMatch(/: (made|renewed)$/m);
    expect(all(folder)).toEqual(before);
  });

  it('changes with new options only what they concern', async () => {
    const folder = newFolder();
    await main(['nats', 'init', folder]);
    const before = all(folder);
    await main([
      'nats',
      'init',
      folder,
      '--host',
      '0.0.0.0',
      '--store-dir',
      '/data',
      '--monitor',
      'none',
      '--tls-cert',
      '/etc/nats/c.pem',
      '--tls-key',
      '/etc/nats/k.pem',
    ]);
    const after = all(folder);
    expect(
      [...after]
        .filter(([path, text]) => before.get(path) !== text)
        .map(([path]) => path)
        .sort(),
    ).toEqual(['access.json', 'nats.conf']);
    expect(after.get('nats.conf')).toMatch(/^host: "0\.0\.0\.0"$/m);
    expect(after.get('nats.conf')).toMatch(/store_dir: "\/data"/);
    expect(after.get('nats.conf')).toMatch(/cert_file: "\/etc\/nats\/c\.pem"/);
    expect(after.get('nats.conf')).not.toMatch(/^http/m);
    // What was said once stays said.
    await main(['nats', 'init', folder, '--no-tls']);
    expect(read(folder, 'nats.conf')).toMatch(/^host: "0\.0\.0\.0"$/m);
    expect(read(folder, 'nats.conf')).not.toMatch(/tls/);
  });

  it('signs the agents anew for other models, with the keys that they have', async () => {
    const folder = newFolder();
    const seed = () => /SU[A-Z2-7]{40,}/.exec(read(folder, 'creds', 'collector.creds'))?.[0];
    await main(['nats', 'init', folder, '--model', 'a:1b']);
    const [before, ingest] = [seed(), read(folder, 'creds', 'ingest.creds')];
    const taken = (model: string) =>
      rights(folder, 'collector').mayPublish(`$JS.API.CONSUMER.MSG.NEXT.chimera_work.collector_worker_${model}`);
    expect([taken('a=3A1b'), taken('b=3A1b'), taken('=00')]).toEqual([true, false, true]);
    const { stdout } = await main(['nats', 'init', folder], { CHIMERA_MODEL: 'b:1b' });
    expect(stdout).toMatch(/collector\.creds: renewed$/m);
    expect(stdout).toMatch(/ingest\.creds: unchanged$/m);
    expect([taken('a=3A1b'), taken('b=3A1b'), taken('=00')]).toEqual([false, true, true]);
    expect([seed(), read(folder, 'creds', 'ingest.creds')]).toEqual([before, ingest]);
    await main(['nats', 'init', folder], { CHIMERA_MODEL: 'none' });
    expect([taken('b=3A1b'), taken('=00')]).toEqual([false, true]);
  });

  it('does not go on without its keys', async () => {
    const folder = newFolder();
    await main(['nats', 'init', folder]);
    rmSync(join(folder, 'keys/signing.nk'));
    const { code, stderr } = await main(['nats', 'init', folder]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/signing\.nk is not there: users are signed where the keys were made\./)]);
    writeFileSync(join(folder, 'access.json'), '{}');
    expect((await main(['nats', 'users', '--dir', folder])).stderr).toMatch(
      /access\.json is not what "chimera nats init" writes \(version: /,
    );
  });

  it.each([
    [['--port', '0'], 'give a port'],
    [['--max-storage', '12'], 'give a size'],
    [['--max-storage', '1e3GB'], 'give a size'],
    [['--host', 'a" b'], 'name or address of a host'],
    [['--monitor', 'nowhere'], 'host:port'],
    [['--store-dir', 'data'], 'absolute path'],
    [['--store-dir', '/a"\nport: 1'], 'absolute path'],
    [['--tls-cert', '/c.pem'], 'go together'],
    [['--tls-ca', '/c.pem'], 'say nothing without'],
    [['--tls-cert', '/c', '--tls-key', '/k', '--tls-verify'], 'needs --tls-ca'],
    [['--bucket-events', 'chimera.inventory.v1.published.x'], 'give a subject'],
    [['--bucket-events', '>'], 'give a subject'],
    [['--model', ''], 'give a name'],
  ])('refuses %j', async (options, why) => {
    // Of both kinds of fault the command ends with 2: see "say what they want".
    const refused = await parsed(['init', newFolder(), ...options]).catch((error: unknown) => error);
    expect([['UsageError', 'CommanderError'].includes((refused as Error).name), String(refused)]).toEqual([
      true,
      expect.stringContaining(why),
    ]);
  });
});

describe('chimera nats user, users and revoke', () => {
  it('make, list and take back', async () => {
    const folder = newFolder();
    const dir = ['--dir', folder];
    await main(['nats', 'init', folder]);
    expect((await main(['nats', 'user', 'gpu7', '--as', 'insight', ...dir, '--model', 'x:7b', '--expires', '90d'])).stdout).toMatch(
      /gpu7\.creds: made$/m,
    );
    expect(modeOf(folder, 'creds/gpu7.creds')).toBe('600');
    const { user, inboxPrefix, expires } = rights(folder, 'gpu7');
    expect([user, inboxPrefix]).toEqual(['gpu7', '_INBOX_gpu7']);
    expect(Math.abs((expires ?? 0) - Date.now() / 1_000 - 90 * 86_400)).toBeLessThan(60);
    expect(rights(folder, 'gpu7').mayPublish('$JS.API.CONSUMER.MSG.NEXT.chimera_work.insight_worker_x=3A7b')).toBe(true);
    expect(rights(folder, 'gpu7').mayPublish('$JS.API.CONSUMER.MSG.NEXT.chimera_work.collector_worker_x=3A7b')).toBe(false);

    const listed = JSON.parse((await main(['nats', 'users', ...dir, '--json'])).stdout) as {
      users: { name: string; role: string }[];
      roles: { role: string; publish: string[] }[];
    };
    expect(listed.users.map(({ name, role }) => `${name}: ${role}`)).toEqual([
      'ingest: ingest',
      'collector: collector',
      'insight: insight',
      'reporter: reporter',
      'admin: admin',
      'gpu7: insight',
    ]);
    expect(listed.roles.find(({ role }) => role === 'ingest')?.publish).toContain('chimera.inventory.v1.published.*');
    expect((await main(['nats', 'users', ...dir])).stdout).toMatch(/^gpu7 +insight +x:7b +\d{4}-\S+Z +U[A-Z2-7]{55}$/m);

    expect((await main(['nats', 'user', 'gpu7', '--as', 'reporter', ...dir])).stderr).toContain('There is a user gpu7 already, as insight');
    const conf = read(folder, 'nats.conf');
    expect((await main(['nats', 'revoke', 'gpu7', ...dir])).stdout).toContain('SIGHUP');
    expect(read(folder, 'nats.conf')).not.toBe(conf);
    const operator = (text: string) => /^operator: .*$/m.exec(text)?.[0];
    expect(operator(read(folder, 'nats.conf'))).toBe(operator(conf));
    expect((await main(['nats', 'revoke', 'gpu7', ...dir])).stderr).toContain('There is no user gpu7');
  });

  it('say what they want', async () => {
    const folder = newFolder();
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'file'), '');
    for (const [args, code, why] of [
      [['nats'], 2, 'Say what to do'],
      [['nats', 'lock'], 2, 'There is no "chimera nats lock"'],
      [['nats', 'init', join(folder, 'file', 'below')], 1, 'cannot be written'],
      [['nats', 'user', 'a', '--as', 'insight', '--dir', folder], 1, 'holds no users of NATS'],
      [['nats', 'user', 'a.b', '--as', 'insight', '--dir', folder], 2, 'takes letters'],
      [['nats', 'user', 'a', '--as', 'king', '--dir', folder], 2, 'Allowed choices'],
      [['nats', 'user', 'a', '--as', 'insight', '--dir', folder, '--expires', 'soon'], 2, 'give a time'],
    ] as const) {
      const { code: ended, stderr } = await main(args);
      expect([ended, stderr], args.join(' ')).toEqual([code, expect.stringContaining(why)]);
    }
    await main(['nats', 'init', folder]);
    expect((await main(['nats', 'user', 'a', '--as', 'reporter', '--dir', folder, '--model', 'x'])).stderr).toContain(
      '--model is for agents',
    );
  });

  it.skipIf(process.getuid?.() === 0)('say whom to ask where keys cannot be read', async () => {
    const folder = newFolder();
    await main(['nats', 'init', folder]);
    chmodSync(join(folder, 'keys'), 0o000);
    expect((await main(['nats', 'user', 'a', '--as', 'reporter', '--dir', folder])).stderr).toMatch(
      /cannot be read \(EACCES\): run this as whoever made it/,
    );
    chmodSync(join(folder, 'keys'), 0o700);
  });
});
