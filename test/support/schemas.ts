import { CampaignRun, Evidence, Report } from '@chimera/shared/domain';
import { z } from 'zod';

/** The published schemas by file name, as they stand in docs/schemas. */
export function publishedSchemas(): Map<string, string> {
  const write = (schema: z.ZodType, title: string) => `${JSON.stringify({ title, ...z.toJSONSchema(schema) }, null, 2)}\n`;
  return new Map([
    ['report.v1.json', write(Report, 'report.json')],
    ['evidence.v1.json', write(Evidence, 'evidence.json')],
    ['campaign-run.v1.json', write(CampaignRun, 'a line of runs.jsonl')],
  ]);
}
