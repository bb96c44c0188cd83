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

/**
 * What the paths of a dataset say of its artifacts. Depends on all paths, in no order.
 * @param models names of models that some artifact states
 */
export function pathContexts(paths: readonly string[], models: ReadonlySet<string>): (path: string) => PathContext {
  const numbered = numberedNames(paths);
  const known = [...models]
    .map((model) => ({ model, words: wordsOf(model.replace(/:latest$/, '')) }))
    .filter(({ words }) => words.length > 0);
  return (path) => {
    const dated = path.replace(DATED, '*').replace(REPEAT, '$1$2$3*');
    const { stem, extension } = parts(dated);
    const [, before, , behind] = NUMBERED.exec(stem) ?? [];
    const pattern = before !== undefined && numbered.has(`${before}\0${behind}${extension}`) ? `${before}*${behind}${extension}` : dated;
    const model = modelIn(path, known);
    return { pattern, labels: model === null ? {} : { model } };
  };
}

function parts(path: string): { stem: string; extension: string } {
  const dot = path.lastIndexOf('.');
  return dot <= path.lastIndexOf('/') + 1 ? { stem: path, extension: '' } : { stem: path.slice(0, dot), extension: path.slice(dot) };
}

/** Names whose numbers are 0 or 1, 2, 3 and so on without a gap. */
function numberedNames(paths: readonly string[]): ReadonlySet<string> {
  const numbers = new Map<string, Set<number>>();
  for (const path of paths) {
    const { stem, extension } = parts(path.replace(DATED, '*').replace(REPEAT, '$1$2$3*'));
    const [, before, number, behind] = NUMBERED.exec(stem) ?? [];
    if (before === undefined || number === undefined || SETTING.test(before)) continue;
    const name = `${before}\0${behind}${extension}`;
    const known = numbers.get(name);
    if (known) known.add(Number(number));
    else numbers.set(name, new Set([Number(number)]));
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
function modelIn(path: string, known: readonly { model: string; words: readonly string[] }[]): string | null {
  const slash = path.lastIndexOf('/');
  const own = wordsOf(parts(path.slice(slash + 1)).stem);
  const found = known.filter(({ words }) => own.some((_, at) => words.every((word, i) => own[at + i] === word)));
  const most = Math.max(0, ...found.map(({ words }) => words.length));
  const longest = found.filter(({ words }) => words.length === most);
  return longest.length === 1 ? (longest[0]?.model ?? null) : null;
}
