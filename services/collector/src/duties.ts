import type { SectionDuty } from '@chimera/agent';

/** What the collector must say. */
export const COVERAGE: SectionDuty = {
  id: 'coverage',
  title: 'Coverage',
  layout: 'bullets',
  kind: 'observation',
  duty: 'how many artifacts there are, of which kinds, in which directories, and how many were refused',
  least: 3,
  most: 8,
};
export const MODIFICATIONS: SectionDuty = {
  id: 'modifications',
  title: 'Latest modifications',
  layout: 'bullets',
  kind: 'observation',
  duty: 'the latest modification overall and of each kind',
  least: 1,
  most: 7,
};
export const GAPS: SectionDuty = {
  id: 'gaps',
  title: 'Gaps',
  layout: 'bullets',
  kind: 'risk',
  duty: 'missing directories, refused files, failed records, missing telemetry',
  least: 2,
  most: 8,
};
export const DUTIES = [COVERAGE, MODIFICATIONS, GAPS] as const;
