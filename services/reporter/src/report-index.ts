import { type Documents, subjectToken } from '@chimera/shared/bus';
import { Sha256 } from '@chimera/shared/domain';
import type { Dependencies } from '@chimera/shared/service';
import { z } from 'zod';

/** The KV bucket of printed reports. */
export const REPORTS_BUCKET = 'chimera_reports';

/** What is known of a printed report without opening it. */
export const ReportEntry = z.object({
  dataset: z.string(),
  inventory: Sha256,
  run: Sha256,
  revision: z.int().positive(),
  status: z.enum(['current', 'superseded']),
  /** the blob of this revision, as it is while current */
  base: Sha256,
  /** the blob of its report.json as it lies there */
  report: Sha256,
  folder: z.string(),
});
export type ReportEntry = z.infer<typeof ReportEntry>;

/** The KV bucket of printed reports; keys are `<dataset token>.<run>`. */
export function openReportIndex(bus: Pick<Dependencies['bus'], 'documents'>): Promise<Documents<ReportEntry>> {
  return bus.documents(REPORTS_BUCKET, ReportEntry);
}

export function reportKey(dataset: string, run: string): string {
  return `${subjectToken(dataset)}.${run}`;
}
