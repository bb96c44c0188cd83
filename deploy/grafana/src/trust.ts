import { AGENTS } from './others.ts';
import { type DashboardSpec, PLAIN, type RowSpec, upTo } from './panel.ts';
import { grown, HOUR, orZero } from './query.ts';

const AGENT = '{agent=~"$agent"}';
const of = (more: string) => AGENT.replace('}', `, ${more}}`);
const SENTENCES = 'chimera_sentences_total';

/** The part that one fate has of the sentences written in the hour before, as a ratio. */
const share = (fate: string, by = '') =>
  `sum${by} (increase(${SENTENCES}${of(`fate="${fate}"`)}[${HOUR}])) / sum${by} (increase(${SENTENCES}${AGENT}[${HOUR}]))`;

const WELL: RowSpec = {
  title: 'Is it well?',
  panels: [
    {
      kind: 'stat',
      title: 'Share withheld',
      shows:
        "The part of the models' sentences of the hour before that was not printed, because what they say could not be verified. The template's sentence stands instead.",
      well: 'Below one in ten.',
      act: 'See below which agent it is. A small model withholds more; a new model or profile that withholds much is not fit for the task.',
      alerts: ['ChimeraWithheldHigh'],
      unit: 'percentunit',
      queries: [{ expr: share('withheld'), legend: '' }],
      width: 4,
      steps: upTo(0.25, 0.1),
    },
    {
      kind: 'stat',
      title: 'Share repaired',
      shows: "The part of the models' sentences of the hour before that was printed only after their faults were named to the model.",
      well: 'Below one in four: each repair is one more call.',
      act: 'A high share costs time, not truth. Another model may need fewer.',
      unit: 'percentunit',
      queries: [{ expr: share('repaired'), legend: '' }],
      width: 4,
      steps: upTo(0.5, 0.25),
    },
    {
      kind: 'stat',
      title: 'Analyses by the template',
      shows: 'Analyses that the template spoke although the profile names a model, since the agents started.',
      well: 'Zero.',
      act: 'No server could answer in time: see Servers left alone and Calls, by error, in Agents. The report says it as well.',
      alerts: ['ChimeraModelSilent'],
      leadsTo: AGENTS,
      unit: 'short',
      queries: [{ expr: orZero(`sum(chimera_model_fallbacks_total${AGENT})`), legend: '' }],
      width: 4,
      steps: upTo(1),
    },
    {
      kind: 'stat',
      title: 'Refused artifacts',
      shows: 'Artifacts that could not be read, since ingest started: once for each inventory that they are in.',
      well: 'Zero, or what you know of.',
      act: 'Each report names them with the reason; `chimera inspect FILE` says the same of one file.',
      unit: 'short',
      queries: [{ expr: orZero('sum(chimera_artifacts_total{status="refused"})'), legend: '' }],
      width: 4,
      steps: [
        { from: null, color: 'green' },
        { from: 1, color: 'yellow' },
      ],
    },
    {
      kind: 'stat',
      title: 'Reports, by state',
      shows:
        'Reports printed since the reporter started (current), and reports that a newer inventory of their dataset made old (superseded).',
      well: 'Each dataset has one that is not superseded.',
      act: 'As many superseded as there are files in a drop: each file made a report. Raise CHIMERA_SETTLE_SECONDS, or end a drop with a .done file.',
      unit: 'short',
      queries: [{ expr: 'sum by (status) (chimera_reports_total)', legend: '{{status}}' }],
      width: 8,
    },
  ],
};

const SENTENCES_ROW: RowSpec = {
  title: "The models' sentences",
  panels: [
    {
      kind: 'lines',
      title: 'Sentences, by fate',
      shows: 'Sentences that models wrote in the ten minutes before: printed as first written (kept), after a repair, or withheld.',
      well: 'Most of them kept.',
      act: 'The transcripts in the blob store and the account at the end of each report show which sentences, and why.',
      unit: 'short',
      queries: [{ expr: grown(SENTENCES, ['fate'], AGENT), legend: '{{fate}}' }],
      width: 8,
      stacked: true,
    },
    {
      kind: 'lines',
      title: 'Share withheld, by agent',
      shows: 'The part of the sentences of the hour before that was withheld, by agent.',
      well: 'Below one in ten.',
      act: 'One agent alone: its persona or profile. Both: the model.',
      alerts: ['ChimeraWithheldHigh'],
      unit: 'percentunit',
      queries: [{ expr: `agent:chimera_sentences_withheld:ratio_1h${AGENT}`, legend: '{{agent}}' }],
      width: 8,
      steps: upTo(0.25, 0.1),
      max: 1,
    },
    {
      kind: 'lines',
      title: 'Share repaired, by agent',
      shows: 'The part of the sentences of the hour before that was repaired, by agent.',
      well: 'Below one in four.',
      act: 'It costs a call for each section. Compare models.',
      unit: 'percentunit',
      queries: [{ expr: share('repaired', ' by (agent)'), legend: '{{agent}}' }],
      width: 8,
      max: 1,
    },
    {
      kind: 'bars',
      title: 'Sentences, by agent and fate',
      shows: 'All sentences since the agents started.',
      well: 'kept is the longest of each agent.',
      act: 'See the shares above for when it turned.',
      unit: 'short',
      queries: [{ expr: `sum by (agent, fate) (${SENTENCES}${AGENT})`, legend: '{{agent}} {{fate}}' }],
      width: 8,
      steps: PLAIN,
    },
    {
      kind: 'bars',
      title: 'Who spoke',
      shows: 'Analyses since the agents started, by agent and narrator: a model or the template.',
      well: 'Only models, where a model is configured.',
      act: 'The template speaks where no model could be used; the report gives the reason.',
      unit: 'short',
      queries: [{ expr: `sum by (agent, narrator) (chimera_analyses_total${AGENT})`, legend: '{{agent}} {{narrator}}' }],
      width: 8,
      steps: PLAIN,
    },
    {
      kind: 'lines',
      title: 'Analyses, by narrator',
      shows: 'Analyses finished in the ten minutes before, by agent and narrator.',
      well: 'Models throughout.',
      act: 'A change to the template marks the moment when the servers failed: see Agents at that time.',
      leadsTo: AGENTS,
      unit: 'short',
      queries: [{ expr: grown('chimera_analyses_total', ['agent', 'narrator'], AGENT), legend: '{{agent}} {{narrator}}' }],
      width: 8,
      stacked: true,
    },
  ],
};

const BASIS: RowSpec = {
  title: 'What reports rest on',
  panels: [
    {
      kind: 'bars',
      title: 'Refused artifacts, by kind',
      shows: 'Artifacts that could not be read, since ingest started, by kind: once for each inventory that they are in.',
      well: 'None, or what you know of.',
      act: 'One kind alone: whoever writes it changed its form. All kinds: files are taken while they are written.',
      unit: 'short',
      queries: [{ expr: 'sum by (kind) (chimera_artifacts_total{status="refused"})', legend: '{{kind}}' }],
      width: 8,
      steps: [{ from: null, color: 'yellow' }],
    },
    {
      kind: 'lines',
      title: 'Share of artifacts refused',
      shows: 'The part of the artifacts taken into inventories in the hour before that was refused.',
      well: 'Near zero.',
      act: 'A rise marks the drop that brought them: its report names each.',
      unit: 'percentunit',
      queries: [
        {
          expr: `sum(increase(chimera_artifacts_total{status="refused"}[${HOUR}])) / sum(increase(chimera_artifacts_total[${HOUR}]))`,
          legend: 'refused',
        },
      ],
      width: 8,
      max: 1,
    },
    {
      kind: 'lines',
      title: 'Reports, by state over time',
      shows: 'Reports printed in the ten minutes before (current), and reports that were made old by a newer inventory (superseded).',
      well: 'As many superseded as current where data is dropped again and again.',
      act: 'More superseded than current: inventories come faster than reports.',
      unit: 'short',
      queries: [{ expr: grown('chimera_reports_total', ['status']), legend: '{{status}}' }],
      width: 8,
    },
  ],
};

/** What was printed, repaired, withheld and refused. */
export const trust: DashboardSpec = {
  name: 'trust',
  uid: 'chimera-trust',
  title: 'Chimera: trust',
  answers:
    'Who speaks in the reports, how much of what models write is printed as written, repaired or withheld, and what could not be read?',
  variables: [{ name: 'agent', label: 'Agent', shows: 'The agent that wrote.', metric: 'chimera_analyses_total', of: 'agent' }],
  rows: [WELL, SENTENCES_ROW, BASIS],
};
