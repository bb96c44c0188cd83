import type { Extract } from '../extract.ts';
import { addLabel, labelTextOf } from '../fields.ts';

/** Label → the values that it may have, the one to be preferred first: a tool's versions keep a setting in different places. */
export type LabelCandidates = Readonly<Record<string, readonly unknown[]>>;

/** The labels of which one candidate is a text, a number or a yes or no. */
export function labelsOf(candidates: LabelCandidates, extract: Extract): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const [name, values] of Object.entries(candidates)) {
    const value = values.find((candidate) => (labelTextOf(candidate) ?? '').trim() !== '');
    if (value !== undefined) addLabel(labels, name, value, extract);
  }
  return labels;
}
