import { allOf } from '../definition.ts';
import { collectorDuties } from './collector/duties.ts';
import { insightDuties } from './insight/duties.ts';

/** The duties of the single agent: the collector's, then insight's. */
export const allDuties = allOf([collectorDuties, insightDuties]);
