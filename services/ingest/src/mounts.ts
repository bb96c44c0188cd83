import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

/** A mount whose files others may change without this machine's kernel being asked. `folder` is where it is mounted. */
export type ForeignMount = { folder: string; type: string };

// As /proc/self/mountinfo calls them. On these the kernel reports what happens through this very mount and nothing
// else, so a canary written here is answered and proves nothing. fuseblk is absent: a disk of this machine.
const FOREIGN = new Set([
  ...['nfs', 'nfs4', 'cifs', 'smb3', 'smbfs', 'ncpfs', 'afs', 'coda'],
  ...['ceph', 'glusterfs', 'lustre', 'gpfs', 'beegfs', 'orangefs', 'pvfs2', 'wekafs', 'ocfs2', 'gfs2'],
  // the folders of a host in its virtual machines and containers
  ...['9p', 'virtiofs', 'vboxsf', 'vmhgfs', 'prl_fs', 'drvfs', 'fakeowner', 'fuse'],
]);

/** Finds the foreign mount that holds a folder (absolute path) or lies below it; null where the system tells of none. */
export async function findForeignMount(folder: string): Promise<ForeignMount | null> {
  if (process.platform !== 'linux') return null;
  const table = '/proc/self/mountinfo';
  return existsSync(table) ? foreignMountOf(await readFile(table, 'utf8'), folder) : null;
}

/** The same from the text of a mount table. Pure. */
export function foreignMountOf(mountinfo: string, folder: string): ForeignMount | null {
  const mounts = mountinfo.split('\n').flatMap(parseMount);
  // Of several mounts on one folder the last is the one that is seen.
  const holder = mounts
    .filter((mount) => isWithin(mount.folder, folder))
    .reduce<ForeignMount | null>((best, mount) => (best === null || mount.folder.length >= best.folder.length ? mount : best), null);
  if (holder !== null && isForeign(holder)) return holder;
  return mounts.find((mount) => mount.folder !== folder && isWithin(folder, mount.folder) && isForeign(mount)) ?? null;
}

/** `36 35 98:0 /shared /mnt\040point rw,noatime master:1 - nfs4 host:/shared rw`: the fifth field, and the first after the dash. */
function parseMount(line: string): ForeignMount[] {
  const [place, source] = line.split(' - ', 2);
  const folder = place?.split(' ')[4];
  const type = source?.split(' ')[0];
  if (folder === undefined || type === undefined) return [];
  return [{ folder: folder.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))), type }];
}

function isForeign({ type }: ForeignMount): boolean {
  return FOREIGN.has(type) || type.startsWith('fuse.');
}

function isWithin(outer: string, inner: string): boolean {
  return outer === '/' || inner === outer || inner.startsWith(`${outer}/`);
}
