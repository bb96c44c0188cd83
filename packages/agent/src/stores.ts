import type { Documents } from '@chimera/shared/bus';
import type { Current, Join } from '@chimera/shared/store';

/** What planner and worker look at: the joins they take part in, and which inventory of a dataset is current. */
export type Stores = { joins: Documents<Join>; current: Documents<Current> };
