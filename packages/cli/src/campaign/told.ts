import type { CampaignProgress, DueRun, JournalEntry, PlannedRun, Standing } from '@chimera/campaign';
import { counted, valueText } from '@chimera/shared/domain';
import { cut, visible } from '../visible.ts';

const LONGEST_REASON = 300;

/** One line for a person who waits for a campaign; `stays` is false for what is done just now, which a terminal alone shows. */
export type Told = { line: string; stays: boolean };

/** What there is to tell of a campaign's progress. */
export function toldOf(progress: CampaignProgress): Told {
  return { line: `chimera: ${wordsOf(progress)}`, stays: progress.kind !== 'begins' };
}

function wordsOf(progress: CampaignProgress): string {
  switch (progress.kind) {
    case 'begins':
      return `${nameOf(progress.due, progress.standing.total)}${leftText(progress.standing)}`;
    case 'tried':
      return `${nameOf(progress.due, progress.standing.total)}: ${resultText(progress)}${leftText(progress.standing)}`;
    case 'put off':
      return `${nameOf(progress.due, progress.standing.total)}: put off: ${visible(progress.reason)}`;
    case 'waits':
      return `nothing is left but runs that need ${progress.servers.join(' and ')}: waiting for up to ${progress.seconds} s, then they are excluded`;
    case 'looked':
      return visible(progress.reason ?? 'all comparisons are decided');
  }
}

/** A run in a few words: `run 7 of 60 (try 2): baseline, parallel, warm`. */
function nameOf({ run, attempt }: DueRun, total: number): string {
  const { name, arrangement, start } = run.cell;
  return `run ${run.ordinal} of ${total}${attempt === 1 ? '' : ` (try ${attempt})`}: ${visible(name)}, ${arrangement}, ${start}`;
}

function resultText({ entry: { line, again } }: Extract<CampaignProgress, { kind: 'tried' }>): string {
  if (line.outcome === 'excluded') return `excluded${again ? '' : ', and not tried again'}: ${cut(line.reason ?? '', LONGEST_REASON)}`;
  const { wall_clock: wall, output_token_throughput: rate } = line.measured;
  const rateText = rate === undefined ? '' : `, ${valueText(rate.value, rate.unit)}`;
  return `measured${wall === undefined ? '' : `, ${valueText(wall.value, wall.unit)}${rateText}`}`;
}

function leftText({ done, total, secondsLeft }: Standing): string {
  if (done === total) return '';
  const left = `; ${counted(total - done, 'run')} left`;
  return secondsLeft === null ? left : `${left}, about ${durationText(secondsLeft)}`;
}

/** How a campaign ended: `57 of 60 runs measured; 4 tries excluded, …`. Its runs are those of the plan, and those that were added earlier. */
export function endText(planned: readonly Pick<PlannedRun, 'ordinal'>[], entries: readonly Pick<JournalEntry, 'line'>[]): string {
  const lines = entries.map(({ line }) => line);
  const tries = lines.filter(({ outcome }) => outcome === 'excluded').length;
  const measured = new Set(lines.flatMap(({ outcome, ordinal }) => (outcome === 'measured' ? [ordinal] : []))).size;
  const runs = new Set([...planned, ...lines].map(({ ordinal }) => ordinal)).size;
  const excluded = tries === 0 ? '' : `; ${counted(tries, 'try', 'tries')} excluded, each named in the report, and counted nowhere`;
  return `${measured} of ${counted(runs, 'run')} measured${excluded}`;
}

/** A duration as people say it: `40 s`, `23 min`, `1 h 10 min`. */
export function durationText(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h${minutes % 60 === 0 ? '' : ` ${minutes % 60} min`}`;
}
