import type { Subject } from '@chimera/evidence';
import { type Block, type Evidence, indexFacts, type Observations } from '@chimera/shared/domain';
import { campaignCalls } from './campaign-calls.ts';
import { campaignsIn } from './campaign-facts.ts';
import { campaignTables } from './campaign-tables.ts';
import { changeTables } from './change-tables.ts';
import { configurationTables } from './configuration-tables.ts';
import { type Cites, type Draft, drafted } from './draft.ts';
import { draftScreen, type ScreenDraft } from './first-screen.ts';
import { gapsAndRefusals } from './gaps.ts';
import { historyTables } from './history-tables.ts';
import { ingestionSummary } from './ingestion.ts';
import { performanceTables } from './performance.ts';

/** All of a report's page that follows from the inventory alone, whatever the agents say. */
export type PageDraft = {
  screen: ScreenDraft;
  files: Draft<Block[]>;
  performance: Draft<Block[]>;
  gaps: Draft<Block[]>;
};

/** What follows from an inventory alone: its facts with the ways to find them, and its part of the page. */
export type Groundwork = { facts: Subject; page: PageDraft };

/** An inventory's facts with the ways to find them, and its artifacts. */
export function subjectOf(evidence: Evidence, observations: Observations): Subject {
  return { ...indexFacts([...evidence.facts, ...observations.facts]), artifacts: evidence.artifacts };
}

export function groundworkOf({ evidence, observations }: { evidence: Evidence; observations: Observations }): Groundwork {
  const facts = subjectOf(evidence, observations);
  return { facts, page: draftPage(facts, observations) };
}

function campaignSection(facts: Subject, cites: Cites): Block[] {
  const all = campaignsIn(facts);
  if (all.length === 0) return [];
  return [...all.flatMap((campaign) => campaignTables(campaign, all.length > 1, cites)), ...campaignCalls(facts, cites)];
}

/** Drafts a page; what is dear in a report but for its analyses. */
export function draftPage(facts: Subject, { dataset, unsettled }: Pick<Observations, 'dataset' | 'unsettled'>): PageDraft {
  return {
    screen: draftScreen(facts),
    files: drafted((cites) => ingestionSummary(facts, facts.artifacts, cites)),
    performance: drafted((cites) => [
      ...campaignSection(facts, cites),
      ...configurationTables(facts, cites),
      ...changeTables(facts, cites),
      ...historyTables(facts, dataset, cites),
      ...performanceTables(facts, cites),
    ]),
    gaps: drafted((cites) => gapsAndRefusals(facts, facts.artifacts, unsettled, cites)),
  };
}
