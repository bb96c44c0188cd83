import { canonicalLabel } from '@chimera/shared/domain';
import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { readCell } from '../number-cell.ts';
import { GIVEN, isOfTokens, isTold, type ModelInfo, modelInfo, type Placed, readSteps, type Step } from './ollama-bench-steps.ts';

const LINE = /^BenchmarkModel\/name=(\S{1,400})[ \t]+(\d{1,15})[ \t]+(\S.{0,400})$/;
const STEP = /^(.*)\/step=([A-Za-z]\w{0,30})(?:-\d{1,4})?$/;
/** Units of the newest versions, which count a prompt's tokens. */
const [PROCESSED, CACHED] = ['processed-prompt-token', 'cached-prompt-token'];
const UNITS = new Set(['ns/token', 'token/sec', 'ns/op', 'ns/request', PROCESSED, CACHED]);
/** `key: value` lines of Go's format that hold for what is below them. */
const CONFIGURATION = /^(goos|goarch|sysname|machine|cpu):[ \t]+(\S.{0,100})$/;

/** Reads lines for benchstat. First versions put the count of tokens where Go has its iterations, and say `ns/request`. */
export function readBenchstat(extract: Extract, text: string): void {
  const infos = new Map<string, ModelInfo>();
  const given: Record<string, string> = { ...GIVEN };
  const steps: Step[] = [];
  const lines = text.split(/\r\n?|\n/);
  const counts = /^BenchmarkModel\/.{1,500} ns\/request\b/m.test(text);
  for (const [index, raw] of lines.entries()) {
    const line = raw.trimEnd();
    const info = line.startsWith('#') && index < lines.length - 1 ? modelInfo(line, index + 1) : null;
    if (info !== null) infos.set(info.model, info);
    const [, key, value] = CONFIGURATION.exec(line) ?? [];
    if (key !== undefined && value !== undefined) given[canonicalLabel(key)] = value;
    if (isTold(extract, line, index + 1)) continue;
    const [, name, iterations = '', rest] = LINE.exec(line) ?? [];
    if (name !== undefined && rest !== undefined) steps.push(benchstatStep(extract, { name, iterations, rest }, index + 1, counts));
    else if (line.startsWith('BenchmarkModel/'))
      extract.warnings.add('broken lines', `line ${index + 1} is no line for benchstat: it was not read`);
  }
  if (/^Benchmark/.test(lines.at(-1) ?? '')) warnAboutLine(extract, lines.length);
  readSteps(extract, steps, infos, given);
}

function warnAboutLine(extract: Extract, line: number): void {
  extract.warnings.endsInside();
  extract.warnings.add('last line', `line ${line}, the last one, has no line end and may be cut`);
}

type BenchLine = { name: string; iterations: string; rest: string };

function benchstatStep(extract: Extract, { name, iterations, rest }: BenchLine, line: number, counts: boolean): Step {
  const [, model = name, step = 'total'] = STEP.exec(name) ?? [];
  const words = rest.split(/[ \t]+/);
  const unknown = words.find((word, index) => index % 2 === 1 && !UNITS.has(word));
  if (unknown !== undefined)
    extract.warnings.add('unknown units', `line ${line}: what "${excerpt(unknown, 40)}" counts is not known here; it was not read`);
  const placed = (written: string, unit: string): Placed | null => {
    const at = words.indexOf(written);
    const cell = at < 1 ? null : readCell(words[at - 1] ?? '');
    return cell?.is === 'number' && cell.unit === null
      ? { value: cell.value, text: cell.text, unit, pointer: `line ${line} column ${written}` }
      : null;
  };
  const tokens = isOfTokens(step);
  const counted = counts || Number(iterations) > 1;
  const processed = step === 'prefill' ? placed(PROCESSED, 'tokens') : null;
  const iterated = { value: Number(iterations), text: null, unit: 'tokens', pointer: `line ${line} column N` };
  return {
    model,
    step,
    where: `line ${line}`,
    count: processed ?? (tokens && counted ? iterated : null),
    ...(processed === null ? {} : { cached: placed(CACHED, 'tokens') }),
    time: tokens ? placed('ns/token', 'ns/token') : (placed('ns/op', 'ns') ?? placed('ns/request', 'ns')),
    rate: tokens ? placed('token/sec', 'tok/s') : null,
  };
}
