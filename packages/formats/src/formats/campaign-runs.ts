import { CAMPAIGN_RUN_SCHEMA, counted } from '@chimera/shared/domain';
import type { Content } from '../content.ts';
import { documentsOf, objectsOf } from '../documents.ts';
import type { Extract } from '../extract.ts';
import { addLabel } from '../fields.ts';
import { isObject, type JsonObject } from '../json-value.ts';
import { readCampaignMeasured } from './campaign-measured.ts';
import { type CampaignTry, campaignTry } from './campaign-try.ts';
import { RunWarnings } from './campaign-warnings.ts';

/** Whether any document of a content, or item of a list, is a line of `runs.jsonl`. */
export function holdsCampaignRun(content: Content): boolean {
  return documentsOf(content).some(({ value }) => (Array.isArray(value) ? value.some(isCampaignRun) : isCampaignRun(value)));
}

function isCampaignRun(value: unknown): value is JsonObject {
  return isObject(value) && Object.hasOwn(value, 'schema') && value.schema === CAMPAIGN_RUN_SCHEMA;
}

/**
 * Reads the tries of a campaign's runs. Whatever stands in a line, the others are read, and what was not read of it is told.
 * @throws Refusal where the file holds more numbers than the limits allow
 */
export function readCampaignRuns(extract: Extract, content: Content): void {
  const tries = triesIn(content, extract);
  tellCampaignsApart(tries, extract);
  const again = measuredAgain(tries);
  const warnings = new RunWarnings();
  for (const one of tries) {
    const later = again.get(one);
    const fault = one.fault ?? (later === undefined ? null : `it was measured again later (${placeOf(later.at)}), and that counts`);
    extract.records += 1;
    if (fault !== null) extract.fail({ pointer: one.at.trim() || '/outcome', reason: `${one.name}: ${fault}` });
    readCampaignMeasured(extract, one.object, { at: one.at, labels: one.labels, failed: fault !== null });
    warnings.take(extract, one);
  }
  warnings.tell(extract);
  tellUnmeasured(tries, extract);
}

/** `line 9`, `/3`, or `the document`. */
function placeOf(at: string): string {
  return at.trim() || 'the document';
}

function triesIn(content: Content, extract: Extract): CampaignTry[] {
  for (const { at, value } of documentsOf(content)) {
    const others = Array.isArray(value) ? value.filter((item) => !isObject(item)).length : 0;
    if (others > 0)
      extract.warnings.add('other records', `${placeOf(at)}: items of the list that are no objects were not read, ${others} of them`);
  }
  return objectsOf(content).flatMap(({ at, object }) => {
    if (isCampaignRun(object)) return [campaignTry(extract, object, at)];
    extract.warnings.add(
      'other records',
      `${placeOf(at)} is no run of a campaign ("schema" is not ${CAMPAIGN_RUN_SCHEMA}): it was not read`,
    );
    return [];
  });
}

/**
 * Runs of two campaigns, or over other artifacts, may have the same profile's name: they are no repeats of each other, in one file or
 * in several that stand beside one another.
 */
function tellCampaignsApart(tries: readonly CampaignTry[], extract: Extract): void {
  for (const { labels, campaign, inventory } of tries) {
    if (campaign !== '') addLabel(labels, 'campaign', campaign, extract);
    if (inventory !== '') addLabel(labels, 'inventory', inventory.slice(0, INVENTORY_CHARS));
  }
  const campaigns = new Set(tries.map(({ campaign }) => campaign));
  if (campaigns.size > 1)
    extract.warnings.add('campaigns', `the file holds runs of ${campaigns.size} campaigns: the label "campaign" tells them apart`);
  const inventories = new Set(tries.map(({ inventory }) => inventory));
  if (inventories.size > 1)
    extract.warnings.add(
      'campaigns',
      `the file holds runs over artifacts of ${inventories.size} inventories, whose prompts differ: the label "inventory" tells them apart`,
    );
}

/** Characters of an inventory's hash by which people name it. */
const INVENTORY_CHARS = 12;

/** Of which profile, arrangement and start nothing was measured, although it was tried: the tables hold no row of it. */
function tellUnmeasured(tries: readonly CampaignTry[], extract: Extract): void {
  const cells = Map.groupBy(
    tries.filter(({ cell }) => cell !== null),
    ({ cell, campaign }) => JSON.stringify([campaign, cell]),
  );
  for (const own of cells.values()) {
    if (own.some(({ fault }) => fault === null)) continue;
    const runs = new Set(own.map(({ ordinal, at }) => ordinal ?? at)).size;
    extract.warnings.add(
      'nothing measured',
      `of ${own[0]?.cell} nothing was measured: ${counted(own.length, 'try', 'tries')} at ${counted(runs, 'run')}, and none counts`,
      MOST_UNMEASURED,
    );
  }
}

/** How many of these are named. */
const MOST_UNMEASURED = 50;

/** The tries that count until a later line measures the same run again, with the one that takes their place. */
function measuredAgain(tries: readonly CampaignTry[]): Map<CampaignTry, CampaignTry> {
  const last = new Map<string, CampaignTry>();
  const again = new Map<CampaignTry, CampaignTry>();
  for (const one of [...tries].reverse()) {
    if (one.key === null || one.fault !== null) continue;
    const later = last.get(one.key);
    if (later === undefined) last.set(one.key, one);
    else again.set(one, later);
  }
  return again;
}
