import { access, constants, statfs } from 'node:fs/promises';
import { resolve } from 'node:path';
import { INGEST_VARIABLES } from '@chimera/ingest';
import { findModel } from '@chimera/ollama';
import { CommonSettings, fileVariable, OllamaSettings, ollamaUrls, ProfileSettings, parseSettings, SECRETS } from '@chimera/shared/service';
import { isS3Url } from '@chimera/shared/store';
import { Command } from 'commander';
import { z } from 'zod';
import { findNatsServer } from '../../provision/nats-server.mjs';
import { examineNats } from '../nats-access/examine.ts';
import { ROOT } from '../root.ts';
import { examineS3 } from '../s3-examine.ts';
import { checkAllSettings } from '../settings-check.ts';
import { EXIT } from '../usage-error.ts';

export type Finding = { check: string; state: 'ok' | 'note' | 'fault'; says: string; next: string | null };

/** Read by one service, or by the launcher. */
const KNOWN_VARIABLES: readonly string[] = [
  'CHIMERA_RECONCILE_SECONDS',
  ...INGEST_VARIABLES,
  'CHIMERA_AGENT_CONCURRENCY',
  'CHIMERA_JOIN_TIMEOUT',
  'CHIMERA_JOIN_WAIT',
  'CHIMERA_SWEEP_SECONDS',
  'CHIMERA_NATS_SERVER',
  'CHIMERA_END_WITH_STDIN',
  ...SECRETS.map(fileVariable),
];

const LEAST_FREE_BYTES = 1_000_000_000;

/** `chimera doctor`: what is installed, reachable, misconfigured, and what to do about it. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('Says what is installed, reachable and misconfigured, and what to do about it. Ends with 1 when something is faulty.')
    .option('--json', 'print the findings as one JSON document')
    .action(async (options: { json?: boolean }) => {
      const findings = await examine();
      if (options.json) process.stdout.write(`${JSON.stringify(findings, null, 1)}\n`);
      else
        for (const f of findings)
          process.stdout.write(
            `${{ ok: 'ok   ', note: 'note ', fault: 'FAULT' }[f.state]}  ${f.check}: ${f.says}${f.next === null ? '' : `\n         → ${f.next}`}\n`,
          );
      if (findings.some((f) => f.state === 'fault')) process.exitCode = EXIT.failed;
    });
}

async function examine(): Promise<Finding[]> {
  const shape = { ...CommonSettings, ...ProfileSettings, ...OllamaSettings, CHIMERA_BUCKET: z.string().default('./bucket') };
  // Throws ConfigurationError, which lists all faults: without a configuration nothing else can be examined.
  checkAllSettings(process.env);
  const settings = parseSettings(shape, process.env);
  return [
    { check: 'configuration', state: 'ok', says: 'every variable that is set can be read', next: null },
    ...unknownVariables(),
    { check: 'Node', state: 'ok', says: `${process.version} (${process.execPath})`, next: null },
    await natsBinary(),
    ...(await examineNats(settings)),
    ...(await ollama(ollamaUrls(settings), settings.CHIMERA_MODEL, settings.CHIMERA_OLLAMA_CONNECT_TIMEOUT * 1_000)),
    isS3Url(settings.CHIMERA_BUCKET)
      ? await examineS3('bucket', settings.CHIMERA_BUCKET, settings)
      : await folder('bucket', settings.CHIMERA_BUCKET, constants.R_OK | constants.X_OK, 'CHIMERA_BUCKET'),
    ...(isS3Url(settings.CHIMERA_BLOBS ?? '') ? [await examineS3('blobs', settings.CHIMERA_BLOBS ?? '', settings)] : []),
    await folder('home', settings.CHIMERA_HOME, constants.W_OK, 'CHIMERA_HOME'),
    await space(),
  ];
}

/** Variables of ours that nothing reads: mostly misspelt. */
function unknownVariables(): Finding[] {
  const known = new Set([...KNOWN_VARIABLES, ...Object.keys({ ...CommonSettings, ...ProfileSettings, ...OllamaSettings })]);
  const unknown = Object.keys(process.env).filter((name) => name.startsWith('CHIMERA_') && !known.has(name));
  if (unknown.length === 0) return [];
  return [
    {
      check: 'configuration',
      state: 'note',
      says: `nothing reads ${unknown.join(', ')}`,
      next: 'see docs/configuration.md for the names that there are',
    },
  ];
}

async function natsBinary(): Promise<Finding> {
  const check = 'nats-server to start';
  const server = await findNatsServer({ root: ROOT, env: process.env });
  if (server) return { check, state: 'ok', says: `${server.version} (${server.path})`, next: null };
  return { check, state: 'fault', says: 'none on the PATH nor in the cache', next: 'npm run setup' };
}

async function ollama(urls: string[], model: string, timeoutMs: number): Promise<Finding[]> {
  if (model === 'none') return [{ check: 'Ollama', state: 'ok', says: 'not needed: the template narrator is configured', next: null }];
  const { found, servers } = await findModel(urls, model, { timeoutMs });
  const findings = servers.map(({ url, reachable, models, error }): Finding => {
    const check = `Ollama at ${url}`;
    if (!reachable)
      return {
        check,
        state: 'note',
        says: error ?? 'does not answer',
        next: 'start Ollama there, or name another with OLLAMA_HOST; without it the template narrator writes',
      };
    return {
      check,
      state: 'ok',
      says: models.length === 0 ? 'answers; no model is installed' : `answers; installed: ${models.join(', ')}`,
      next: null,
    };
  });
  const others = servers.flatMap((s) => s.models);
  findings.push(
    found
      ? { check: `model ${model}`, state: 'ok', says: `at ${found.url}`, next: null }
      : {
          check: `model ${model}`,
          state: 'note',
          says: 'on no server that answers',
          next: others[0] ? `chimera analyze DIR --model ${others[0]}, or: ollama pull ${model}` : `ollama pull ${model}`,
        },
  );
  return findings;
}

async function folder(check: string, path: string, mode: number, variable: string): Promise<Finding> {
  const full = resolve(path);
  try {
    await access(full, mode);
    return { check, state: 'ok', says: full, next: null };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      return {
        check,
        state: 'note',
        says: `${full} is not there yet`,
        next: `"chimera up" makes it; another can be named with ${variable}`,
      };
    return {
      check,
      state: 'fault',
      says: `${full} cannot be used: ${(error as Error).message}`,
      next: `mend its rights, or name another with ${variable}`,
    };
  }
}

async function space(): Promise<Finding> {
  const { bavail, bsize } = await statfs(process.cwd());
  const free = bavail * bsize;
  const says = `${(free / 1e9).toFixed(1)} GB free here`;
  return free < LEAST_FREE_BYTES
    ? { check: 'disk', state: 'fault', says, next: 'make room: evidence, blobs and NATS state need some' }
    : { check: 'disk', state: 'ok', says, next: null };
}
