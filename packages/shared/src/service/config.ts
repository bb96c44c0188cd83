import { z } from 'zod';
import type { DialOptions } from '../bus/dial.ts';
import { requireS3, S3Settings, s3Fault } from '../store/s3-settings.ts';
import { TraceSettings } from '../trace/settings.ts';
import { isSecret, shown, valuesOf } from './secrets.ts';

export { isSecret } from './secrets.ts';

export class ConfigurationError extends Error {
  override name = 'ConfigurationError';
}

const TimeoutSeconds = z.coerce.number().positive();

/** A text that may be a place in S3, and then must be a well-written one. */
export function folderOrS3(text: z.ZodString) {
  return text.superRefine((value, { addIssue }) => {
    const message = s3Fault(value);
    if (message !== null) addIssue({ code: 'custom', message });
  });
}

/** How NATS is reached and who connects; `natsLogin` makes of them what a connection takes. */
export const NatsSettings = {
  CHIMERA_NATS_URL: z.string().min(1).default('nats://127.0.0.1:4222'),
  /** a creds file, or a folder that holds one for each service */
  CHIMERA_NATS_CREDS: z.string().min(1).optional(),
  CHIMERA_NATS_TOKEN: z.string().min(1).optional(),
  /** paths of PEM files */
  CHIMERA_NATS_TLS_CA: z.string().min(1).optional(),
  CHIMERA_NATS_TLS_CERT: z.string().min(1).optional(),
  CHIMERA_NATS_TLS_KEY: z.string().min(1).optional(),
};

export type NatsValues = { [K in keyof typeof NatsSettings]?: string | undefined };

/** What a connection of `as` takes of the settings; the folder of credentials holds `<as>.creds`. */
export function natsLogin(values: NatsValues, as: string): Pick<DialOptions, 'credsFile' | 'as' | 'token' | 'tls'> {
  return {
    credsFile: values.CHIMERA_NATS_CREDS,
    as,
    token: values.CHIMERA_NATS_TOKEN,
    tls: { ca: values.CHIMERA_NATS_TLS_CA, cert: values.CHIMERA_NATS_TLS_CERT, key: values.CHIMERA_NATS_TLS_KEY },
  };
}

/** Settings that every service has. Their meaning stands in docs/configuration.md. */
export const CommonSettings = {
  CHIMERA_HOME: z.string().min(1).default('./.chimera'),
  /** a folder, `nats`, or a place in S3 */
  CHIMERA_BLOBS: folderOrS3(z.string()).optional(),
  ...S3Settings,
  ...NatsSettings,
  CHIMERA_HTTP_HOST: z.string().min(1).default('127.0.0.1'),
  CHIMERA_HTTP_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  CHIMERA_HTTP_TOKEN: z.string().min(1).optional(),
  CHIMERA_METRICS_TOKEN: z.string().min(1).optional(),
  /** further names, separated by commas, by which the page may be asked for on loopback without a token */
  CHIMERA_HTTP_HOSTS: z.string().min(1).optional(),
  CHIMERA_HTTP_RATE_PER_MINUTE: z.coerce.number().int().positive().default(600),
  CHIMERA_HTTP_FAILURES_PER_MINUTE: z.coerce.number().int().positive().default(10),
  /** how many proxies stand before the services: so many entries of X-Forwarded-For are believed */
  CHIMERA_HTTP_TRUST_PROXY: z.coerce.number().int().min(0).max(10).default(0),
  /** set by whoever supervises the process: it stops in order when its standard input ends, so that nobody is left behind */
  CHIMERA_END_WITH_STDIN: z.enum(['1']).optional(),
  /** how often each service compares what it knows with what the others hold, in seconds */
  CHIMERA_RECONCILE_SECONDS: z.coerce.number().positive().max(86_400).default(60),
  CHIMERA_LOG_LEVEL: z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
  ...TraceSettings,
};

/** Settings of whoever must know the profile: the agents and the reporter. */
export const ProfileSettings = {
  CHIMERA_MODEL: z.string().min(1).default('gemma3:latest'),
  CHIMERA_PROFILE: z.string().min(1).optional(),
};

/** Settings of whoever calls Ollama. Durations are in seconds. */
export const OllamaSettings = {
  OLLAMA_HOST: z.string().min(1).optional(),
  CHIMERA_OLLAMA_URLS: z.string().min(1).optional(),
  CHIMERA_OLLAMA_CONNECT_TIMEOUT: TimeoutSeconds.default(5),
  CHIMERA_OLLAMA_FIRST_TOKEN_TIMEOUT: TimeoutSeconds.default(300),
  CHIMERA_OLLAMA_IDLE_TIMEOUT: TimeoutSeconds.default(60),
  CHIMERA_OLLAMA_TOTAL_TIMEOUT: TimeoutSeconds.default(900),
  CHIMERA_OLLAMA_PATIENCE: z.coerce.number().nonnegative().max(3_600).default(20),
};

/**
 * Parses the environment once. Empty variables count as unset, as `VAR= command` and compose files leave them. A secret may stand
 * in a file that its variable with `_FILE` names.
 * Throws ConfigurationError, which lists all faults at once, each with the variable's name and value (secrets
 * are not shown).
 */
export function parseSettings<S extends z.ZodRawShape>(
  shape: S,
  environment: Readonly<Record<string, string | undefined>>,
): z.infer<z.ZodObject<S>> {
  const { given, faults: ofFiles } = valuesOf(Object.keys(shape), environment);
  const whole = z.object(shape).superRefine((values, { addIssue }) => {
    requireS3(values, (variable, message) => addIssue({ code: 'custom', path: [variable], message }));
  });
  const result = whole.safeParse(given);
  if (result.success && ofFiles.length === 0) return Object.freeze(result.data) as z.infer<z.ZodObject<S>>;
  const ofValues = (result.error?.issues ?? []).map((issue) => {
    const name = String(issue.path[0] ?? '');
    const value = given[name] === undefined ? '(not set)' : isSecret(name) ? '(not shown)' : JSON.stringify(shown(name, given[name]));
    return `${name}=${value}: ${issue.code === 'invalid_type' && issue.expected === 'number' ? 'is no number' : issue.message}`;
  });
  const faults = [...ofFiles, ...ofValues].map((fault) => `  ${fault}`);
  throw new ConfigurationError(
    `The configuration has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}:\n${faults.join('\n')}\nSee docs/configuration.md for what each variable takes.`,
  );
}

/**
 * An Ollama address as a URL: a bare host or port gets the scheme and Ollama's own port, and the wildcard
 * address, which only a server can listen on, becomes loopback. A `#slots=N` is kept in the fragment.
 * Throws ConfigurationError for what is no address.
 */
export function ollamaUrl(given: string): string {
  const withScheme = /^[a-z]+:\/\//i.test(given) ? given : `http://${given.startsWith(':') ? `127.0.0.1${given}` : given}`;
  if (!URL.canParse(withScheme))
    throw new ConfigurationError(
      `"${given.replace(/^(\w+:\/\/)?.*@/, '$1…@')}" is no address of an Ollama server: give one such as http://127.0.0.1:11434 or gpu-host:11434.`,
    );
  const url = new URL(withScheme);
  if (url.port === '' && !/^[a-z]+:\/\/[^/?#]*:\d+(?:[/?#]|$)/i.test(withScheme)) url.port = url.protocol === 'https:' ? '443' : '11434';
  if (url.hostname === '0.0.0.0' || url.hostname === '[::]') url.hostname = '127.0.0.1';
  return url.toString().replace(/\/(#.*)?$/, '$1');
}

/** The configured Ollama servers, in order: the list, else OLLAMA_HOST, else localhost. */
export function ollamaUrls(settings: { CHIMERA_OLLAMA_URLS?: string | undefined; OLLAMA_HOST?: string | undefined }): string[] {
  const list = settings.CHIMERA_OLLAMA_URLS ?? settings.OLLAMA_HOST ?? 'http://127.0.0.1:11434';
  return list.split(',').map((one) => ollamaUrl(one.trim()));
}
