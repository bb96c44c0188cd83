import { CAMPAIGN_RUN_SCHEMA } from '@chimera/shared/domain';
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

/** Runs of two campaigns may have the same profile's name: they are no repeats of each other. */
function tellCampaignsApart(tries: readonly CampaignTry[], extract: Extract): void {
  const campaigns = new Set(tries.map(({ campaign }) => campaign));
  if (campaigns.size < 2) return;
  for (const { labels, campaign } of tries) addLabel(labels, 'campaign', campaign || 'not told');
  extract.warnings.add('campaigns', `the file holds runs of ${campaigns.size} campaigns: the label "campaign" tells them apart`);
}

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
