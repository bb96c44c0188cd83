import { greatestOf } from './extent.ts';

/** What the place of an artifact says of it. */
export type PathContext = {
  /** the path with `*` for what only numbers or dates the repeats of one run: `runs/llama-run*.json` */
  pattern: string;
  /** labels that its name gives, for what the file itself does not say */
  labels: Readonly<Record<string, string>>;
};

/** `run-3`, `rep_2`, `trial4`: words behind which a number counts repeats. */
const REPEAT = /(^|[^a-z])(runs?|reps?|repeats?|repetitions?|iter|iterations?|trials?|attempts?|seeds?|rounds?)([-_ .=]?)\d+/gi;
/** Dates and times of a run: eight digits and more, or a date with hyphens, and the time behind it. */
const DATED = /\d{4}-\d{2}-\d{2}(?:[-_T ]?\d{2}[-:_]?\d{2}(?:[-:_]?\d{2})?)?|\d{8,}(?:[-_T]\d{4,6})?/g;
/** A number at the end of a name: `result-3`, `result (3)`. */
const NUMBERED = /^(.*[a-z)\]][-_ .=]?\(?)(\d{1,3})(\)?)$/i;
/** `v2`, `gpu0`, `config-3`, `tp4`: words behind which a number says which one of several things was measured, however it counts. */
const SETTING =
  /(?:^|[^a-z])(?:v|ver|version|rev|revision|build|release|patch|pr|gpu|cuda|device|rank|node|host|server|machine|config|cfg|conf|configuration|variant|option|setting|setup|profile|case|model|tp|pp|dp|ep|conc|concurrency|users?|clients?|c|bs|batch|b|qps|rps|rate|q|ngl|layers|ctx|threads?|t|level|phase|stage|step|candidate|branch)[-_ .=]?\(?$/i;

/** Fewest files of one name with the numbers 1, 2, 3 … that are taken for repeats: 8, 16, 32 are settings. */
const LEAST_NUMBERED = 3;

/** What a path says by itself. */
export type PathParts = {
  /** without dates and the numbers of repeats */
  dated: string;
  /** the name without the number at its end, that number, and the pattern that it has where such numbers count repeats; null for a name without one */
  numbered: { name: string; number: number; pattern: string; isSetting: boolean } | null;
};

/**
 * What the paths of a dataset say of its artifacts. Depends on all paths, in no order.
 * @param models names of models that some artifact states
 */
export function pathContexts(paths: readonly string[], models: ReadonlySet<string>): (path: string) => PathContext {
  const repeated = repeatedNames(paths.map(partsOfPath));
  const known = modelWords(models);
  return (path) => pathContext(path, partsOfPath(path), repeated, known);
}

/** What one path of a dataset says, where it is known which names are repeated and which models there are. */
export function pathContext(path: string, parts: PathParts, repeated: ReadonlySet<string>, models: readonly ModelWords[]): PathContext {
  const { dated, numbered } = parts;
  const model = modelIn(path, models);
  return {
    pattern: numbered !== null && repeated.has(numbered.name) ? numbered.pattern : dated,
    labels: model === null ? NO_LABELS : { model },
  };
}

const NO_LABELS: PathContext['labels'] = {};

export function partsOfPath(path: string): PathParts {
  const dated = path.replace(DATED, '*').replace(REPEAT, '$1$2$3*');
  const { stem, extension } = parts(dated);
  const [, before, number, behind] = NUMBERED.exec(stem) ?? [];
  if (before === undefined || number === undefined) return { dated, numbered: null };
  const numbered = {
    name: `${before}\0${behind}${extension}`,
    number: Number(number),
    pattern: `${before}*${behind}${extension}`,
    isSetting: SETTING.test(before),
  };
  return { dated, numbered };
}

/** A model, and the words of its name. */
export type ModelWords = { model: string; words: readonly string[] };

export function modelWords(models: ReadonlySet<string>): ModelWords[] {
  return Array.from(models, (model) => ({ model, words: wordsOf(model.replace(/:latest$/, '')) })).filter(({ words }) => words.length > 0);
}

function parts(path: string): { stem: string; extension: string } {
  const dot = path.lastIndexOf('.');
  return dot <= path.lastIndexOf('/') + 1 ? { stem: path, extension: '' } : { stem: path.slice(0, dot), extension: path.slice(dot) };
}

/** Names whose numbers are 0 or 1, 2, 3 and so on without a gap. */
export function repeatedNames(paths: Iterable<PathParts>): ReadonlySet<string> {
  const numbers = new Map<string, Set<number>>();
  for (const { numbered } of paths) {
    if (numbered === null || numbered.isSetting) continue;
    const known = numbers.get(numbered.name);
    if (known) known.add(numbered.number);
    else numbers.set(numbered.name, new Set([numbered.number]));
  }
  const repeated = new Set<string>();
  for (const [name, all] of numbers) {
    const [least, greatest] = [Math.min(...all), Math.max(...all)];
    if (all.size >= LEAST_NUMBERED && least <= 1 && greatest - least + 1 === all.size) repeated.add(name);
  }
  return repeated;
}

function wordsOf(name: string): string[] {
  return name
    .toLowerCase()
    .split(/[^a-z0-9.]+/)
    .filter((word) => word !== '');
}

/** The model whose words stand in the file's name, next to each other; the one with the most words, if it is one. */
function modelIn(path: string, known: readonly ModelWords[]): string | null {
  if (known.length === 0) return null;
  const slash = path.lastIndexOf('/');
  const own = wordsOf(parts(path.slice(slash + 1)).stem);
  const found = known.filter(({ words }) => own.some((_, at) => words.every((word, i) => own[at + i] === word)));
  const most = greatestOf([0, ...found.map(({ words }) => words.length)]);
  const longest = found.filter(({ words }) => words.length === most);
  return longest.length === 1 ? (longest[0]?.model ?? null) : null;
}
