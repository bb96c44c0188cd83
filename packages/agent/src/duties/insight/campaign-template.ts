import { quotedName } from '@chimera/grounding';
import { CAMPAIGN_PROFILE, type Fact } from '@chimera/shared/domain';
import type { TemplateSentence } from '../../definition.ts';
import { refer, referCount, referN } from '../../refer.ts';
import type { View } from '../../view.ts';
import { type Campaign, unshown } from './campaign.ts';

/** The template narrator's words where the dataset is a campaign: its profiles, arrangements and settings; every number is a reference. */
export function campaignTemplate(campaign: Campaign, view: View): Record<string, TemplateSentence[]> {
  return {
    summary: texts([inventory(view), recommended(campaign), arrangements(campaign), settings(campaign), excluded(campaign)]),
    performance: texts(performance(campaign)),
    findings: texts(findings(campaign)),
    recommendations: texts(recommendations(campaign)),
    risks: risks(campaign),
    conclusion: texts(conclusion(campaign, view)),
  };
}

type Said = string | null;

function inventory(view: View): Said {
  const [artifacts, read, numbers] = [
    view.find('artifact_count'),
    view.find('artifact_count', { status: 'read' }),
    view.find('measurement_count'),
  ];
  if (!artifacts || !read || !numbers) return null;
  return `The results of a campaign: of ${referCount(artifacts, 'artifact')}, ${refer(read)} could be read, with ${referCount(numbers, 'number')}.`;
}

/** `` `fast` ``. */
function profile({ labels }: Fact): string {
  return quotedName(labels[CAMPAIGN_PROFILE] ?? '');
}

/** An arrangement and its profile by their names, with the start where it is cold. */
function place(fact: Fact): string {
  const { labels, comparison } = fact;
  const arrangement = quotedName(comparison?.label === 'arrangement' ? comparison.of : (labels.arrangement ?? ''));
  return `arrangement ${arrangement} of profile ${profile(fact)}${labels.start === 'cold' ? ' from a cold start' : ''}`;
}

/** A profile in its arrangement, by their names. */
function where(fact: Fact): string {
  const { arrangement, start } = fact.labels;
  return `${profile(fact)}${arrangement === undefined ? '' : ` in arrangement ${quotedName(arrangement)}`}${start === 'cold' ? ' from a cold start' : ''}`;
}

function recommended({ recommended: fact, isShown, measured }: Campaign): Said {
  if (fact === null) return 'No profile of this campaign can be recommended over another.';
  const [wall, first] = [measured('wall_clock'), measured('time_to_first_token')];
  const times = [wall && `wall clock ${refer(wall)}`, first && `time to first token ${refer(first)}`].filter((said) => said !== null);
  return `The **recommended** profile is ${where(fact)}${times.length === 0 ? '' : `: ${times.join(', ')}`}; ${isShown ? '' : 'that it is better than another is not shown; '}profiles and arrangements of which none is surely beaten all round: ${refer(fact)}.`;
}

/** What the arrangement that differs most from one call at a time brings. */
function arrangements({ speedUps }: Campaign): Said {
  const shown = speedUps.filter((fact) => unshown(fact) === 0);
  const [first] = shown;
  return first === undefined ? null : speedUp(first);
}

/** A speed-up in plain words; the fact compares the two. */
function speedUp(fact: Fact): string {
  const which = capital(place(fact));
  if (unshown(fact) === 2) return `${which}: whether it is another time than one call after the other **cannot be told** yet.`;
  if (unshown(fact) === 1) return `${which}: no difference from one call after the other is shown, its **speed-up** is ${refer(fact)}.`;
  const word = Number(fact.value) < 1 ? 'slower' : 'faster';
  return `${which} is **${word}** than one call after the other: its **speed-up** is ${refer(fact)}.`;
}

function settings({ settings: all }: Campaign): Said {
  if (all.length === 0) return null;
  // A setting without effect is so beside each value of the others: once is enough.
  const once = all.filter((fact, i) => all.findIndex(({ statistic }) => statistic === fact.statistic) === i);
  const named = once.slice(0, MOST_NAMED).map((fact) => `${quotedName(fact.statistic)} (${refer(fact)} values compared)`);
  return `**Without effect**: ${named.join(', ')}${once.length > MOST_NAMED ? ' and others' : ''}.`;
}

const MOST_NAMED = 3;

function excluded({ excluded: counts }: Campaign): Said {
  if (counts === null) return null;
  const { failed, records } = counts;
  return `**Excluded**: ${referCount(failed, 'try', 'tries')}${records === null ? '' : ` of ${refer(records)}`} at runs; none counts as fast.`;
}

function performance({ recommended: fact, measured, speedUps }: Campaign): Said[] {
  const [rate, each, wall] = [measured('output_token_throughput'), measured('time_per_output_token'), measured('wall_clock')];
  return [
    fact && wall
      ? `Profile ${where(fact)} needs ${refer(wall)} of **wall clock** for a report.`
      : 'No run of this campaign that counts has a wall clock, so nothing can be told of its times.',
    fact && rate
      ? `Its **throughput** is ${refer(rate)}${each ? `, its time per output token ${refer(each)}` : ''}.`
      : 'Its throughput was not measured.',
    ...firstOfEach(speedUps).slice(0, MOST_SPEED_UPS).map(speedUp),
  ];
}

const MOST_SPEED_UPS = 3;

function findings(campaign: Campaign): Said[] {
  const { comparisons, speedUps, needed } = campaign;
  const shown = comparisons.filter((fact) => unshown(fact) === 0 && fact.unit === 'times');
  const found = [
    ...firstOfEach(speedUps.filter((fact) => unshown(fact) === 0))
      .slice(0, 2)
      .map(speedUp),
    ...firstOfEach(shown).slice(0, 2).map(against),
    settings(campaign),
    needed[0] ? moreRuns(needed[0]) : null,
    excluded(campaign),
  ].filter((said) => said !== null);
  const rest = [
    comparisons.length > 0 && shown.length === 0 ? 'No difference of another profile from the **recommended** one is shown.' : null,
    speedUps.length > 0 && speedUps.every((fact) => unshown(fact) > 0)
      ? 'No arrangement is shown to be another in **wall clock** than one call after the other.'
      : null,
    'Every run of the campaign stands in its results, with what was asked for and what was **found**.',
    'Every number that was read is in the evidence, with its source.',
  ].filter((said) => said !== null);
  return [...found, ...rest.slice(0, Math.max(0, LEAST_FINDINGS - found.length))];
}

const LEAST_FINDINGS = 2;

/** Of each profile, or arrangement, the first: several metrics or profiles of one say much the same. */
function firstOfEach(comparisons: readonly Fact[]): Fact[] {
  return comparisons.filter((fact, i) => comparisons.findIndex(({ comparison }) => comparison?.of === fact.comparison?.of) === i);
}

/** What another profile has of the recommended one's. */
function against(fact: Fact): string {
  const { of = '', to = '' } = fact.comparison ?? {};
  return `**${capital(words(fact))}**: profile ${quotedName(of)} has ${refer(fact)} that of profile ${quotedName(to)} in arrangement ${quotedName(fact.labels.arrangement ?? '')}.`;
}

function words({ metric }: Fact): string {
  return metric === 'execution_time' ? 'wall clock' : metric.replaceAll('_', ' ');
}

function moreRuns(fact: Fact): string {
  return `**Undecided**: ${undecided(fact)}`;
}

/** Which comparison needs how many more runs. */
function undecided(fact: Fact): string {
  return `${quotedName(fact.statistic)} needs ${refer(fact)} more ${fact.value === 1 ? 'run' : 'runs'} a side.`;
}

/** Exactly three: which profile, how to put the agents to work, and what to leave alone or to repeat. */
function recommendations(campaign: Campaign): string[] {
  return [profileAdvice(campaign), arrangementAdvice(campaign), nextAdvice(campaign)];
}

function profileAdvice({ recommended: fact, isShown, measured }: Campaign): string {
  if (fact === null) return 'Add repeats before choosing a profile by **throughput** or quality: none can be recommended from these runs.';
  const [rate, first, survived] = [measured('output_token_throughput'), measured('time_to_first_token'), measured('sentences_survived')];
  const weighed = [
    rate && `**throughput** ${refer(rate)}`,
    first && `time to first token ${refer(first)}`,
    survived && `{{${survived.id}|%}} of its sentences survived`,
  ].filter((said) => said !== null);
  const values = weighed.length === 0 ? '' : `: ${weighed.join(', ')}`;
  return `${isShown ? 'Choose' : 'Take, until more runs decide,'} profile ${where(fact)}${values}.`;
}

function arrangementAdvice({ speedUps, needed }: Campaign): string {
  const faster = speedUps.find((fact) => unshown(fact) === 0 && Number(fact.value) > 1);
  if (faster) return `Put the agents to work in ${place(faster)}: its **speed-up** is ${refer(faster)}.`;
  const slower = speedUps.find((fact) => unshown(fact) === 0);
  if (slower) return `Let the agents work one call after the other: ${place(slower)} is slower, its **speed-up** is ${refer(slower)}.`;
  if (needed[0]) return `Repeat before an arrangement is chosen: ${undecided(needed[0])}`;
  return 'Let the agents work one call after the other: no arrangement is shown to bring a better **wall clock**.';
}

function nextAdvice({ settings: all, speedUps, needed }: Campaign): string {
  const [setting] = all;
  if (setting)
    return `Leave ${quotedName(setting.statistic)} out of the next campaign: ${refer(setting)} values of it did the same; weigh **quality** against speed by what does make a difference.`;
  // Where nothing is shown of the arrangements, it is told there what needs the fewest runs.
  const [next] = speedUps.some((fact) => unshown(fact) === 0) ? needed : needed.slice(1);
  if (next) return `Repeat what is undecided: ${undecided(next)}`;
  return 'Weigh **quality** against speed in the next campaign too: a profile of which fewer sentences survive is no gain.';
}

function risks({ speedUps, comparisons, needed, excluded: counts }: Campaign): TemplateSentence[] {
  const drift = [...speedUps, ...comparisons].find(({ comparison }) => comparison?.caveats.some((caveat) => /length/.test(caveat)));
  const rows: (TemplateSentence | null)[] = [
    drift
      ? {
          text: `Where outputs differ in length, times are of another work: ${place(drift)}, over ${referN(drift)} runs.`,
          mitigation: 'Judge time per output token beside the wall clock, and bound the length of answers.',
        }
      : null,
    counts && {
      text: `Excluded runs may fail for what the profile asks (excluded here: ${referCount(counts.failed, 'try', 'tries')}).`,
      mitigation: 'Read the reason of each before a profile is chosen.',
    },
    needed[0]
      ? { text: 'Profiles with too few runs differ by noise alone.', mitigation: 'Let the campaign run until it is decided.' }
      : null,
  ];
  const found = rows.flatMap((row) => (row === null ? [] : [row]));
  return found.length >= 2 ? found : [...found, ...GENERAL_RISKS].slice(0, 2);
}

/** What always holds of a campaign. */
const GENERAL_RISKS: readonly TemplateSentence[] = [
  {
    text: 'What holds for these duties and this dataset need not hold for others.',
    mitigation: 'Run the campaign again over the data that matters.',
  },
  {
    text: 'Another version of the engine or driver moves all times.',
    mitigation: 'Repeat the recommended profile after each update, and compare with these results.',
  },
];

function conclusion({ recommended: fact, isShown, needed }: Campaign, view: View): Said[] {
  const series = view.find('series_count');
  return [
    fact
      ? `Profile ${where(fact)} ${isShown ? 'is the one to run' : 'is what these runs speak for, and no difference is shown'}; profiles and arrangements that are not surely beaten all round: ${refer(fact)}, itself among them.`
      : 'No profile can be recommended from these runs.',
    needed[0]
      ? `What is undecided needs more runs: ${refer(needed[0])} a side at least.`
      : 'What is called a difference is shown by repeated runs; all else is not.',
    series && `Each of ${refer(series)} series leads back to its line.`,
  ];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function texts(says: readonly Said[]): TemplateSentence[] {
  return says.flatMap((text) => (text === null ? [] : [{ text }]));
}
