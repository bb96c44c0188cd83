import { type Permissions, ROLES, type Role } from '@chimera/shared/access';
import type { Access } from './folder.ts';
import { grantOf, isAgent } from './table.ts';
import { permissionsFor } from './users.ts';

/** A role with what it may do: in the words of the system, and as subjects. */
export type RoleListing = { role: Role; may: [string, readonly string[]][] } & Permissions;

/** What each role may do; of agents, for the models of the deployment. */
export function roleListings(access: Access): RoleListing[] {
  return ROLES.map((role) => {
    const grant = grantOf(role, access);
    const may: [string, readonly string[]][] = [
      ['publishes', grant.publishes],
      ['consumes', grant.consumes.map(({ stream, durable }) => `${durable} of ${stream}`)],
      ['reads and writes buckets', grant.writes],
      ['reads buckets', grant.reads],
      ['stores and reads blobs in', grant.objects],
      ['hears', grant.hears],
      ['tells', grant.tells],
      ['makes', grant.makes],
      ['empties and removes', grant.administers],
    ];
    const once = may.map(([does, what]): [string, string[]] => [does, [...new Set(what)]]);
    return { role, may: once.filter(([, what]) => what.length > 0), ...permissionsFor(access, role, { role, models: null }) };
  });
}

/** The users that there are, as rows of a table. */
export function userRows(access: Access): string[][] {
  return Object.entries(access.users).map(([name, { role, models, key, expires }]) => [
    name,
    role,
    isAgent(role) ? (models ?? access.models).join(', ') || '(template)' : '-',
    expires === null ? 'never' : new Date(expires * 1_000).toISOString(),
    key,
  ]);
}

/** Cells in columns of one width, without blanks at the end of a line. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]) => row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ');
  return rows.map((row) => `${line(row).trimEnd()}\n`).join('');
}
