import { GPU_SAMPLE_FIELDS } from './gpu-telemetry-fields.ts';
import { perfTableKind } from './perf-csv.ts';
import { perfMetricOf, tagOfLabel } from './perf-metrics.ts';

/** Characters of a text that are looked at: enough for a header and a few rows. */
const HEAD = 4_096;

/**
 * Which tool wrote a CSV report, by its first lines.
 * @returns null where the text is none: the header must be one of these, and a known metric must stand below it
 */
export function perfReportOf(text: string): 'aiperf' | 'genai-perf' | 'timeslices' | null {
  const start = text.search(/\S/);
  if (start < 0 || !/^(?:Metric|Endpoint|Timeslice),/.test(text.slice(start, start + 10))) return null;
  const [first = '', ...below] = text.slice(start, start + HEAD).split(/\r\n|\r|\n/);
  const header = first.split(',');
  const kind = perfTableKind(header);
  if (kind === 'timeslices') return 'timeslices';
  if (kind === 'gpu' && header[0] === 'Endpoint') return 'aiperf';
  if (kind === 'system') return below.some(isOfFailedRun) ? 'aiperf' : null;
  const percentiles = percentilesOf(header);
  if (kind === 'gpu') return percentiles.length >= 3 && below.some(isGpuRow) ? 'genai-perf' : null;
  if (kind !== 'requests' || percentiles.length < 3 || !below.some(isKnownRow)) return null;
  // GenAI-Perf writes its percentiles downwards, and no deviation.
  return header.includes('std') || (percentiles[0] ?? 0) < (percentiles.at(-1) ?? 0) ? 'aiperf' : 'genai-perf';
}

function percentilesOf(header: readonly string[]): number[] {
  return header.flatMap((name) => /^p(\d{1,2})$/.exec(name.trim())?.[1] ?? []).map(Number);
}

/** Only AIPerf leaves out the first table: where no request succeeded. Others write `Metric,Value`, too. */
function isOfFailedRun(line: string): boolean {
  return /^(?:Error Request Count|Benchmark Duration \(sec\)|Request Error Rate \(%\)),/.test(line);
}

function isKnownRow(line: string): boolean {
  const label = (line.startsWith('"') ? line.slice(1).split('"', 1) : line.split(',', 1))[0] ?? '';
  return perfMetricOf(tagOfLabel(label.split('(', 1)[0] ?? '')) !== undefined;
}

function isGpuRow(line: string): boolean {
  return Object.hasOwn(GPU_SAMPLE_FIELDS, tagOfLabel(line.split('(', 1)[0] ?? ''));
}
