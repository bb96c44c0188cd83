import type { CanonicalMetric } from '@chimera/shared/domain';
import { canonicalMetricOf, isBareRate, isUnitWord } from './canonical-name.ts';
import { mayBeDimension } from './dimensions.ts';
import { isObject, type JsonObject } from './json-value.ts';
import { labelValue } from './labels.ts';
import { isPercentileName, isStatisticWord, wordsOf } from './name-words.ts';
import { headsOtherPhase, isOfOtherPhase, Namesakes } from './namesakes.ts';
import { statisticFromName } from './statistic-from-name.ts';
import { unitFromName, unitOfSymbol } from './unit-from-name.ts';

/** What a key says by itself. A file has few keys and many numbers, so it is remembered. */
export type Key = {
  unit: string | null;
  statistic: string;
  /** `statistic`: no more than a statistic, with or without a unit; `envelope`: nothing; else it names what was measured */
  says: 'name' | 'statistic' | 'envelope';
  /** what stands under it are no results: settings, targets, differences */
  aside: boolean;
  /** bare rates under it are not those of generation */
  otherPhase: boolean;
};

/** What a name means beside others; `bare`: a rate of tokens that does not say which. */
type Meant = { metric: CanonicalMetric | null; bare: boolean };

/** What the names of an object mean beside each other. Objects of the same keys share it. */
class Shape {
  readonly #namesakes: Namesakes;
  readonly #metrics = new Map<string, Meant>();

  constructor(keys: readonly string[]) {
    this.#namesakes = new Namesakes(keys);
  }

  meantBy(name: string, unit: string): Meant {
    const key = `${unit} ${name}`;
    const known = this.#metrics.get(key);
    if (known !== undefined) return known;
    const metric = canonicalMetricOf(name, unit);
    const misled = metric === null || this.#namesakes.mislead(metric, name);
    const meant = { metric: misled ? null : metric, bare: metric === 'output_token_throughput' && isBareRate(name, unit) };
    this.#metrics.set(key, meant);
    return meant;
  }
}

/** The shapes of a file's objects: it has few, or each is looked at by itself. */
export class Shapes {
  readonly #known = new Map<string, Shape>();

  of(object: JsonObject): Shape {
    const keys = Object.keys(object);
    if (keys.length > 100) return new Shape(keys);
    const key = keys.join('\0');
    const shape = this.#known.get(key) ?? new Shape(keys);
    if (this.#known.size < 1_000 && key.length < 4_000) this.#known.set(key, shape);
    return shape;
  }
}

/** Longest name of a metric that an object may state. */
const TITLE_CHARS = 80;

/** An object, as what stands beside a name in it. */
export class Around {
  readonly pointer: string;
  readonly #object: JsonObject;
  readonly #shapes: Shapes;
  #shape: Shape | null = null;
  #otherPhase: boolean | null = null;

  constructor(object: JsonObject, pointer: string, shapes: Shapes) {
    this.#object = object;
    this.pointer = pointer;
    this.#shapes = shapes;
  }

  /**
   * The metric of the registry that a name in this object says, or null.
   * @param otherPhase whether a key around says that a bare rate is not that of generation
   */
  metricOf(name: string, unit: string | null, otherPhase: boolean): CanonicalMetric | null {
    if (unit === null) return null;
    this.#shape ??= this.#shapes.of(this.#object);
    const { metric, bare } = this.#shape.meantBy(name, unit);
    return bare && (otherPhase || this.#isOfOtherPhase()) ? null : metric;
  }

  /** The unit that the object states for its value and statistics: `{"unit": "ms", "mean": 5}`. */
  unit(): string | null {
    const stated = Object.hasOwn(this.#object, 'unit') ? this.#object.unit : null;
    return typeof stated === 'string' ? unitOfSymbol(stated) : null;
  }

  /** What the object says its value is of: `{"metric": "ttft", "value": 5, "unit": "ms"}`; null where it does not. */
  title(): string | null {
    const stated = Object.hasOwn(this.#object, 'metric') ? this.#object.metric : null;
    return typeof stated === 'string' ? labelValue(stated, TITLE_CHARS) : null;
  }

  #isOfOtherPhase(): boolean {
    this.#otherPhase ??= isOfOtherPhase(textsOf(this.#object)) || Object.values(this.#object).some(isOfTest);
    return this.#otherPhase;
  }
}

function textsOf(object: JsonObject): string[] {
  return Object.keys(object).flatMap((key) => {
    const value = object[key];
    return typeof value === 'string' && mayBeDimension(key) ? [value] : [];
  });
}

/** A part that holds a result of llama-bench, which is of the prompt, of generation, or of both. */
function isOfTest(part: unknown): boolean {
  return isObject(part) && Object.hasOwn(part, 'n_prompt') && Object.hasOwn(part, 'n_gen');
}

/** How a number came by its name: the key that names it, the object that holds that key, and what stands between. */
export type Naming = {
  key: string;
  around: Around | null;
  /** the statistic of a key around that says no more than one: `{"p95": {"ttft_ms": 5}}` */
  statistic: string;
  aside: boolean;
  otherPhase: boolean;
};

export const UNNAMED: Naming = { key: '', around: null, statistic: 'value', aside: false, otherPhase: false };

/** Keys that group numbers and say nothing of them. */
const ENVELOPES = new Set(['percentiles', 'percentile', 'quantiles', 'stats', 'statistics', 'value', 'values']);

/** Keys that hold what was asked for. */
const ASKED = new Set(['config', 'configuration', 'settings', 'options', 'params', 'parameters', 'args']);

/** Words that make what they stand above no result. */
const ASIDE = new Set(
  `slo slos sla slas target targets goal goals threshold thresholds limit limits budget budgets objective objectives requirement
  requirements expected estimated estimate estimates projected theoretical delta deltas diff diffs difference differences change changes
  improvement improvements reduction speedup gain gains ratio ratios confidence ci interval bound bounds tolerance regression regressions
  variance cv`.split(/\s+/),
);

/** What a key says. */
export function keyOf(name: string): Key {
  const words = wordsOf(name);
  const statistic = statisticFromName(name);
  const only =
    statistic !== 'value' &&
    (isPercentileName(name) || words.every((word) => isStatisticWord(word) || word === statistic || isUnitWord(word)));
  const says = only ? 'statistic' : words.length === 1 && ENVELOPES.has(words[0] ?? '') ? 'envelope' : 'name';
  const aside = ASKED.has(name.toLowerCase()) || words.some((word) => ASIDE.has(word));
  return { unit: unitFromName(name), statistic, says, aside, otherPhase: headsOtherPhase(name) };
}

/** How what stands under a key is named, by the key and by what is around it. */
export function named(before: Naming, name: string, key: Key, around: Around): Naming {
  const aside = before.aside || key.aside;
  const otherPhase = before.otherPhase || key.otherPhase;
  const statistic = key.says === 'statistic' ? key.statistic : before.statistic;
  const title = key.says === 'name' ? null : around.title();
  if (title !== null) return { key: title, around, statistic, aside: aside || keyOf(title).aside, otherPhase };
  if (key.says === 'name' || before.around === null) return { key: name, around, statistic, aside, otherPhase };
  return { ...before, statistic, aside, otherPhase };
}
