export { BlobDamaged, BlobMissing, type Blobs, folderBlobs, getJson, putJson } from './blobs.ts';
export { canonicalJson, contentHash, labelsJson, sha256 } from './content-hash.ts';
export { CURRENT_BUCKET, isOutdated, nextCurrent, type Taken } from './current.ts';
export { prepareHome } from './home.ts';
export { factId, inventoryId, runOf } from './ids.ts';
export { analysesOf, decideJoin, evolveJoin, JOINS_BUCKET, Join, type JoinDecision, type JoinEvent, JoinPart, openJoin } from './join.ts';
export { openBlobs } from './open-blobs.ts';
export { type MeasurementTable, openMeasurementTable, type SeriesRow, type TableRow } from './table.ts';
