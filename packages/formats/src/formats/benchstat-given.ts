import { canonicalLabel } from '@chimera/shared/domain';
import { addLabel } from '../fields.ts';

/** Labels that hold for the tables below the lines that state them. */
export type Given = Record<string, string>;

/** More keys than anybody sets. */
const KEYS = 64;

/** `goos: linux`; where tables are told apart by parts of names also `/size: 8` and `.file: a.txt`. A key without a value is unset. */
const GIVEN = /^((?:[a-z]|[/.][A-Za-z])[^\s:A-Z│,]{0,63}):(?:[ \t]{1,20}(\S.{0,400})|[ \t]{0,20})$/u;
/** A group of versions before 2023: `pkg:encoding/gob goos:darwin`. */
const GROUP = /^[a-z][^\s:A-Z]{0,63}:\S{0,200}(?: [a-z][^\s:A-Z]{0,63}:\S{0,200}){0,20}$/;
/** What benchstat names itself: a key of the same name would hide it. */
const OWN: ReadonlySet<string> = new Set(['test', 'tool', 'column']);

/** Whether a line states a label of what is below it, which is taken into those that are given. */
export function takesGiven(given: Given, line: string): boolean {
  const [, key, value] = GIVEN.exec(line) ?? [];
  if (key === undefined) return false;
  setGiven(given, key, value ?? '');
  return true;
}

/** The labels of a line that names a group; null where it is none. */
export function groupOf(line: string): Given | null {
  if (!GROUP.test(line)) return null;
  const labels: Given = {};
  for (const word of line.split(' ')) setGiven(labels, word.slice(0, word.indexOf(':')), word.slice(word.indexOf(':') + 1));
  return labels;
}

function setGiven(given: Given, key: string, value: string): void {
  const name = canonicalLabel(key.replace(/^[/.]/, ''));
  if (OWN.has(name)) return;
  if (value === '') delete given[name];
  else if (Object.hasOwn(given, name) || Object.keys(given).length < KEYS) addLabel(given, name, value);
}
