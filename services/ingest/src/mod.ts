export { EmptyInventory } from '@chimera/evidence';
export { type IngestSettings, ingestSettings } from './config.ts';
export { divide, WHOLE_DATASET } from './dataset.ts';
export { scanFolder, Unstable } from './folder.ts';
export { ingestDataset, startIngest } from './ingest.ts';
export { openCurrent } from './publication.ts';
export { createReadingCache } from './reading-cache.ts';
