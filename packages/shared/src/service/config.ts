import { z } from 'zod';

export class ConfigurationError extends Error {
  override name = 'ConfigurationError';
}

const TimeoutSeconds = z.coerce.number().positive();

/** Settings that every service has. Their meaning stands in docs/configuration.md. */
export const CommonSettings = {
  CHIMERA_HOME: z.string().min(1).default('./.chimera'),
  CHIMERA_BLOBS: z
    .string()
    .refine((value) => !value.startsWith('s3://'), 'blobs in S3 are not built yet: give a folder, or "nats"')
    .optional(),
  CHIMERA_NATS_URL: z.string().min(1).default('nats://127.0.0.1:4222'),
  CHIMERA_NATS_CREDS: z.string().min(1).optional(),
  CHIMERA_NATS_TOKEN: z.string().min(1).optional(),
  CHIMERA_HTTP_HOST: z.string().min(1).default('127.0.0.1'),
  CHIMERA_HTTP_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  CHIMERA_HTTP_TOKEN: z.string().min(1).optional(),
  CHIMERA_METRICS_TOKEN: z.string().min(1).optional(),
  /** set by whoever supervises the process: it stops in order when its standard input ends, so that nobody is left behind */
  CHIMERA_END_WITH_STDIN: z.enum(['1']).optional(),
  /** how often each service compares what it knows with what the others hold, in seconds */
  CHIMERA_RECONCILE_SECONDS: z.coerce.number().positive().max(86_400).default(60),
  CHIMERA_LOG_LEVEL: z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
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
 * Parses the environment once. Empty variables count as unset, as `VAR= command` and compose files leave them.
 * Throws ConfigurationError, which lists all faults at once, each with the variable's name and value (secrets
 * are not shown).
 */
export function parseSettings<S extends z.ZodRawShape>(
  shape: S,
  environment: Readonly<Record<string, string | undefined>>,
): z.infer<z.ZodObject<S>> {
  const given = Object.fromEntries(Object.keys(shape).flatMap((key) => (environment[key] ? [[key, environment[key]]] : [])));
  const result = z.object(shape).safeParse(given);
  if (result.success) return Object.freeze(result.data) as z.infer<z.ZodObject<S>>;
  const faults = result.error.issues.map((issue) => {
    const name = String(issue.path[0] ?? '');
    const value = isSecret(name) ? '(not shown)' : JSON.stringify(given[name]);
    return `  ${name}=${value}: ${issue.code === 'invalid_type' && issue.expected === 'number' ? 'is no number' : issue.message}`;
  });
  throw new ConfigurationError(
    `The configuration has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}:\n${faults.join('\n')}\nSee docs/configuration.md for what each variable takes.`,
  );
}

/** True for variables whose values belong in no log. */
export function isSecret(name: string): boolean {
  return /TOKEN|SECRET|PASSWORD|CREDS|KEY/.test(name);
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
      `"${given}" is no address of an Ollama server: give one such as http://127.0.0.1:11434 or gpu-host:11434.`,
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
