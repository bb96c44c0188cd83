import { beginningOf, isHeld, levelChanges, type Subject, statedStatistic, steadyLevels, type ToldChange } from '@chimera/evidence';
import { type Block, type Fact, type Inline, METRICS, shortId } from '@chimera/shared/domain';
import type { Cites } from './draft.ts';
import { code, heading, paragraph, text } from './inline.ts';

const MOST_ROWS = 20;
const MOST_STEADY = 10;
/** Of a level that nothing followed, and of which the files are gone. */
const NOT_HELD = 'no runs in this inventory';

/** What changed when in the dataset's inventories, which of them brought it, and what holds since when. Nothing where there is no history. */
export function historyTables(facts: Subject, cites: Cites): Block[] {
  const inventories = facts.find('history_inventories');
  if (inventories === null) return [];
  const needed = facts.find('history_inventories_needed');
  if (needed !== null) return [heading(3, 'History'), paragraph(...fewInventories(inventories, needed, cites))];
  const blocks: Block[] = [heading(3, 'History'), paragraph(...summary(facts, inventories, cites))];
  const changes = levelChanges(facts);
  if (changes.length > 0)
    blocks.push({
      type: 'table',
      head: ['Metric', 'Configuration', 'Before', 'Since then', 'Ratio', 'Brought by', 'Taken', 'Until', 'Verdict'],
      rows: changes.slice(0, MOST_ROWS).map((told) => changeRow(told, cites)),
    });
  const steady = steadyLevels(facts);
  if (steady.length > 0)
    blocks.push(paragraph(text('Without a change:')), {
      type: 'table',
      head: ['Metric', 'Configuration', 'Level', 'Inventories', 'Since'],
      rows: steady.slice(0, MOST_STEADY).map((level) => steadyRow(level, facts, cites)),
    });
  return blocks;
}

function fewInventories(inventories: Fact, needed: Fact, { cite }: Cites): Inline[] {
  return [
    ...[text('Inventories so far: '), cite(inventories), text('. '), cite(needed), text(' more that bring new runs of a configuration ')],
    text(`${needed.value === 1 ? 'is' : 'are'} needed before it can be told whether its level changed.`),
  ];
}

function summary(facts: Subject, inventories: Fact, { cite }: Cites): Inline[] {
  const line: Inline[] = [text('Inventories: '), cite(inventories)];
  const add = (metric: string, words: string) => {
    const fact = facts.find(metric);
    if (fact) line.push(text(`; ${words}: `), cite(fact));
  };
  add('history_series', 'series with enough of them');
  add('history_changes', 'changes of level in these');
  const others = facts.find('history_changes_not_listed') ?? facts.find('history_series_not_listed');
  line.push(text('. The level of a series is the mean of what its inventories brought.'));
  if (others !== null) line.push(text(' All series, changed or not, are listed by '), code('chimera history'), text('.'));
  return line;
}

function changeRow({ fact, change, after, before, since, until }: ToldChange, { cite }: Cites): Inline[][] {
  return [
    metricCell(fact),
    configurationCell(fact),
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

function steadyRow(level: Fact, facts: Subject, { cite }: Cites): Inline[][] {
  const since = beginningOf(facts, level);
  return [
    metricCell(level),
    configurationCell(level),
    [cite(level)],
    [cite(level, 'n')],
    [...(since === null ? [] : [cite(since)]), ...(isHeld(level) ? [] : [text(`; ${NOT_HELD}`)])],
  ];
}

function metricCell(fact: Fact): Inline[] {
  const stated = statedStatistic(fact);
  return [code(fact.metric), ...(stated === null ? [] : [text(' '), code(stated)])];
}

function configurationCell({ labels, scope }: Fact): Inline[] {
  const named = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  return [code(named.join(' ') || scope)];
}
