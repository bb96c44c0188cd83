import { readFileSync } from 'node:fs';
import { withoutPassword } from '../bus/dial.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The variables whose values are secrets. Each may be given as the content of a file instead, by its name with `_FILE` behind it.
 * Names of files that hold secrets are none themselves.
 */
export const SECRETS: readonly string[] = [
  'CHIMERA_NATS_TOKEN',
  'CHIMERA_HTTP_TOKEN',
  'CHIMERA_METRICS_TOKEN',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'OTEL_EXPORTER_OTLP_HEADERS',
  'OTEL_EXPORTER_OTLP_TRACES_HEADERS',
];

/** True for variables whose values belong in no log. */
export function isSecret(name: string): boolean {
  return SECRETS.includes(name);
}

export const fileVariable = (secret: string) => `${secret}_FILE`;

/** More than any secret needs: a path that names something else should not be read whole. */
const LARGEST_BYTES = 65_536;

/**
 * The values of those variables that are set, secrets read from their files where these are named. `faults`: a sentence for each
 * file that cannot be used, with its path and never its content.
 */
export function valuesOf(names: readonly string[], environment: Environment): { given: Record<string, string>; faults: string[] } {
  const given: Record<string, string> = {};
  const faults: string[] = [];
  for (const name of names) {
    const value = environment[name];
    const path = isSecret(name) ? environment[fileVariable(name)] : undefined;
    if (value) given[name] = value;
    if (!path) continue;
    if (value) faults.push(`${fileVariable(name)}=${JSON.stringify(path)}: ${name} is set too; give one of them`);
    else
      try {
        given[name] = secretIn(path);
      } catch (error) {
        faults.push(`${fileVariable(name)}=${JSON.stringify(path)}: ${reasonOf(error)}`);
      }
  }
  return { given, faults };
}

class UnfitFile extends Error {}

/** The content of a file without one newline at its end. */
function secretIn(path: string): string {
  const bytes = readFileSync(path);
  if (bytes.length > LARGEST_BYTES) throw new UnfitFile(`the file has ${bytes.length} bytes, more than a secret has`);
  const secret = bytes.toString('utf8').replace(/\r?\n$/, '');
  if (secret === '') throw new UnfitFile('the file is empty');
  if (/[\p{Cc}]/u.test(secret)) throw new UnfitFile('the file holds more than one line, or no text');
  return secret;
}

function reasonOf(error: unknown): string {
  if (error instanceof UnfitFile) return error.message;
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT' ? 'there is no such file' : `the file cannot be read (${code ?? 'unknown reason'})`;
}

/** A setting's value as it may stand in logs and messages. */
export function shown(name: string, value: unknown): unknown {
  if (value === undefined) return undefined;
  if (isSecret(name)) return '(not shown)';
  return typeof value === 'string' ? withoutPassword(value) : value;
}

/** All settings as they may stand in the log. */
export function shownSettings(settings: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, shown(name, value)]));
}
