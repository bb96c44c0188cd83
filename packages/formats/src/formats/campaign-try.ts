import { ARRANGEMENTS, CAMPAIGN_PROFILE, canonicalLabel, STARTS } from '@chimera/shared/domain';
import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addLabel, plainNumber, textOf } from '../fields.ts';
import { segment } from '../json-pointer.ts';
import { isObject, type JsonObject } from '../json-value.ts';

/** Longest reason of an excluded try that is kept: the report quotes it, and a campaign writes one sentence. */
const REASON_CHARS = 400;
/** Longest part of a run's name. */
const PART_CHARS = 60;
/** Longest part of the name of a cell: as long as a profile's name may be, so that no two cells become one. */
const CELL_CHARS = 200;
/** Longest name of a label. */
const NAME_CHARS = 64;

/** One line of `runs.jsonl`, as far as it says which run it is of. */
export type CampaignTry = {
  /** what stands before every pointer into it: `line 3 `, `/2` */
  at: string;
  object: JsonObject;
  /** the campaign's name; empty where the line does not say */
  campaign: string;
  /** the hash of the inventory that it was made over; empty where the line does not say */
  inventory: string;
  /** `profile a in parallel, warm`; null where the line does not say */
  cell: string | null;
  /** which run of which campaign it is a try at; null where the line does not say */
  key: string | null;
  /** `17`; null where the line does not say */
  ordinal: string | null;
  /** `run 17 (profile a, parallel, warm, repeat 3, try 1)` */
  name: string;
  labels: Record<string, string>;
  /** why its numbers count nowhere; null where they count */
  fault: string | null;
};

/** What a configuration is of a campaign: the field of the line, and the label that it becomes. */
const OF_CELL = [
  ['profile', CAMPAIGN_PROFILE],
  ['arrangement', 'arrangement'],
  ['start', 'start'],
] as const;

/** Reads which run a line is of, its labels, and whether it counts; what of that cannot be read is told. */
export function campaignTry(extract: Extract, object: JsonObject, at: string): CampaignTry {
  const ordinal = countAt(object, 'ordinal');
  const place = at.trim() || 'the document';
  if (ordinal === null)
    extract.warnings.add(
      'run numbers',
      `${place}: "ordinal" is no whole number from 1 on, so nobody can tell whether another line is of the same run`,
    );
  const campaign = textOf(object.campaign) ?? '';
  const labels = labelsOf(extract, object, at);
  tellUnknown(extract, labels, at);
  return {
    at,
    object,
    campaign,
    inventory: textOf(object.inventory) ?? '',
    cell: cellOf(labels),
    key: ordinal === null ? null : JSON.stringify([campaign, ordinal]),
    ordinal,
    name: nameOf(object, ordinal, place, labels),
    labels,
    fault: faultOf(object, labels),
  };
}

/** A whole number from 1 on as its digits, or null. */
function countAt(object: JsonObject, key: string): string | null {
  const number = Object.hasOwn(object, key) ? plainNumber(object[key]) : null;
  return number !== null && Number.isSafeInteger(number) && number > 0 ? String(number) : null;
}

function nameOf(object: JsonObject, ordinal: string | null, place: string, labels: CampaignTry['labels']): string {
  const [profile, arrangement, start] = OF_CELL.map(([, label]) =>
    Object.hasOwn(labels, label) ? excerpt(labels[label] ?? '', PART_CHARS) : null,
  );
  const [repeat, attempt] = [countAt(object, 'repeat'), countAt(object, 'attempt')];
  const parts = [
    profile === null ? null : `profile ${profile}`,
    arrangement,
    start,
    repeat === null ? null : `repeat ${repeat}`,
    attempt === null ? null : `try ${attempt}`,
  ].filter((part) => part !== null && part !== undefined);
  const run = ordinal === null ? `a run without a number (${place})` : `run ${ordinal}`;
  return parts.length === 0 ? run : `${run} (${parts.join(', ')})`;
}

function cellOf(labels: CampaignTry['labels']): string | null {
  const told = OF_CELL.map(([, label]) => (Object.hasOwn(labels, label) ? excerpt(labels[label] ?? '', CELL_CHARS) : null));
  return told.includes(null) ? null : `profile ${told[0]} in ${told[1]}, ${told[2]}`;
}

/** Failed is not fast: only what says that it was measured, and of what, counts. */
function faultOf(object: JsonObject, labels: CampaignTry['labels']): string | null {
  const { outcome, reason } = object;
  if (outcome === 'excluded') return excerpt(textOf(reason)?.trim() || 'it was excluded, and no reason is given', REASON_CHARS);
  if (outcome !== 'measured') {
    const said = textOf(outcome);
    return `${said === null ? 'it does not say how it ended' : `its outcome is "${excerpt(said, PART_CHARS)}", which is not known`}: its numbers count nowhere`;
  }
  const missing = OF_CELL.flatMap(([field, label]) => (Object.hasOwn(labels, label) ? [] : [field]));
  if (missing.length > 0) return `it does not say its ${missing.join(' and ')}: nobody can tell what its numbers are of`;
  return hasWallClock(object) ? null : 'it says that it was measured, and holds no wall clock above zero: nobody can tell how long it took';
}

function hasWallClock({ measured }: JsonObject): boolean {
  const clock = isObject(measured) && Object.hasOwn(measured, 'wall_clock') ? measured.wall_clock : undefined;
  const seconds = isObject(clock) && Object.hasOwn(clock, 'value') ? plainNumber(clock.value) : null;
  return seconds !== null && seconds > 0;
}

function labelsOf(extract: Extract, object: JsonObject, at: string): Record<string, string> {
  const labels: Record<string, string> = {};
  const given = Object.hasOwn(object, 'labels') ? object.labels : undefined;
  if (!isObject(given)) warn(extract, `${at}/labels`, 'no object with the labels of the run stands there');
  else for (const key of Object.keys(given)) addGiven(extract, labels, key, given[key], `${at}/labels${segment(key)}`);
  for (const [field, name] of OF_CELL) {
    const own: Record<string, string> = {};
    if (Object.hasOwn(object, field) && typeof object[field] === 'string') addLabel(own, name, object[field], extract);
    const value = own[name];
    if (value === undefined) continue;
    if (!Object.hasOwn(labels, name)) labels[name] = value;
    else if (labels[name] !== value)
      warn(
        extract,
        at + segment(field),
        `it is "${excerpt(value, PART_CHARS)}", but the label ${name} "${excerpt(labels[name] ?? '', PART_CHARS)}", which holds`,
      );
  }
  return labels;
}

/** Sets a label that the line states. Texts alone are labels: anything else is none that a campaign writes. */
function addGiven(extract: Extract, labels: Record<string, string>, key: string, value: unknown, pointer: string): void {
  const name = canonicalLabel(key);
  if (typeof value !== 'string' || value.trim() === '' || key === '' || key.length > NAME_CHARS || key === '__proto__') {
    const what = typeof value === 'string' ? 'its name or its text is empty or too long' : 'no text stands there';
    warn(extract, pointer, `${what}; it was not read`);
    return;
  }
  if (Object.hasOwn(labels, name)) warn(extract, pointer, `the label ${name} stands there twice, under two names; the first one holds`);
  else addLabel(labels, name, value, extract);
}

const KNOWN: Readonly<Record<string, readonly string[]>> = { arrangement: ARRANGEMENTS, start: STARTS };

/** A newer version may have more of them: what nobody here knows is in no comparison. */
function tellUnknown(extract: Extract, labels: CampaignTry['labels'], at: string): void {
  for (const [name, known] of Object.entries(KNOWN)) {
    const value = Object.hasOwn(labels, name) ? labels[name] : undefined;
    if (value !== undefined && !known.includes(value))
      warn(
        extract,
        `${at}/labels`,
        `${name} "${excerpt(value, PART_CHARS)}" is none that is known: its numbers are shown, and take part in no verdict`,
      );
  }
}

function warn(extract: Extract, pointer: string, what: string): void {
  extract.warnings.add('labels of runs', `${excerpt(pointer)}: ${what}`);
}
