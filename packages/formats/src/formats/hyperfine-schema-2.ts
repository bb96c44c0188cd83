import { hasKeys } from '../documents.ts';
import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addLabel, addNumber, type FieldMeaning, listAt, numberOf, objectAt, plainNumber, type RecordPlace, textOf } from '../fields.ts';
import { isObject, type JsonObject } from '../json-value.ts';
import { unitOfSymbol } from '../unit-from-name.ts';
import { commandLabels, failureOfCommand, failureOfExits } from './hyperfine-labels.ts';
import { RUN_FIELDS, STATISTICS } from './hyperfine-metrics.ts';

/** Whether a result is one of version 2's JSON: measurements of each run, and a summary. */
export function isSecondSchema(result: JsonObject): boolean {
  if (!hasKeys(result, 'command', 'measurements') || textOf(result.command) === null) return false;
  const first = listAt(result, 'measurements')[0];
  return isObject(first) && hasKeys(first, 'time_wall_clock');
}

/**
 * Reads one command of an export of schema version 2.
 * @param metadata of the whole export: version, time, platform
 * @param at the pointer of the result
 */
export function readSecondSchema(extract: Extract, result: JsonObject, metadata: JsonObject, at: string): void {
  const command = textOf(result.command) ?? '';
  const labels = commandLabels(command, Object.entries(objectAt(result, 'parameters')));
  addLabel(labels, 'name', result.name, extract);
  addLabel(labels, 'tool_version', metadata.hyperfine_version, extract);
  addLabel(labels, 'timestamp', metadata.start_time, extract);
  for (const key of ['os', 'architecture']) addLabel(labels, key, objectAt(metadata, 'platform')[key], extract);
  extract.records += 1;
  const runs = listAt(result, 'measurements');
  const codes = runs.flatMap((run) => (isObject(run) && Object.hasOwn(run, 'exit_code') ? [run.exit_code] : []));
  const reason = failureOfCommand(`${command} ${textOf(result.name) ?? ''}`) ?? failureOfExits(codes);
  if (reason !== null) extract.fail({ pointer: at, reason: `${reason} ("${excerpt(command, 60)}")` });
  const place: RecordPlace = { at, labels, failed: reason !== null };
  for (const [index, run] of runs.entries()) if (isObject(run)) readRun(extract, run, { ...place, at: `${at}/measurements/${index}` });
  readSummary(extract, objectAt(result, 'summary'), { ...place, at: `${at}/summary` });
}

function readRun(extract: Extract, run: JsonObject, { at, ...rest }: RecordPlace): void {
  for (const [field, meaning] of Object.entries(RUN_FIELDS)) {
    if (!Object.hasOwn(run, field)) continue;
    const one = run[field];
    if (isObject(one)) {
      if (!isUnmeasured(meaning, one.value))
        addNumber(extract, one.value, { ...meaning, unit: unitOf(one, meaning) }, { ...rest, pointer: `${at}/${field}/value` });
    } else if (numberOf(one) !== null && !isUnmeasured(meaning, one))
      addNumber(extract, one, meaning, { ...rest, pointer: `${at}/${field}` });
  }
}

function readSummary(extract: Extract, summary: JsonObject, { at, ...rest }: RecordPlace): void {
  for (const [field, meaning] of Object.entries(RUN_FIELDS)) {
    const one = objectAt(summary, field);
    if (isUnmeasured(meaning, one.max)) continue;
    const unit = unitOf(one, meaning);
    for (const statistic of STATISTICS)
      if (Object.hasOwn(one, statistic))
        addNumber(
          extract,
          one[statistic],
          { ...meaning, statistic, unit },
          { ...rest, n: plainNumber(one.count), pointer: `${at}/${field}/${statistic}` },
        );
  }
}

/** No program runs in no memory. */
function isUnmeasured({ metric }: FieldMeaning, value: unknown): boolean {
  return metric === 'peak_memory' && plainNumber(value) === 0;
}

/** The unit that stands beside the number, in words such as `second`; the schema's own where none does, and none that is not known. */
function unitOf(object: JsonObject, { unit }: FieldMeaning): string | null {
  return Object.hasOwn(object, 'unit') ? unitOfSymbol(textOf(object.unit) ?? '') : unit;
}
