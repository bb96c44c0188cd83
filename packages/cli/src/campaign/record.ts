import { randomUUID } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { Instant, InventoryRef, Sha256, shortId } from '@chimera/shared/domain';
import { z } from 'zod';
import { CommandFailed } from '../usage-error.ts';

/** What a campaign's folder says of itself: what it was begun with. */
const CampaignRecord = z.object({
  schema: z.literal('chimera.campaign/v1'),
  campaign: z.string().min(1),
  begunAt: Instant,
  /** of the campaign file's text */
  file: Sha256,
  plan: Sha256,
  inventory: InventoryRef,
  /** without credentials */
  servers: z.array(z.string()),
});
export type CampaignRecord = z.infer<typeof CampaignRecord>;

/** What a campaign in a folder was begun with; null where none was. Throws CommandFailed where it cannot be read. */
export async function readRecord(path: string): Promise<CampaignRecord | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new CommandFailed(`${path} cannot be read: ${(error as Error).message}.`, { cause: error });
  }
  const record = parsed(text);
  if (record === null)
    throw new CommandFailed(
      `${path} does not say what this campaign was begun with: it was changed, is cut off, or another version wrote it. Name another folder with --out.`,
    );
  return record;
}

function parsed(text: string): CampaignRecord | null {
  try {
    return CampaignRecord.safeParse(JSON.parse(text)).data ?? null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

export async function writeRecord(path: string, record: CampaignRecord): Promise<void> {
  const temporary = `${path}.${randomUUID()}.part`;
  await writeFile(temporary, `${JSON.stringify(record, null, 2)}\n`);
  await rename(temporary, path);
}

const NEXT = 'Name another folder with --out to begin anew, or bring back what was changed to go on.';

/** Why a campaign cannot be gone on with by this plan, in a sentence; null where it can: its runs are compared with one another. */
export function whyOtherPlan(known: CampaignRecord, now: Pick<CampaignRecord, 'file' | 'plan'>, file: string, out: string): string | null {
  if (known.plan === now.plan) return null;
  return known.file === now.file
    ? `The campaign in ${out} was begun by another version of Chimera, which makes other runs of ${file}. Name another folder with --out.`
    : `The campaign in ${out} was begun with another plan: ${file} was changed since, and asks for other runs now. ${NEXT}`;
}

/** Why a campaign cannot be gone on with over this dataset, in a sentence; null where it can. */
export function whyOtherDataset(known: CampaignRecord, now: InventoryRef, dataset: string, out: string): string | null {
  const before = known.inventory;
  if (before.inventory !== now.inventory)
    return `The campaign in ${out} was begun over other artifacts: in ${dataset} files were changed, added or removed since (inventory ${shortId(before.inventory)} then, ${shortId(now.inventory)} now). ${NEXT}`;
  return before.evidence === now.evidence
    ? null
    : `The campaign in ${out} was begun by another version of Chimera, which computes other facts from ${dataset}. Name another folder with --out.`;
}

/** What changed since and does no harm: sentences. */
export function changesSince(known: CampaignRecord, now: Pick<CampaignRecord, 'file' | 'servers'>): string[] {
  const said: string[] = [];
  if (known.file !== now.file) said.push('the campaign file was changed since, and its plan is the same: going on');
  if (known.servers.join() !== now.servers.join())
    said.push(
      `earlier runs asked ${known.servers.join(' and ') || 'no server'}, and from now on ${now.servers.join(' and ')} is asked: runs of different servers are not compared`,
    );
  return said;
}
