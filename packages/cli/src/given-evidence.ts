import { lstat, open, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EVIDENCE_SCHEMA, Evidence, type Group, isCanonical, METRICS, REPORT_SCHEMA } from '@chimera/shared/domain';
import { z } from 'zod';
import { CommandFailed } from './usage-error.ts';
import { visible } from './visible.ts';

const HEAD_AND_TAIL = 4_096;
const OWN_JSON = /"schema"\s*:\s*"chimera\.(\w+)\/v\d+"/;
const OWN_PAGE = /chimera:report v\d|^<!-- chimera:verify v\d/;

/** Which of Chimera's own documents a file is; null for any other file, and for what is no file. Looks at its beginning and end. */
export async function writtenByChimera(path: string): Promise<'evidence' | 'report' | 'other' | null> {
  // To open a device or a pipe may do something to it.
  if (!(await lstat(path)).isFile()) return null;
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const part = async (position: number) => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_AND_TAIL), 0, HEAD_AND_TAIL, position);
      return buffer.toString('latin1', 0, bytesRead);
    };
    const [head, tail] = [await part(0), await part(Math.max(0, size - HEAD_AND_TAIL))];
    const [, schema] = head.trimStart().startsWith('{') ? (OWN_JSON.exec(head) ?? OWN_JSON.exec(tail) ?? []) : [];
    if (schema === 'evidence' || schema === 'report') return schema;
    return schema !== undefined || OWN_PAGE.test(head) ? 'other' : null;
  } finally {
    await file.close();
  }
}

/** The evidence in a file. Throws CommandFailed where it is none that this version can compare. `name` is as it was given. */
export async function evidenceIn(path: string, name: string): Promise<Evidence> {
  const value = await jsonIn(path, name);
  const { success, data } = Evidence.safeParse(value);
  if (success && data.groups.every(isSound)) return data;
  const { data: head } = Head.safeParse(value);
  if (head?.schema === EVIDENCE_SCHEMA && !head.hasGroups)
    throw new CommandFailed(
      `${name} was written by an earlier Chimera, which kept no runs to compare: make the report again from its artifacts, or give these.`,
    );
  throw new CommandFailed(
    `${name} is not evidence as this version of Chimera writes it: it was changed, is cut off, or another version wrote it. Make the report again, or give its artifacts.`,
  );
}

/** The evidence that lies beside a report. Throws CommandFailed where it does not, or is that of another inventory. */
export async function evidenceBeside(report: string, name: string): Promise<Evidence> {
  const { success, data } = ReportHead.safeParse(await jsonIn(report, name));
  if (!success) throw new CommandFailed(`${name} is no report of this version of Chimera.`);
  const path = join(dirname(report), 'evidence.json');
  if (!(await lstat(path).catch(absent))?.isFile())
    throw new CommandFailed(
      `There is no evidence.json beside the report.json of ${name}, and a report alone lists no runs: keep the two together, or give the folder of artifacts.`,
    );
  const evidence = await evidenceIn(path, visible(path));
  if (evidence.inventory !== data.inventory)
    throw new CommandFailed(
      `The evidence.json beside the report.json of ${name} is that of another inventory: copy both from one report, or give the folder of artifacts.`,
    );
  return evidence;
}

const Head = z.looseObject({ schema: z.string() }).transform((value) => ({ schema: value.schema, hasGroups: Array.isArray(value.groups) }));
const ReportHead = z.looseObject({ schema: z.literal(REPORT_SCHEMA), inventory: z.string() });

/** Whether a group is one that evidence can hold: runs ascend, in the unit of the metric. Elsewhere the medians would be others. */
function isSound({ metric, unit, runs, n }: Group): boolean {
  if (isCanonical(metric) && METRICS[metric].unit !== unit) return false;
  return n >= runs.length && runs.every((run, i) => i === 0 || run >= (runs[i - 1] ?? run));
}

async function jsonIn(path: string, name: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    const reason = visible(error instanceof Error ? error.message : String(error));
    throw new CommandFailed(`${name} cannot be read: ${reason}.`, { cause: error });
  }
}

function absent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}
