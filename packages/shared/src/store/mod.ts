export { BlobDamaged, BlobMissing, type Blobs, folderBlobs, getJson, putJson, putJsonBytes } from './blobs.ts';
export { canonicalJson, contentHash, labelsJson, sha256 } from './content-hash.ts';
export { CURRENT_BUCKET, Current, type Fence, fenced, isOutdated, leastToken, nextCurrent, type Taken } from './current.ts';
export { prepareHome } from './home.ts';
export { factId, inventoryId, runOf } from './ids.ts';
export {
  analysesOf,
  decideJoin,
  evolveJoin,
  JOINS_BUCKET,
  Join,
  type JoinDecision,
  type JoinEvent,
  JoinPart,
  openJoin,
  writtenAge,
} from './join.ts';
export { askLease, LEASES_BUCKET, Lease, type LeaseSight, StaleLease, sightOf } from './lease.ts';
export { createLeaseKeeper, type LeaseKeeper, takeLease } from './lease-keeper.ts';
export { openBlobs } from './open-blobs.ts';
export { type ListedContent, type MeasurementTable, openMeasurementTable, type TableFactory } from './table.ts';
