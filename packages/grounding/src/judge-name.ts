import { contradicted, type Judgement, supported, unsupported } from './judgement.ts';
import type { Truth } from './truth.ts';

// Names that people give to any file, and those of a report itself.
const ANY =
  /^(?:readme|changelog|license|report|results?|data|output|metrics|summary|config|example|sample|your[\w-]*|my[\w-]*|foo|bar|file|benchmark_results|results_summary|evidence|measurements|observations|metadata|manifest|package|tsconfig|index)\.\w+$|chimera/i;

/** Judges whether a file or folder that is spoken of is one of the artifacts. */
export function judgeName(name: string, sentence: string, truth: Truth): Judgement {
  const judgement = judgeThere(name, truth);
  if (judgement.verdict !== 'contradicted' || !ABSENT.test(sentence)) return judgement;
  return supported('it is not among the artifacts', []);
}

const ABSENT = /\b(?:missing|absent|not (?:found|there|exist|present|among)|no such|does not exist|expected|lacks?|without)\b/i;

function judgeThere(name: string, truth: Truth): Judgement {
  const lower = name.toLowerCase();
  if (lower.endsWith('/')) {
    const folder = lower.slice(0, -1);
    if ([...truth.folders].some((known) => known === folder || known.endsWith(`/${folder}`))) return supported('artifacts lie there', []);
    const parent = folder.slice(0, Math.max(0, folder.lastIndexOf('/')));
    return truth.folders.has(parent) ? contradicted(`no artifact lies in ${name}`, []) : unsupported('it may lie elsewhere');
  }
  const last = lower.slice(lower.lastIndexOf('/') + 1);
  const same = truth.filesByName.get(last) ?? [];
  if (same.some((path) => path.toLowerCase().endsWith(lower) || lower.endsWith(path.toLowerCase())))
    return supported(`${same[0] ?? name} is one of the artifacts`, []);
  if (same.length > 0) return contradicted(`no artifact lies at ${name}; ${same[0] ?? ''} is called so`, []);
  return ANY.test(last) ? unsupported('it may be any file') : contradicted(`no artifact is called ${name}`, []);
}
