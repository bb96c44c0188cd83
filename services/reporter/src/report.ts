import { basename } from 'node:path';
import { visibleName } from '@chimera/grounding';
import {
  type Block,
  type CampaignRun,
  type Evidence,
  type Inline,
  type InventoryRef,
  type Observations,
  REPORT_SCHEMA,
  type Report,
  type Run,
  type RunRecord,
  shortId,
} from '@chimera/shared/domain';
import { accountOf } from './account.ts';
import { accountBlocks } from './account-blocks.ts';
import { sectionBlocks, sectionOr } from './analysis-blocks.ts';
import { evidenceList, personas, workflow } from './appendix.ts';
import { callTables } from './call-tables.ts';
import { type Citations, createCitations } from './citations.ts';
import { blocksOf } from './draft.ts';
import { firstScreen } from './first-screen.ts';
import { code, heading, paragraph, quotation, record, strong, text } from './inline.ts';
import { modelConfiguration } from './model-configuration.ts';
import { type Analyses, agentType, configurationLine, modelLine, narratorLine } from './narrators.ts';
import { groundworkOf, type PageDraft } from './page-draft.ts';
import { speakersOf } from './speakers.ts';
import { visibleLine, visiblePage } from './visible-page.ts';

export type ReportInput = {
  run: Run;
  inventory: InventoryRef;
  evidence: Evidence;
  observations: Observations;
  analyses: Analyses;
  record: RunRecord;
  revision: number;
  status: Report['status'];
  supersededBy: string | null;
  /** which try of a campaign it is the report of, where that is known */
  campaignTry?: CampaignTry | undefined;
};

/** What a report of a campaign's run says of it: nobody knows runs by their numbers. */
export type CampaignTry = Pick<CampaignRun, 'campaign' | 'profile' | 'arrangement' | 'start' | 'attempt' | 'reason'>;

/**
 * Assembles a report. Pure: the same input gives the same report; time stands in the record.
 * @param groundwork that of the same inventory, where it has been made already
 */
export function assembleReport(input: ReportInput, groundwork = groundworkOf(input)): Report {
  const { run, evidence, observations, analyses, record: runs } = input;
  const { facts, page: draft } = groundwork;
  const citations = createCitations(facts, runs);
  const title = visibleName(evidence.title ?? basename(observations.bucket));
  const withheld = Object.values(analyses).reduce((n, a) => n + a.account.withheld.length, 0);
  const type = agentType(run.profile, analyses);
  const narrator = narratorLine(run.profile, analyses, runs.missing);
  const summary = firstScreen(draft.screen, narrator, withheld, citations);
  const page: Block[] = [
    heading(1, `Chimera report: ${title}`),
    headerLine(input, type),
    { type: 'table', head: ['', ''], rows: summary.map((row) => [[{ type: 'strong', text: row.label }], row.line]) },
    ...body(input, draft, citations),
  ];
  page.push(...workflow(runs), ...modelConfiguration(runs), ...evidenceList(citations.printed()), ...personas(runs), ...callTables(runs));
  const account = accountOf(page, analyses, facts, citations);
  page.push(...accountBlocks(account, analyses, citations));
  return {
    schema: REPORT_SCHEMA,
    dataset: run.dataset,
    title,
    inventory: run.inventory,
    generation: input.inventory.generation,
    run: run.id,
    ...(run.ordinal === null ? {} : { ordinal: run.ordinal }),
    revision: input.revision,
    status: input.status,
    supersededBy: input.supersededBy,
    agentType: type,
    artifacts: {
      total: evidence.artifacts.length,
      read: evidence.artifacts.filter((a) => a.status === 'read').length,
      refused: evidence.artifacts.flatMap((a) => (a.status === 'refused' ? [{ path: a.path, reason: a.reason ?? '' }] : [])),
    },
    summary: summary.map((row) => ({ ...row, line: visibleLine(row.line) })),
    facts: Object.fromEntries(citations.printed()),
    record: { ...runs, account },
    page: visiblePage(page),
  };
}

function headerLine(input: ReportInput, type: string): Block {
  const { run, record: runs } = input;
  return {
    type: 'list',
    ordered: false,
    items: [
      [
        { type: 'strong', text: 'Date' },
        text(': '),
        record(`${runs.printedAt.slice(0, 10)} ${runs.printedAt.slice(11, 19)} UTC`, 'printedAt'),
      ],
      [{ type: 'strong', text: 'Agent Type' }, text(': '), record(type, 'profile.agents')],
      [{ type: 'strong', text: 'Model' }, text(': '), record(modelLine(run.profile, input.analyses), 'profile.agents')],
      [{ type: 'strong', text: 'Configuration' }, text(': '), record(configurationLine(run.profile), 'profile.agents')],
      [
        { type: 'strong', text: 'Inventory' },
        text(': '),
        code(shortId(run.inventory)),
        text(', run '),
        code(shortId(run.id)),
        text(', revision '),
        record(String(input.revision), 'revision'),
      ],
      ...campaignItem(run, runs, input.campaignTry),
    ],
  };
}

/** Which run of a campaign it is, of what, whether it counts, and whether all of its answers were generated for it. */
function campaignItem({ ordinal }: Run, { agents }: RunRecord, told?: CampaignTry): Inline[][] {
  if (ordinal === null) return [];
  const called = Object.values(agents).filter(({ calls }) => calls.length > 0);
  const fresh = called.length > 0 && called.every(({ storedCalls }) => storedCalls === 0);
  return [
    [
      { type: 'strong', text: 'Campaign' },
      text(': run '),
      record(String(ordinal), 'ordinal'),
      ...(told === undefined ? [] : tryTold(told)),
      text(fresh ? '; every answer was generated for it, none taken from an earlier call' : ''),
    ],
  ];
}

function tryTold({ campaign, profile, arrangement, start, attempt, reason }: CampaignTry): Inline[] {
  return [
    ...[text(' of '), code(campaign), text(': profile '), code(profile), text(' in '), code(arrangement), text(', '), code(start)],
    ...(attempt === 1 ? [] : [text(', '), code(`try ${attempt}`)]),
    ...(reason === null ? [] : [text('; '), strong('excluded'), text(', it counts nowhere: '), quotation(reason)]),
  ];
}

function body(input: ReportInput, draft: PageDraft, citations: Citations): Block[] {
  const { collected, interpreted, absent, uncollected } = speakersOf(input.run.profile, input.analyses);
  const said = (id: string) => sectionOr(interpreted, id, citations, absent);
  const nobodys = uncollected === null ? [] : [paragraph(text(uncollected))];
  return [
    heading(2, 'Executive Summary'),
    ...said('summary'),
    heading(2, 'Data Ingestion Summary'),
    ...nobodys,
    ...collected.filter((s) => s.id !== 'gaps').flatMap((s) => [heading(3, s.title), ...sectionBlocks(s, citations)]),
    heading(3, 'Files'),
    ...blocksOf(draft.files, citations),
    heading(2, 'Performance Analysis'),
    ...said('performance'),
    ...blocksOf(draft.performance, citations),
    heading(2, 'Key Findings'),
    ...said('findings'),
    heading(2, 'Recommendations'),
    ...said('recommendations'),
    heading(2, 'Risks'),
    ...said('risks'),
    heading(2, 'Gaps and Refused Files'),
    ...nobodys,
    ...collected.filter((s) => s.id === 'gaps').flatMap((s) => sectionBlocks(s, citations)),
    ...blocksOf(draft.gaps, citations),
    heading(2, 'Conclusion'),
    ...said('conclusion'),
  ];
}
