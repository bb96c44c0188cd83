import { CAMPAIGN_CALL_UNITS, CAMPAIGN_FIELDS, CAMPAIGN_RUN_SCHEMA } from '@chimera/shared/domain';
import type { FieldMeaning, FieldTable, LabelTable } from '../fields.ts';
import { isCallTable, readCampaignCalls } from './campaign-calls.ts';
import { holdsCampaignRun, readCampaignRuns } from './campaign-runs.ts';
import type { Format } from './format.ts';

const RUN_FIELDS: FieldTable = Object.fromEntries(
  Object.entries(CAMPAIGN_FIELDS).map(([field, { metric, unit, title }]): [string, FieldMeaning] => [
    field,
    { metric, statistic: 'value', unit, over: 'runs', note: title },
  ]),
);

const CALL_FIELDS: FieldTable = Object.fromEntries(
  Object.entries(CAMPAIGN_CALL_UNITS).map(([column, unit]): [string, FieldMeaning] => [
    column,
    { metric: 'own', statistic: 'value', unit, over: 'requests' },
  ]),
);

const LABELS: LabelTable = {
  profile: 'campaign_profile',
  arrangement: 'arrangement',
  start: 'start',
  'labels.agents': 'agents',
  'labels.engine': 'engine',
  'labels.engine_version': 'engine_version',
  'labels.model': 'model',
  'labels.quantization': 'quantization',
  'labels.num_gpu': 'num_gpu',
  'labels.num_ctx': 'num_ctx',
  'labels.temperature': 'temperature',
  'labels.context_in_force': 'context_in_force',
  'labels.layers_on_gpu': 'layers_on_gpu',
  'labels.server': 'server',
};

/** What `chimera campaign` writes: the tries of its runs as JSON lines, and the calls within them as CSV. */
export const chimeraCampaign: Format = {
  name: 'chimera-campaign',
  tool: '`chimera campaign`',
  signature: `JSON lines, a document or a list with objects of \`schema\` \`${CAMPAIGN_RUN_SCHEMA}\`; or CSV with the columns \`campaign_profile\`, \`arrangement\`, \`agent\` and \`call_outcome\` behind \`ordinal\`, \`attempt\` and \`outcome\``,
  detect(content) {
    if (content.shape === 'table') return content.tables.length > 0 && content.tables.every(({ columns }) => isCallTable(columns));
    return holdsCampaignRun(content);
  },
  read(content, extract) {
    if (content.shape === 'table') for (const table of content.tables) readCampaignCalls(extract, table);
    else readCampaignRuns(extract, content);
  },
  fields: { 'runs.jsonl, measured.<field>': RUN_FIELDS, 'calls.csv': CALL_FIELDS },
  labels: LABELS,
  notes: [
    'A line of `runs.jsonl` is one try at one run. An excluded one is a failed record with its reason: its numbers are marked and count nowhere.',
    'Of a run that was measured twice the last line counts; the earlier one is a failed record.',
    'A line that does not say of which profile, arrangement and start it is, or how it ended, is a failed record too: nobody can tell what its numbers are of. So is one that was measured and has no wall clock above zero.',
    'Each entry of `labels` that is a text is a label; `profile`, `arrangement` and `start` are taken where it lacks them. The labels `campaign` and `inventory` (12 characters of its hash) tell runs of two campaigns apart, and runs over other artifacts, in one file or in several.',
    'A number is in the unit that its line states. Fields that are not in the table keep the pointer as their name: shown and never judged.',
    'A number of `calls.csv` has the name of its column behind `call_`: calls within a run depend on each other, and are never judged. `arrangement`, `start`, `campaign_profile`, `agent` and `model` are its labels.',
    'The calls of an excluded run are marked failed and are no records: `runs.jsonl` says why, once. A call that got no answer (`call_outcome` is none of `stop`, `length` and `done`, and there are no output tokens) is a failed record.',
  ],
};
