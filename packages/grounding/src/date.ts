/** A date or time as prose states it: from `from` up to, not including, `to` (milliseconds since 1970, UTC). `year` false: it names none. */
export type StatedDate = { from: number; to: number; year: boolean; grain: 'second' | 'minute' | 'day' | 'month' | 'year' };

const MONTHS = 'january february march april may june july august september october november december'.split(' ');
const MONTH = String.raw`(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?`;
const CLOCK = String.raw`(?:(?:,?\s+(?:at\s+)?|T)(?<h>\d{1,2}):(?<mi>\d{2})(?::(?<s>\d{2})(?:\.\d+)?)?\s?(?:Z\b|UTC\b|GMT\b|\+00:?00\b)?)?`;
const DAY = String.raw`(?<d>[0-3]?\d)(?:st|nd|rd|th)?`;

const PART = String.raw`(?:(?<part>early|mid|late)[\s-]+)?`;

const FORMS: readonly RegExp[] = [
  String.raw`(?<![\w.-])(?<y>(?:19|20)\d\d)-(?<m>[01]\d)-(?<d>[0-3]\d)${CLOCK}(?![\w-])`,
  String.raw`(?<![\w.-])(?<y>(?:19|20)\d\d)[/.](?<m>[01]?\d)[/.](?<d>[0-3]?\d)${CLOCK}(?![\w-])`,
  String.raw`\b(?<mn>${MONTH})\s+${DAY},?\s+(?<y>(?:19|20)\d\d)${CLOCK}(?!\w)`,
  String.raw`\b${DAY}(?:\s+of)?\s+(?<mn>${MONTH}),?\s+(?<y>(?:19|20)\d\d)${CLOCK}(?!\w)`,
  String.raw`(?<![\w./-])(?<us>[01]?\d)/(?<d>[0-3]?\d)/(?<y>(?:19|20)\d\d)${CLOCK}(?![\w/])`,
  String.raw`(?<![\w./-])(?<d>[0-3]?\d)\.(?<m>[01]?\d)\.(?<y>(?:19|20)\d\d)${CLOCK}(?!\w)`,
  // The first of two months takes its year from the second.
  String.raw`\b${PART}(?<mn>${MONTH})(?=\s*(?:–|—|-|to|and|through|\/)\s*(?:(?:early|mid|late)\s+)?${MONTH},?\s+(?<y>(?:19|20)\d\d)\b)`,
  String.raw`\b${PART}(?<mn>${MONTH}),?\s+(?<y>(?:19|20)\d\d)\b`,
  String.raw`(?<![\w.-])(?<y>(?:19|20)\d\d)-(?<m>0[1-9]|1[0-2])(?![\w-]|\.\d)`,
  String.raw`\b(?<mn>${MONTH})\s+${DAY}(?![\w,]*\d|\s?%|\s+(?:files|runs|tests))\b`,
  String.raw`\b${DAY}(?:\s+of)?\s+(?<mn>(?!may\b)${MONTH})(?!\w)`,
].map((form) => new RegExp(form, 'giu'));

/** `borrowsYear`: it is the first of two months and has its year from the second. */
export type FoundDate = { start: number; end: number; date: StatedDate; borrowsYear: boolean };

const BORROWING = FORMS[6];

/** The dates in a text, in order and apart; what is not a day of the calendar is none. */
export function datesIn(text: string): FoundDate[] {
  const found: FoundDate[] = [];
  for (const form of FORMS)
    for (const match of text.matchAll(form)) {
      const [start, end] = [match.index, match.index + match[0].trimEnd().length];
      if (found.some((other) => start < other.end && other.start < end)) continue;
      const date = dateOf(match.groups ?? {});
      if (date) found.push({ start, end, date, borrowsYear: form === BORROWING });
    }
  return found.sort((a, b) => a.start - b.start);
}

function dateOf(parts: Record<string, string | undefined>): StatedDate | null {
  const { y, m, mn, d, us, h, mi, s } = parts;
  const month = mn === undefined ? Number(us ?? m) : MONTHS.findIndex((name) => name.startsWith(mn.toLowerCase().slice(0, 3))) + 1;
  const year = y === undefined ? 2000 : Number(y);
  if (!(month >= 1 && month <= 12)) return null;
  if (d === undefined) return y === undefined ? null : monthOf(year, month, parts.part?.toLowerCase());
  const day = Date.UTC(year, month - 1, Number(d));
  if (new Date(day).getUTCDate() !== Number(d)) return null;
  if (h === undefined || mi === undefined) return { from: day, to: day + 86_400_000, year: y !== undefined, grain: 'day' };
  if (Number(h) > 23 || Number(mi) > 59 || Number(s ?? 0) > 60) return null;
  const from = day + (Number(h) * 3600 + Number(mi) * 60 + Number(s ?? 0)) * 1000;
  return { from, to: from + (s === undefined ? 60_000 : 1000), year: y !== undefined, grain: s === undefined ? 'minute' : 'second' };
}

const DAY_MS = 86_400_000;

/** A month, or its early, middle or late part: with some days to spare, for the words are loose. */
function monthOf(year: number, month: number, part: string | undefined): StatedDate {
  const [from, to] = [Date.UTC(year, month - 1), Date.UTC(year, month)];
  const first = part === 'late' ? 20 : part === 'mid' ? 10 : 1;
  const end = part === 'early' ? from + 11 * DAY_MS : part === 'mid' ? from + 21 * DAY_MS : to;
  return { from: from + (first - 1) * DAY_MS, to: end, year: true, grain: 'month' };
}

/** Whether an instant lies in a stated date; one without a year is met by any year. */
export function isIn(date: StatedDate, instant: number): boolean {
  if (date.year) return instant >= date.from && instant < date.to;
  const year = new Date(instant).getUTCFullYear();
  const first = new Date(date.from);
  const from = Date.UTC(year, first.getUTCMonth(), first.getUTCDate(), first.getUTCHours(), first.getUTCMinutes(), first.getUTCSeconds());
  return instant >= from && instant < from + (date.to - date.from);
}
