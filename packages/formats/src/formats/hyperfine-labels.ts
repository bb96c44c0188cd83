import { canonicalLabel } from '@chimera/shared/domain';
import { excerpt } from '../excerpt.ts';
import { addLabel, labelTextOf } from '../fields.ts';
import { isObject } from '../json-value.ts';
import { namedValue } from '../labels.ts';

/** A mark that wrappers put behind a command that did not run. */
const ERROR_MARK = '[ERROR]';

/**
 * The labels of a benchmarked command.
 * @param parameters name → value as `--parameter-list` and `--parameter-scan` set it
 */
export function commandLabels(command: string, parameters: Iterable<readonly [string, unknown]>): Record<string, string> {
  const labels: Record<string, string> = { tool: 'hyperfine' };
  const label = namedValue(command, 200);
  if (label !== null) labels.command = label;
  for (const [name, value] of parameters) {
    const key = canonicalLabel(name.slice(0, 64));
    // Version 2 may wrap a value: `{"value": "8"}`.
    if (!Object.hasOwn(labels, key)) addLabel(labels, key, labelTextOf(isObject(value) ? value.value : value));
  }
  return labels;
}

/** Why a command's name says that it failed, or null. */
export function failureOfCommand(command: string): string | null {
  return command.includes(ERROR_MARK) ? 'the command is marked [ERROR]' : null;
}

/** Why exit codes say that a command failed: one that is not 0, or none because a signal ended it. Null where all are 0. */
export function failureOfExits(codes: readonly unknown[]): string | null {
  const bad = codes.filter((code) => code !== 0);
  const [first] = bad;
  if (first === undefined) return null;
  const what = first === null ? 'no exit code (a signal ended it)' : `exit code ${excerpt(labelTextOf(first) ?? 'unknown', 20)}`;
  return `${what} in ${bad.length} of ${codes.length} runs`;
}
