import type { SectionDuty } from '../../definition.ts';

/** What the collector must say. Their words stay below the 250 that it may write. */
const COVERAGE = {
  id: 'coverage',
  title: 'Coverage',
  layout: 'bullets',
  kinds: ['observation'],
  duty: 'how many artifacts there are, of which kinds, in which directories, and how many were refused',
  least: 3,
  most: 8,
  words: 90,
} as const satisfies SectionDuty;
const MODIFICATIONS = {
  id: 'modifications',
  title: 'Latest modifications',
  layout: 'bullets',
  kinds: ['observation'],
  duty: 'the latest modification overall and of each kind',
  least: 1,
  most: 7,
  words: 60,
} as const satisfies SectionDuty;
const GAPS = {
  id: 'gaps',
  title: 'Gaps',
  layout: 'bullets',
  kinds: ['risk', 'observation'],
  duty: 'missing directories, refused files, failed records, missing telemetry',
  least: 2,
  most: 8,
  words: 95,
} as const satisfies SectionDuty;
export const SECTIONS = [COVERAGE, MODIFICATIONS, GAPS] as const;
export type CollectorSection = (typeof SECTIONS)[number]['id'];
