import { BlobMissing } from '@chimera/shared/store';
import { describe, expect, it } from 'vitest';
import { diskFault } from './disk-fault.ts';

describe('diskFault', () => {
  it('finds a fault of files behind what it caused, and says what to do', () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    const sentence = diskFault(new Error('A blob could not be written.', { cause: full }), '/out');
    expect(sentence).toContain('/out');
    expect(sentence).toContain('ENOSPC: no space left on device');
    expect(sentence).toContain('run the same command again to go on');
  });

  it('says that what was stored is gone', () => {
    expect(diskFault(new BlobMissing('a'.repeat(64), '/out/.campaign/blobs'), '/out')).toContain('name another folder with --out');
  });

  it('leaves every other error to whoever made it', () => {
    expect(diskFault(new TypeError('is no function'), '/out')).toBeNull();
    expect(diskFault(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }), '/out')).toBeNull();
    expect(diskFault('text', '/out')).toBeNull();
  });
});
