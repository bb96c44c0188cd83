import { type TextLine, textLines } from './printed-text.ts';

/** A metric as the summary prints it, on a line of its own. */
export type PrintedMetric = {
  line: number;
  /** `http_req_duration` */
  name: string;
  /** `expected_response:true`, of a part of it */
  tags: string | undefined;
  body: string;
};

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

const METRIC = /^ {2,12}(?:([✓✗]) )?(?:\{ (\S.{0,200}) \}|([A-Za-z_]\w{0,127}))\.{1,160}: {1,3}(\S.{0,600})$/u;
/** The headings and lines of thresholds and checks between the metrics of newer versions. */
const INSIDE = /^ {2,12}(?:[✓✗↳█]|[A-Z]+$|[a-z_]\w{0,127}(?:\{.{0,200}\})?$)/u;
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
  for (const at of textLines(text)) {
    const line = at.text.trimEnd();
    const [, mark, tags, own, body] = METRIC.exec(line) ?? [];
    if (body === undefined) {
      const [, script] = SCRIPT.exec(line) ?? [];
      const [, ran] = RAN.exec(line) ?? [];
      const [, threshold] = CROSSED.exec(line) ?? [];
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
    if (known === null || names.has(`${parent}{${tags ?? ''}`)) {
      if (known !== null) known.ended = true;
      current = { metrics: [], ...pending, ended: false };
      pending = { script: undefined, ran: undefined, crossed: [] };
      names = new Set();
      summaries.push(current);
    }
    names.add(`${parent}{${tags ?? ''}`);
    current?.metrics.push({ line: at.line, name: parent, tags, body });
    if (mark === '✗') current?.crossed.push({ line: at.line, what: tags === undefined ? parent : `${parent}{${tags}}` });
  }
  return { summaries, cut };
}
