import type { Profile } from '@chimera/shared/domain';
import { CommonSettings, configuredProfile, ProfileSettings, parseSettings } from '@chimera/shared/service';
import { z } from 'zod';

const ReporterShape = {
  ...CommonSettings,
  ...ProfileSettings,
  /** seconds an agent may work on its part before the report is printed without it */
  CHIMERA_JOIN_TIMEOUT: z.coerce.number().positive().default(960),
  /** seconds a part may wait for a worker before the report is printed without it */
  CHIMERA_JOIN_WAIT: z.coerce.number().positive().default(3_600),
  CHIMERA_SWEEP_SECONDS: z.coerce.number().positive().default(2),
};

const parse = (environment: Readonly<Record<string, string | undefined>>) => parseSettings(ReporterShape, environment);

export type ReporterSettings = { values: ReturnType<typeof parse>; profile: Profile };

/** Parses the reporter's settings; throws ConfigurationError with all faults. */
export function reporterSettings(environment: Readonly<Record<string, string | undefined>>): ReporterSettings {
  const values = parse(environment);
  return { values, profile: configuredProfile(values) };
}
