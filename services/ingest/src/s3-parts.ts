import type { Dependencies } from '@chimera/shared/service';
import { openS3 } from '@chimera/shared/store';
import type { IngestSettings } from './config.ts';
import type { IngestParts } from './ingest.ts';
import { createReadings } from './readings.ts';
import { s3Bucket } from './s3-bucket.ts';
import { watchS3 } from './s3-watch.ts';

/** What ingest stands on where the bucket is in S3. */
export async function s3Parts(settings: IngestSettings, { bus, clock }: Pick<Dependencies, 'bus' | 'clock'>): Promise<IngestParts> {
  const s3 = await openS3(settings.CHIMERA_BUCKET, settings);
  return {
    bucket: s3Bucket(s3, { patienceMs: settings.CHIMERA_RESTLESS_SECONDS * 1_000, elapsed: clock.elapsed }),
    readings: createReadings({ workFolder: settings.CHIMERA_HOME }),
    workFolder: settings.CHIMERA_HOME,
    watch: async (onHint) =>
      watchS3({ bus, subject: settings.CHIMERA_S3_EVENTS_SUBJECT, everySeconds: settings.CHIMERA_SCAN_SECONDS, onHint }),
  };
}
