import { type TextLine, textLines } from './printed-text.ts';

/** A metric as the summary prints it, on a line of its own. */
export type PrintedMetric = {
  line: number;
  /** `http_req_duration` */
  name: string;
  /** `expected_response:true`, of a part of it */
  tags: string | undefined;
  body: string;
  /** of which part of the run it is; undefined where of all of it */
  part: K6Part | undefined;
};

/** A group or a scenario, as the labels `group` (`::outer::inner`) and `scenario`. */
export type K6Part = { readonly group?: string; readonly scenario?: string };

/** A summary in a text, with what is printed around it. */
export type PrintedSummary = {
  metrics: PrintedMetric[];
  /** what the line `script:` above it says */
  script: string | undefined;
  /** the text in the brackets of `running (0m30.3s), 00/10 VUs` */
  ran: { line: number; text: string } | undefined;
  /** thresholds that were crossed, each with its line */
  crossed: { line: number; what: string }[];
  /** something stands behind its metrics that is none: it is not cut */
  ended: boolean;
};

const METRIC = /^ {2,40}(?:([✓✗]) )?(?:\{ (\S.{0,200}) \}|([A-Za-z_]\w{0,127}))\.{1,160}: {1,3}(\S.{0,600})$/u;
/** The headings and lines of thresholds and checks between the metrics of newer versions. */
const INSIDE = /^ {2,40}(?:[✓✗↳█]|[A-Z]+$|[a-z_]\w{0,127}(?:\{.{0,200}\})?$)/u;
/** With `--summary-mode=full` what belongs to a group or a scenario stands below its name, moved to the right within another. */
const PART = /^( {0,40})█ (GROUP|SCENARIO): (\S.{0,200})$/u;
const TOTAL = /^ {0,40}█ TOTAL RESULTS$/u;
const CROSSED = /^ {2,12}✗ '([^']{1,200})'/u;
const SCRIPT = /^ {1,20}script: (\S.{0,400})$/;
const RAN = /^running \((\S{1,40})\), 0{1,9}\/\d{1,9} VUs, /;

/** The summaries in a text. One ends where a metric comes that it has already. */
export function summariesIn(text: string): { summaries: PrintedSummary[]; cut: TextLine | null } {
  const summaries: PrintedSummary[] = [];
  let current: PrintedSummary | null = null;
  /** what the current one has */
  let names = new Set<string>();
  let parent = '';
  let pending: Pick<PrintedSummary, 'script' | 'ran' | 'crossed'> = { script: undefined, ran: undefined, crossed: [] };
  let cut: TextLine | null = null;
  let open: Heading[] = [];
  let part: K6Part | undefined;
  for (const at of textLines(text)) {
    const line = at.text.trimEnd();
    const [, mark, tags, own, body] = METRIC.exec(line) ?? [];
    if (body === undefined) {
      const [, script] = SCRIPT.exec(line) ?? [];
      const [, ran] = RAN.exec(line) ?? [];
      const [, threshold] = CROSSED.exec(line) ?? [];
      const heading = headingOf(line);
      if (heading !== null) open = [...open.filter(({ indent }) => indent < heading.indent), heading];
      else if (TOTAL.test(line) || script !== undefined || ran !== undefined) open = [];
      part = partOf(open);
      if (current !== null && line !== '' && !INSIDE.test(line) && at.ended) current.ended = true;
      if (script !== undefined && at.ended) pending = { ...pending, script };
      if (threshold !== undefined) pending.crossed.push({ line: at.line, what: threshold });
      if (ran === undefined) continue;
      if (current !== null && current.ran === undefined) current.ran = { line: at.line, text: ran };
      else pending = { ...pending, ran: { line: at.line, text: ran } };
      continue;
    }
    if (!at.ended) {
      cut = at;
      continue;
    }
    parent = own ?? parent;
    const known: PrintedSummary | null = current;
    const name = `${JSON.stringify(part)} ${parent}{${tags ?? ''}`;
    if (known === null || names.has(name)) {
      if (known !== null) known.ended = true;
      current = { metrics: [], ...pending, ended: false };
      pending = { script: undefined, ran: undefined, crossed: [] };
      names = new Set();
      summaries.push(current);
    }
    names.add(name);
    current?.metrics.push({ line: at.line, name: parent, tags, body, part });
    if (mark === '✗') current?.crossed.push({ line: at.line, what: tags === undefined ? parent : `${parent}{${tags}}` });
  }
  return { summaries, cut };
}

type Heading = { indent: number; kind: string; name: string };

function headingOf(line: string): Heading | null {
  const [, indent, kind, name] = PART.exec(line) ?? [];
  return indent === undefined || kind === undefined || name === undefined ? null : { indent: indent.length, kind, name };
}

function partOf(open: readonly Heading[]): K6Part | undefined {
  if (open.length === 0) return undefined;
  const groups = open.filter(({ kind }) => kind === 'GROUP').map(({ name }) => `::${name}`);
  const scenario = open.find(({ kind }) => kind === 'SCENARIO')?.name;
  return { ...(groups.length === 0 ? {} : { group: groups.join('') }), ...(scenario === undefined ? {} : { scenario }) };
}
