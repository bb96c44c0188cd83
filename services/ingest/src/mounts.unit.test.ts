import { describe, expect, it } from 'vitest';
import { foreignMountOf } from './mounts.ts';

const TABLE = `22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard
40 27 0:40 / /mnt/lab rw,relatime shared:7 - nfs4 lab:/export rw,vers=4.2
41 40 254:1 / /mnt/lab/local rw - ext4 /dev/vdb rw
42 27 0:42 / /mnt/my\\040share rw - cifs //host/share rw
43 27 0:43 / /data rw - fuse.sshfs host:/ rw
44 27 8:1 / /disk rw - fuseblk /dev/sda1 rw
45 27 0:45 / /twice rw - nfs host:/ rw
46 45 254:2 / /twice rw - ext4 /dev/vdc rw
47 27 0:47 /home /work rw - overlay overlay rw
`;

describe('foreignMountOf', () => {
  it.each([
    ['/mnt/lab', 'nfs4', '/mnt/lab'],
    ['/mnt/lab/bucket', 'nfs4', '/mnt/lab'],
    ['/mnt/my share/bucket', 'cifs', '/mnt/my share'],
    ['/data/bucket', 'fuse.sshfs', '/data'],
    ['/mnt', 'nfs4', '/mnt/lab'],
  ])('hazard 25: finds that %s is shared with other machines', (folder, type, mount) => {
    expect(foreignMountOf(TABLE, folder)).toEqual({ folder: mount, type });
  });

  it.each(['/mnt/lab/local/bucket', '/mnt/labor', '/database', '/disk/bucket', '/twice/bucket', '/projects/bucket', '/home'])(
    'lets %s be, which is of this machine',
    (folder) => {
      expect(foreignMountOf(TABLE, folder)).toBeNull();
    },
  );

  it('finds nothing in a table that is none', () => {
    expect(foreignMountOf('', '/bucket')).toBeNull();
    expect(foreignMountOf('nonsense\n- \n', '/bucket')).toBeNull();
  });
});
