import { sameModel } from '../model-name.ts';
import { type Behaviour, type BehaviourScript, FAULTS } from './behaviour.ts';
import { isRecord, numberOption, type ReplayRequest } from './request.ts';

/** What calls meet which behaviour. All that is given must hold. */
export interface ScriptRule {
  match: {
    /** the call's index, counted from 0, or the first and the last of a range */
    call?: number | readonly [number, number];
    model?: string;
    /** text that stands in one of its messages */
    contains?: string;
    /** options that it is asked with; one that is not given matches no number */
    options?: Readonly<Record<string, number>>;
  };
  behaviour: Behaviour;
}

/** A script file that is none; the message is a sentence that says where and why. */
export class InvalidScript extends Error {
  override name = 'InvalidScript';
}

/** A script of rules: the first that matches counts; `otherwise` where none does. */
export function ruleScript(rules: readonly ScriptRule[], otherwise: BehaviourScript = { kind: 'well-behaved' }): BehaviourScript {
  return (request, index) => {
    const rule = rules.find(({ match }) => matches(match, request, index));
    if (rule !== undefined) return rule.behaviour;
    return typeof otherwise === 'function' ? otherwise(request, index) : otherwise;
  };
}

function matches({ call, model, contains, options = {} }: ScriptRule['match'], request: ReplayRequest, index: number): boolean {
  const [first, last] = typeof call === 'number' ? [call, call] : (call ?? [0, Number.POSITIVE_INFINITY]);
  return (
    index >= first &&
    index <= last &&
    (model === undefined || sameModel(model, request.model)) &&
    (contains === undefined || request.messages.some(({ content }) => content.includes(contains))) &&
    Object.entries(options).every(([name, value]) => numberOption(request, name) === value)
  );
}

/** Reads a script file: a JSON list of `{match?, behaviour}`. `name` stands in messages. Throws InvalidScript. */
export function scriptRules(text: string, name: string): ScriptRule[] {
  const rules = parsed(text, name);
  if (!Array.isArray(rules)) throw new InvalidScript(`${name} is no script: it must be a JSON list of rules.`);
  return rules.map((rule: unknown, index) => ruleIn(rule, `${name}, rule ${index + 1}`));
}

function ruleIn(rule: unknown, where: string): ScriptRule {
  if (!isRecord(rule)) throw new InvalidScript(`${where} is no JSON object with a "behaviour".`);
  checkFields(rule, { match: aRecord, behaviour: required(aRecord) }, where);
  const match = isRecord(rule.match) ? rule.match : {};
  checkFields(match, { call: aCall, model: aText, contains: aText, options: numbers }, `${where}, match`);
  return { match, behaviour: behaviourIn(rule.behaviour, `${where}, behaviour`) };
}

function behaviourIn(value: unknown, where: string): Behaviour {
  const kinds: Readonly<Record<string, Fields>> = KINDS;
  const kind = isRecord(value) ? value.kind : undefined;
  const fields = typeof kind === 'string' && Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  if (!isRecord(value) || fields === undefined)
    throw new InvalidScript(`${where}: "kind" cannot be ${JSON.stringify(kind)}. There are: ${Object.keys(KINDS).join(', ')}.`);
  checkFields(value, { kind: aText, ...fields }, where);
  if (isRecord(value.rates)) checkFields(value.rates, { tokensPerSecond: aRate, loadMs: aLength, promptMs: aLength }, `${where}, rates`);
  return value as Behaviour; // its kind and its fields have just been checked
}

/** What a value must be, in words, and whether it is. */
interface Check {
  what: string;
  holds: (value: unknown) => boolean;
  required?: true;
}
type Fields = Readonly<Record<string, Check>>;

const isNumber = (value: unknown, least: number, most = Number.POSITIVE_INFINITY): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= least && value <= most;
const isCount = (value: unknown): value is number => isNumber(value, 0) && Number.isInteger(value);
const isRate = (value: unknown): boolean => isNumber(value, Number.MIN_VALUE);
const isFault = (value: unknown): boolean => FAULTS.some((fault) => fault === value);

const aText: Check = { what: 'a text', holds: (value) => typeof value === 'string' };
const aCount: Check = { what: 'a whole number from 0 on', holds: isCount };
const aLength: Check = { what: 'a number of milliseconds from 0 on', holds: (value) => isNumber(value, 0) };
const aShare: Check = { what: 'a number from 0 to 1', holds: (value) => isNumber(value, 0, 1) };
const aStatus: Check = { what: 'an HTTP status from 200 to 599', holds: (value) => isCount(value) && value >= 200 && value <= 599 };
const aRecord: Check = { what: 'a JSON object', holds: isRecord };
const anything: Check = { what: 'anything', holds: () => true };
const headers: Check = {
  what: 'a JSON object of texts',
  holds: (value) => isRecord(value) && Object.values(value).every((each) => typeof each === 'string'),
};
const numbers: Check = {
  what: 'a JSON object of numbers, such as {"temperature": 0.8}',
  holds: (value) => isRecord(value) && Object.values(value).every((each) => typeof each === 'number' && Number.isFinite(each)),
};
const isRange = (value: unknown): boolean => {
  const [first, last, ...more]: unknown[] = Array.isArray(value) ? value : [];
  return isCount(first) && isCount(last) && first <= last && more.length === 0;
};
const aCall: Check = {
  what: 'the index of a call, counted from 0, or a list of the first and the last',
  holds: (value) => isCount(value) || isRange(value),
};
const aRate: Check = {
  what: 'tokens per second, or a list of them',
  holds: (value) => isRate(value) || (Array.isArray(value) && value.length > 0 && value.every(isRate)),
};
const faults: Check = {
  what: `a list of ${FAULTS.join(', ')}`,
  holds: (value) => Array.isArray(value) && value.length > 0 && value.every(isFault),
};
const required = (check: Check): Check => ({ ...check, required: true });

const after: Fields = { afterChunks: aCount };
/** The fields of each kind of behaviour that a file can name, besides `kind`. */
const KINDS: Readonly<Record<Exclude<Behaviour['kind'], 'recorded'>, Fields>> = {
  'well-behaved': { rates: aRecord },
  slow: { rates: required(aRecord) },
  'slow-first-token': { ms: aLength },
  'reload-thrash': {},
  text: { text: required(aText), thinking: aText },
  lies: {},
  'think-ignored': { thinking: aText },
  'format-ignored': {},
  truncates: {},
  error: { status: required(aStatus), body: required(anything), headers },
  busy: {},
  'busy-for': { calls: aCount, ms: aLength },
  'out-of-memory': { message: aText },
  'not-found': {},
  'error-mid-stream': { message: aText, ...after },
  'no-done': {},
  empty: { thinking: aText },
  'half-json': {},
  malformed: after,
  cut: after,
  hang: {},
  stall: after,
  endless: {},
  mixed: { share: required(aShare), seed: aCount, kinds: faults },
};

function checkFields(value: Record<string, unknown>, fields: Fields, where: string): void {
  for (const name of Object.keys(value)) {
    if (Object.hasOwn(fields, name)) continue;
    const known = Object.keys(fields).map((each) => `"${each}"`);
    throw new InvalidScript(`${where} has "${name}", which means nothing there. It may have ${known.join(', ')}.`);
  }
  for (const [name, { what, holds, required }] of Object.entries(fields)) {
    const given = value[name];
    if (given === undefined && required) throw new InvalidScript(`${where} lacks "${name}", which must be ${what}.`);
    if (given !== undefined && !holds(given))
      throw new InvalidScript(`${where}: "${name}" must be ${what}, and is ${JSON.stringify(given)}.`);
  }
}

function parsed(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InvalidScript(`${name} is no script: it is no JSON (${error instanceof Error ? error.message : String(error)}).`, {
      cause: error,
    });
  }
}
