import type { CheckedClaim } from '@chimera/grounding';

type Claim = CheckedClaim['claim'];
type StatedDate = Extract<Claim, { kind: 'date' }>['dates'][number];

/** What a claim states: see `VerifiedClaim`. */
export type Stated = { value?: number | string; to?: number | string; of?: number; unit?: string };

/** The numbers, dates and unit of a claim as it was read; what words alone state has none. */
export function statedOf(claim: Claim): Stated {
  switch (claim.kind) {
    case 'number':
    case 'spread':
      return { ...finite('value', claim.numeral.value), ...named(claim.unit) };
    case 'sample':
      return finite('value', claim.numeral.value);
    case 'range':
      return { ...finite('value', claim.low.value), ...finite('to', claim.high.value), ...named(claim.unit) };
    case 'part':
      return { ...finite('value', claim.part.value), ...finite('of', claim.whole.value) };
    case 'recency':
      return { value: claim.days, unit: 'days' };
    case 'date':
      return datesOf(claim.dates);
    case 'comparison':
    case 'dominance':
    case 'name':
      return {};
  }
}

/** A number too large for a double is none that JSON could tell. */
function finite<Key extends 'value' | 'to' | 'of'>(key: Key, value: number): { [key in Key]?: number } {
  const stated: { [key in Key]?: number } = {};
  if (Number.isFinite(value)) stated[key] = value;
  return stated;
}

function named(unit: { name: string } | null): { unit?: string } {
  return unit === null ? {} : { unit: unit.name };
}

function datesOf([first, last]: readonly StatedDate[]): Stated {
  const [value, to] = [first && dateText(first), last && dateText(last)];
  return { ...(value === undefined ? {} : { value }), ...(to === undefined ? {} : { to }) };
}

const SHOWN: Readonly<Record<StatedDate['grain'], number>> = { year: 4, month: 7, day: 10, minute: 16, second: 19 };

/** As much of an instant as was told: `2025-11-14`, `2025-11-14T18:53Z`; nothing where the year is not. */
function dateText({ from, grain, year }: StatedDate): string | undefined {
  if (!year) return undefined;
  const text = new Date(from).toISOString().slice(0, SHOWN[grain]);
  return text.includes('T') ? `${text}Z` : text;
}
