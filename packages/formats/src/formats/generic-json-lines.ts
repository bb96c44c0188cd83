import { CanonicalNotes, type Decided } from '../canonical-notes.ts';
import type { Extract } from '../extract.ts';
import { LineErrors } from '../json-errors.ts';
import { repeatedTexts } from '../json-labels.ts';
import type { JsonLine } from '../json-lines.ts';
import { Shapes } from '../json-naming.ts';
import type { Count } from '../json-records.ts';
import { JsonSettings } from '../json-settings.ts';
import { QuotedNumbers } from '../quoted-numbers.ts';
import { type Place, ROOT } from './generic-json-place.ts';
import { drawnUnder, type File, Walk } from './generic-json-walk.ts';

/** The lines of a file: all of them, or the first ones together and then, one by one, those that come later. */
export class GenericLines {
  /** by line: what it holds of records */
  readonly counts: readonly Count[];
  /** keys of texts that tell the lines apart, because they repeat over them */
  readonly repeated: ReadonlySet<string>;
  /** numbers in quotes: to be told of when all lines were read */
  readonly quoted = new QuotedNumbers();
  readonly #notes = new CanonicalNotes();
  #decided: Decided | null = null;
  readonly #settings: JsonSettings;
  readonly #file: Omit<File, 'notes'>;
  readonly #root: Place;
  readonly #errors: LineErrors;

  /** Reads the first lines, or all. */
  constructor(lines: readonly JsonLine[], extract: Extract) {
    const values = lines.map(({ value }) => value);
    this.#settings = new JsonSettings(values, extract.warnings);
    this.#file = { keys: new Map(), shapes: new Shapes(), quoted: this.quoted, drawn: this.#settings.drawn };
    this.repeated = repeatedTexts(values, drawnUnder('', this.drawn));
    this.#errors = new LineErrors(values, extract.warnings);
    this.#root = { ...ROOT, repeated: this.repeated, errors: this.#errors.columns };
    this.counts = lines.map((line) => this.#visit(line, extract, this.#notes));
    this.#notes.settle(extract);
  }

  /** Pointers of settings that label nothing, with `*` for indices; more may come with each line that is read. */
  get drawn(): ReadonlySet<string> {
    return this.#settings.drawn;
  }

  /** How often what is known of the lines has changed behind the first ones. */
  get changes(): number {
    return this.drawn.size + this.#errors.changes + this.quoted.count;
  }

  /** The setting with most values labels nothing from a line on, where it has many. */
  relieve(line: number): void {
    this.#settings.relieve(line);
  }

  /** What the first lines decide for those that come later. */
  get decided(): Decided {
    this.#decided ??= this.#notes.decide();
    return this.#decided;
  }

  /** Reads one more line, as those before decide. */
  read(line: JsonLine, extract: Extract): Count {
    this.#settings.take(line.value, line.line);
    this.#errors.take(line.value);
    const notes = new CanonicalNotes(this.decided);
    const count = this.#visit(line, extract, notes);
    notes.settle(extract);
    return count;
  }

  #visit({ line, value }: JsonLine, extract: Extract, notes: CanonicalNotes): Count {
    return new Walk(extract, { ...this.#file, notes }, `line ${line}`).visit(value, this.#root);
  }
}
