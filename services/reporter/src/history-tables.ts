import {
  beginningOf,
  historyCommandLine,
  isHeld,
  levelChanges,
  type Subject,
  statedStatistic,
  steadyLevels,
  type ToldChange,
} from '@chimera/evidence';
import { type Block, type Fact, type Inline, METRICS, shortId } from '@chimera/shared/domain';
import type { Cites } from './draft.ts';
import { type RowConfigurations, rowConfigurations } from './history-configurations.ts';
import { code, heading, paragraph, quotation, text } from './inline.ts';

const MOST_ROWS = 20;
const MOST_STEADY = 10;
/** Facts that are there where not all is told one by one. */
const NOT_LISTED = ['history_changes_not_listed', 'history_series_not_listed'];
/** Of a level that nothing followed, and of which the files are gone. */
const NOT_HELD = 'no runs in this inventory';

/**
 * What changed when in the dataset's inventories, which of them brought it, and what holds since when. Nothing where there is no history.
 * @param dataset of which a command is named that lists all series
 */
export function historyTables(facts: Subject, dataset: string, cites: Cites): Block[] {
  const inventories = facts.find('history_inventories');
  if (inventories === null) return [];
  const needed = facts.find('history_inventories_needed');
  if (needed !== null) return [heading(3, 'History'), paragraph(...fewInventories(inventories, needed, cites))];
  const changes = levelChanges(facts).slice(0, MOST_ROWS);
  const allSteady = steadyLevels(facts);
  const steady = allSteady.slice(0, MOST_STEADY);
  const isWhole = allSteady.length === steady.length && NOT_LISTED.every((metric) => facts.find(metric) === null);
  const configurations = rowConfigurations([...changes.map(({ fact }) => fact), ...steady]);
  const { shared, cell } = configurations;
  const head = cell === null ? ['Metric'] : ['Metric', 'Configuration'];
  const blocks: Block[] = [heading(3, 'History'), paragraph(...summary(facts, inventories, isWhole ? null : dataset, cites))];
  if (shared.length > 0) blocks.push(paragraph(...shared));
  if (changes.length > 0)
    blocks.push({
      type: 'table',
      head: [...head, 'Before', 'Since then', 'Ratio', 'Brought by', 'Taken', 'Until', 'Verdict'],
      rows: changes.map((told) => changeRow(told, configurations, cites)),
    });
  if (steady.length > 0)
    blocks.push(paragraph(text('Without a change:')), {
      type: 'table',
      head: [...head, 'Level', 'Inventories', 'Since'],
      rows: steady.map((level) => steadyRow(level, facts, configurations, cites)),
    });
  return blocks;
}

function fewInventories(inventories: Fact, needed: Fact, { cite }: Cites): Inline[] {
  return [
    ...[text('Inventories so far: '), cite(inventories), text('. '), cite(needed), text(' more that bring new runs of a configuration ')],
    text(`${needed.value === 1 ? 'is' : 'are'} needed before it can be told whether its level changed.`),
  ];
}

/** `more`: the dataset, of which not all is told here; null where all is. */
function summary(facts: Subject, inventories: Fact, more: string | null, { cite }: Cites): Inline[] {
  const line: Inline[] = [text('Inventories: '), cite(inventories)];
  const add = (metric: string, words: string) => {
    const fact = facts.find(metric);
    if (fact) line.push(text(`; ${words}: `), cite(fact));
  };
  add('history_series', 'series with enough of them');
  add('history_changes', 'changes of level in these');
  line.push(text('. The level of a series is the mean of what its inventories brought.'));
  if (more !== null) line.push(text(' All series, changed or not, are listed by '), quotation(historyCommandLine(more)), text('.'));
  return line;
}

function changeRow({ fact, change, after, before, since, until }: ToldChange, { cell }: RowConfigurations, { cite }: Cites): Inline[][] {
  return [
    metricCell(fact),
    ...(cell === null ? [] : [cell(fact)]),
    [cite(before)],
    [cite(after)],
    fact.unit === 'times' ? [cite(fact)] : [text(before.value === 0 ? 'from zero' : after.value === 0 ? 'to zero' : '–')],
    [code(shortId(change.broughtBy.inventory))],
    [cite(since)],
    change.until !== null && until !== null ? [cite(until)] : [text(isHeld(fact) ? 'now' : NOT_HELD)],
    [text(verdictOf(fact, change)), ...versionsCell(change)],
  ];
}

function verdictOf({ metric }: Fact, { verdict }: ToldChange['change']): string {
  if (verdict !== null) return verdict;
  const known = Object.hasOwn(METRICS, metric) ? METRICS[metric as keyof typeof METRICS] : null;
  return known === null || known.direction === 'none' ? 'not judged' : 'below the noise floor';
}

function versionsCell({ versions }: ToldChange['change']): Inline[] {
  return versions.flatMap(({ name, before, now }) => [
    ...[text('; '), code(name), text(' was '), before === null ? text('not stated') : code(before)],
    ...[text(' and is '), now === null ? text('not stated') : code(now)],
  ]);
}

function steadyRow(level: Fact, facts: Subject, { cell }: RowConfigurations, { cite }: Cites): Inline[][] {
  const since = beginningOf(facts, level);
  return [
    metricCell(level),
    ...(cell === null ? [] : [cell(level)]),
    [cite(level)],
    [cite(level, 'n')],
    [...(since === null ? [] : [cite(since)]), ...(isHeld(level) ? [] : [text(`; ${NOT_HELD}`)])],
  ];
}

function metricCell(fact: Fact): Inline[] {
  const stated = statedStatistic(fact);
  return [code(fact.metric), ...(stated === null ? [] : [text(' '), code(stated)])];
}
