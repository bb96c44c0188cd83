/** The series of the services that were chosen. */
export const OF = '{service=~"$service"}';
/** What tells one process from another, and how it is called. */
export const EACH = ['service', 'instance'];
export const NAMED = '{{service}} {{instance}}';
/** A gauge of each process. */
export const each = (metric: string) => `max by (${EACH.join(', ')}) (${metric}${OF})`;

/** What NATS holds for Chimera, and what it may hold. */
export const USED = 'account:chimera_nats_storage_bytes:max';
export const LIMIT = 'account:chimera_nats_storage_limit_bytes:max';
