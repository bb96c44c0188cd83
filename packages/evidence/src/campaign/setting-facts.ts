import { CAMPAIGN_FIELDS, counted, type Fact, numberText, OPTION_NAMES } from '@chimera/shared/domain';
import { fact } from '../fact.ts';
import { configurationText } from '../group-facts.ts';
import { runsOf } from './cells.ts';
import type { EvidencedCell } from './evidenced-cells.ts';
import { draftOf, sourcesOf } from './fact-parts.ts';
import type { SettingEffect } from './settings.ts';
import { listed, titleOf } from './words.ts';

/** What decides only where the model lies: equal placement says that it had no effect; of all others only times are judged. */
const PLACING = ['num_gpu', 'num_ctx'];

/** That a setting had no effect; where nobody tells what was in force, only that no difference is shown. */
export function settingFact(one: SettingEffect<EvidencedCell>): Fact {
  const { setting, values, labels, found, cells } = one;
  const [first] = cells;
  if (first === undefined) throw new Error('A setting needs cells: this is a fault of Chimera; please report it.');
  return fact({
    ...draftOf(first),
    labels,
    metric: 'setting_effect',
    statistic: found === null ? `${setting}, not told` : setting,
    value: values.length,
    unit: null,
    n: cells.reduce((sum, cell) => sum + runsOf(cell), 0),
    claim: claimOf(one),
    formula:
      'count of values of the setting whose profiles differ in nothing else, have the same context in force and as many layers on the GPU where that is told, and show no difference in any metric',
    sources: sourcesOf(cells),
  });
}

/** What a claim names of the rest of the configuration; all of it stands in the labels. */
function isNamed(name: string, value: string): boolean {
  return name === 'model' || name === 'quantization' || ((OPTION_NAMES as readonly string[]).includes(name) && value !== 'default');
}

function claimOf(one: SettingEffect<EvidencedCell>): string {
  const { setting, values, labels, found, pairs } = one;
  const named = `${setting} ${listed(values)}`;
  const where = configurationText(Object.fromEntries(Object.entries(labels).filter(([name, value]) => isNamed(name, value))));
  const whose = where === '' ? '' : ` for ${where}`;
  const metrics = [...new Set(pairs.flatMap(({ judged }) => judged.filter(({ p }) => p !== null).map(({ metric }) => titleOf(metric))))];
  const places = [...new Set(pairs.map(({ of }) => `${of.arrangement}, ${of.start}`))];
  const runs = pairs.flatMap(({ judged: [wall] }) => wall?.n ?? []);
  const fewest = Math.min(...runs);
  const shownIn = `no difference is shown in ${listed(metrics)} (${places.join('; ')}; n = ${fewest} a side${Math.max(...runs) > fewest ? ' or more' : ''}, ${counted(pairs.length, 'pair')})`;
  if (found === null)
    return `Of ${named}${whose} ${shownIn}; what was in force is not told, so that the setting has no effect cannot be said.${widestText(one)}`;
  const force = `the same context (${found.context}) was in force and as many layers (${found.layers}) lay on the GPU`;
  if (PLACING.includes(setting)) return `${named} have no effect${whose}: ${force}, and ${shownIn}.${widestText(one)}`;
  return `${named} have no effect on speed${whose}: ${force}, and ${shownIn}; of the text this says nothing.${widestText(one)}`;
}

/** How large a difference the widest interval leaves open. */
function widestText({ pairs }: SettingEffect<EvidencedCell>): string {
  const open = pairs.flatMap(({ judged: [wall] }) => (wall?.interval ? [Math.max(1 - wall.interval[0], wall.interval[1] - 1)] : []));
  if (open.length === 0 || Math.max(...open) <= 0) return '';
  return ` A difference of up to ${numberText(Number((Math.max(...open) * 100).toPrecision(2)))} % in ${CAMPAIGN_FIELDS.wall_clock.title} is not excluded.`;
}
