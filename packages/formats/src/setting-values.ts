/** In so few records, or with so few values, numbers are taken for settings, whatever they are. */
const FEW_RECORDS = 100;
const FEW_VALUES = 50;

/** Nobody sets more different values, however many records there are; and not even a sweep goes through more. */
const MOST_VALUES = 200;
const MOST_STEPS = 1_000;

/** So many records of one value each, more or less, are as many configurations as nobody tries. */
const RECORDS_OF_ONE = 3;

/**
 * The numbers that stand under one setting's name in the records of a file, in their order. Lengths of a request log are drawn or
 * measured, and not set: they differ in nearly each record, without order.
 */
export class SettingValues {
  /** by value as the file writes it: its number */
  readonly #values = new Map<string, number>();
  /** by record: the number of its value; null where nobody asks for it any more */
  #order: number[] | null = [];
  #records = 0;
  #rises = 0;
  #falls = 0;
  #last: number | null = null;

  add(text: string): void {
    const value = Number.parseFloat(text);
    if (this.#last !== null && value > this.#last) this.#rises += 1;
    if (this.#last !== null && value < this.#last) this.#falls += 1;
    this.#last = value;
    this.#records += 1;
    if (this.#full) return;
    const known = this.#values.get(text) ?? this.#values.size;
    this.#values.set(text, known);
    if (this.#full) this.#order = null;
    else this.#order?.push(known);
  }

  /** How many records have one. */
  get records(): number {
    return this.#records;
  }

  /** How many different values there are: not counted beyond those of any sweep. */
  get count(): number {
    return this.#values.size;
  }

  /** … in words. */
  get counted(): string {
    return this.#full ? `more than ${MOST_STEPS}` : String(this.count);
  }

  /** Whether there are more than anybody sets. */
  get tooMany(): boolean {
    return this.#full || (this.count > MOST_VALUES && !this.#stepped);
  }

  /** Whether they are so many that another setting beside them may make each record one of its own. */
  get varied(): boolean {
    if (this.#records <= FEW_RECORDS || this.count <= FEW_VALUES) return false;
    return this.#full || !this.#stepped;
  }

  /** Whether the numbers were drawn or measured, by themselves. */
  get drawn(): boolean {
    return this.varied && (this.tooMany || this.count * RECORDS_OF_ONE > this.#records);
  }

  /** By record: the number of its value. */
  get order(): readonly number[] {
    return this.#order ?? [];
  }

  /** The order of the values is known no more, so that those of any number of records can be added. */
  forgetOrder(): void {
    this.#order = null;
  }

  get #full(): boolean {
    return this.#values.size > MOST_STEPS;
  }

  /** Whether the records go through the values up or down, once or several times, as a sweep does. */
  get #stepped(): boolean {
    return this.count * (Math.min(this.#rises, this.#falls) + 1) <= this.#records;
  }
}

/**
 * Which settings of the same records were drawn or measured: those that are by themselves, and those that are together, as two lengths
 * of a hundred values each.
 */
export function drawnAmong<Name>(settings: ReadonlyMap<Name, SettingValues>): Set<Name> {
  const drawn = new Set<Name>();
  const varied: (readonly [Name, SettingValues])[] = [];
  for (const [name, values] of settings) {
    if (values.drawn) drawn.add(name);
    else if (values.varied) varied.push([name, values]);
  }
  // Those of as many records stand beside each other.
  for (const [records, beside] of Map.groupBy(varied, ([, values]) => values.records)) {
    if (beside.length < 2) continue;
    const together = new Set<string>();
    for (let record = 0; record < records; record += 1) together.add(beside.map(([, { order }]) => order[record]).join(' '));
    if (together.size * RECORDS_OF_ONE > records) for (const [name] of beside) drawn.add(name);
  }
  return drawn;
}

/** What is said of a setting that labels nothing. */
export function sentenceOnDrawn(name: string, { counted, records }: SettingValues): string {
  return `"${name}" has ${counted} different values in ${records} records: nobody sets so many, so it was drawn or measured, and labels nothing`;
}

/** … because of what came behind the head of a stream. */
export function sentenceOnLate(name: string, { counted }: SettingValues, line: number): string {
  return `"${name}" labels nothing from line ${line} on: it has ${counted} different values by then, so it was drawn or measured, and not set; numbers above have it as a label, because the file was read as a stream`;
}

/** The setting with most values among those that may be left out to make room; null where none has many. */
export function mostVaried<Name>(settings: Iterable<readonly [Name, SettingValues]>): Name | null {
  let most: readonly [Name, SettingValues] | null = null;
  for (const one of settings) if (one[1].count > FEW_VALUES * 2 && one[1].count > (most?.[1].count ?? 0)) most = one;
  return most?.[0] ?? null;
}
