import type { ArtifactKind, FailedRecord } from './artifact.ts';

/**
 * What a statistic is over, or what a raw value (`statistic` `value`) is one of. `runs` and `repetitions` are independent of each
 * other and may be compared as samples; `requests`, `gaps` between tokens and `samples` of a clock within one run are not.
 */
export const OVERS = ['runs', 'repetitions', 'requests', 'gaps', 'samples'] as const;
export type Over = (typeof OVERS)[number];

/**
 * One number read from an artifact.
 * `metric` is a registry name, or the file's own name: a column, or a JSON pointer with indices as `*`.
 * `value` is in `unit`; `text` is the number as the file writes it where a double cannot hold it.
 * `pointer` leads back to the very number: `/results/0/x`, `line 3 /x` or `line 2 column x`; that of a rate which the file does not
 * state names the numbers it is made of: `/eval_count ÷ /eval_duration`.
 * `value` and `unit` are the file's own: nothing is converted when it is read.
 * `failed` marks numbers of a record that says of itself that it failed: they are kept and never counted.
 */
export type Measurement = {
  metric: string;
  statistic: string;
  value: number;
  text: string | null;
  unit: string | null;
  n: number | null;
  /** of what there are n, or of what this is one; absent where the file does not say */
  over?: Over;
  labels: Readonly<Record<string, string>>;
  pointer: string;
  failed: boolean;
};

/**
 * What reading one artifact yields: a pure function of name, bytes and limits.
 * `cut` says that the text ends inside of something: the file may be a copy that is not finished.
 * `large` says that it breaks a limit that only bounds what is held at once: read as a stream, it may be no fault.
 */
export type Reading =
  | {
      status: 'read';
      kind: ArtifactKind;
      format: string;
      warnings: string[];
      measurements: Measurement[];
      records: number;
      failed: FailedRecord[];
      cut?: boolean;
    }
  | { status: 'refused'; kind: ArtifactKind; format: string; reason: string; cut?: boolean; large?: true };
