import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { defaultProfile, Profile } from '../domain/profile.ts';
import { ConfigurationError } from './config.ts';

/**
 * The profile that is in force: the file that CHIMERA_PROFILE names (YAML or JSON), else both agents with
 * CHIMERA_MODEL, where `none` is the template narrator. Throws ConfigurationError that names file and faults.
 */
export function configuredProfile(settings: { CHIMERA_MODEL: string; CHIMERA_PROFILE?: string | undefined }): Profile {
  const path = settings.CHIMERA_PROFILE;
  if (path === undefined) return defaultProfile(settings.CHIMERA_MODEL === 'none' ? null : settings.CHIMERA_MODEL, {});
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigurationError(
      `The profile ${path} cannot be read (${(error as Error).message}): give a file, or leave CHIMERA_PROFILE unset.`,
      { cause: error },
    );
  }
  const result = Profile.safeParse(parsed(text, path));
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => `  ${issue.path.join('.') || 'the document'}: ${issue.message}`);
  throw new ConfigurationError(`The profile ${path} is not as expected:\n${faults.join('\n')}`);
}

function parsed(text: string, path: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw new ConfigurationError(`The profile ${path} is not valid YAML: ${(error as Error).message.split('\n')[0]}`, { cause: error });
  }
}
