export { BLOBS_BUCKET, BlobDamaged, BlobMissing, type Blobs, RENEW_AFTER_MS, type StoredBlob, type StoredName } from './blobs.ts';
export { type Bytes, canonicalJson, contentHash, hashing, inOnePiece, labelsJson, sha256 } from './content-hash.ts';
export { CURRENT_BUCKET, Current, type Fence, fenced, isOutdated, leastToken, nextCurrent, type Taken } from './current.ts';
export { folderBlobs } from './folder-blobs.ts';
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
export { getJson, putJson, putJsonBytes } from './json-blobs.ts';
export { KEPT_REPORT, KeptReportFault, keepReport, keptReport, keptRuns } from './kept-reports.ts';
export { askLease, LEASES_BUCKET, Lease, type LeaseSight, StaleLease, sightOf } from './lease.ts';
export { createLeaseKeeper, type LeaseKeeper, takeLease } from './lease-keeper.ts';
export { openBlobs } from './open-blobs.ts';
export { wholeOf } from './parted-blobs.ts';
export {
  AnalysisCalls,
  blobsOfAnalysis,
  blobsOfInventory,
  blobsOfJoin,
  mayGo,
  type PrintedReport,
  type ReportLimits,
  reportsToRemove,
} from './retention.ts';
export type { S3Patience } from './s3-client.ts';
export { BROKEN_OFF, isAbsent, isConditionFailed, S3Fault } from './s3-fault.ts';
export type { S3Values } from './s3-settings.ts';
export { openS3, type S3Listed, S3Oversized, type S3Store } from './s3-store.ts';
export { isS3Url, parseS3Url, s3Url } from './s3-url.ts';
export { type ListedContent, type MeasurementTable, openMeasurementTable, type TableFactory } from './table.ts';
