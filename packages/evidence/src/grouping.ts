import type { Fact, Group } from '@chimera/shared/domain';
import { canonicalJson } from '@chimera/shared/store';
import { abridgedFacts, withoutAbridged } from './abridged.ts';
import { campaignFacts } from './campaign/campaign-facts.ts';
import { evidencedCells } from './campaign/evidenced-cells.ts';
import { studyFacts } from './choice.ts';
import { consistencyFacts, meansOfFewFacts, partialMetricFacts, type Twin, withoutTwins } from './consistency.ts';
import type { Description, FactGroup } from './description.ts';
import { ordered } from './fact-order.ts';
import { groupFacts } from './group-facts.ts';
import { type GroupMemory, groupsOf, isMeasured, isOfCampaign, type SampledGroup } from './groups.ts';
import { pathContexts } from './path-context.ts';
import type { Steps } from './steps.ts';
import { type Study, studiesOf } from './studies.ts';

/** What was computed for the last inventory of a dataset: only what changed since is computed anew. */
export type GroupingMemory = {
  groups: GroupMemory;
  written: Map<SampledGroup, Written>;
  studies: Map<string, { of: readonly SampledGroup[]; facts: readonly Fact[] }>;
};

type Written = { facts: FactGroup; json: Uint8Array };

export function createGroupingMemory(): GroupingMemory {
  return { groups: new Map(), written: new Map(), studies: new Map() };
}

/** The groups of a dataset with their facts, each in order and as canonical JSON, and the facts about several of them. */
export type Grouping = { listed: Group[]; jsons: Uint8Array[]; groups: FactGroup[]; facts: Fact[] };

export function* groupingOf(descriptions: readonly Description[], memory: GroupingMemory): Steps<Grouping> {
  const sampled = descriptions.flatMap(({ artifact: { path, sha256 }, samples }) =>
    sha256 === null || samples.length === 0 ? [] : [{ path, sha256, samples }],
  );
  const { artifacts: counting, abridged } = withoutAbridged(sampled);
  const models = new Set(sampled.flatMap(({ samples }) => samples.flatMap(({ labels }) => labels.model ?? [])));
  yield;
  const all = groupsOf(
    counting,
    pathContexts(
      sampled.map(({ path }) => path),
      models,
    ),
    memory.groups,
  );
  yield;
  const { groups, twins } = withoutTwins(all);
  yield;
  const written = yield* writtenOf(groups, memory);
  const facts = [...abridgedFacts(abridged), ...(yield* factsAbout(groups, twins, descriptions, memory))];
  const ofScope = written.filter(({ facts: { facts: own } }) => own.length > 0).map(({ facts: own }) => own);
  return {
    listed: groups.map(({ group }) => group),
    jsons: written.map(({ json }) => json),
    groups: ofScope,
    facts,
  };
}

function* writtenOf(groups: readonly SampledGroup[], memory: GroupingMemory): Steps<Written[]> {
  const before = memory.written;
  memory.written = new Map();
  const all: Written[] = [];
  for (const one of groups) {
    const written = before.get(one) ?? write(one);
    memory.written.set(one, written);
    all.push(written);
    yield;
  }
  return all;
}

function write(one: SampledGroup): Written {
  const facts = ordered(groupFacts(one));
  const json = Buffer.from(facts.map((fact) => canonicalJson(fact)).join(','));
  return { facts: { kind: 'group', scope: one.group.scope, facts, json }, json: Buffer.from(canonicalJson(one.group)) };
}

function* factsAbout(
  groups: readonly SampledGroup[],
  twins: readonly Twin[],
  descriptions: readonly Description[],
  memory: GroupingMemory,
): Steps<Fact[]> {
  const before = memory.studies;
  memory.studies = new Map();
  const facts: Fact[] = [];
  for (const study of withoutSummaries(studiesOf(groups.filter((one) => !isOfCampaign(one))))) {
    const of = study.configurations.flatMap(({ metrics }) => [...metrics.values()]);
    const known = before.get(study.key);
    const own = known && sameGroups(known.of, of) ? known.facts : studyFacts(study);
    memory.studies.set(study.key, { of, facts: own });
    for (const fact of own) facts.push(fact);
    yield;
  }
  for (const [scope, cells] of evidencedCells(groups.filter(isOfCampaign))) {
    const key = `campaign\0${scope}`;
    const of = cells.flatMap(({ groups: own }) => [...own.values()]);
    const known = before.get(key);
    const own = known && sameGroups(known.of, of) ? known.facts : yield* campaignFacts(cells);
    memory.studies.set(key, { of, facts: own });
    for (const fact of own) facts.push(fact);
    yield;
  }
  facts.push(...consistencyFacts(groups, twins));
  yield;
  const counting = descriptions.filter(({ counted }) => counted).map(({ artifact }) => artifact);
  facts.push(...descriptions.flatMap(({ artifact, samples }) => meansOfFewFacts(artifact, samples)));
  facts.push(...partialMetricFacts(groups.filter(isMeasured), counting));
  return facts;
}

function sameGroups(a: readonly SampledGroup[], b: readonly SampledGroup[]): boolean {
  return a.length === b.length && a.every((one, i) => one === b[i]);
}

/** Studies of stated means, where there is one of the raw values of the same settings in the same folder: it says the same again, and less. */
function withoutSummaries(studies: readonly Study[]): Study[] {
  const raw = studies.filter((study) => !isStated(study));
  return studies.filter((study) => !isStated(study) || !raw.some((other) => summarises(study, other)));
}

function isStated({ configurations }: Study): boolean {
  return configurations.every(({ metrics }) => [...metrics.values()].every(({ group }) => group.statistic !== 'value'));
}

/** Whether the settings of the two are the same, as far as both state them, and they lie in one folder. */
function summarises(stated: Study, raw: Study): boolean {
  if (folderOf(stated) !== folderOf(raw)) return false;
  const [a, b] = [valuesByLabel(stated), valuesByLabel(raw)];
  const shared = [...a.keys()].filter((name) => b.has(name));
  if (shared.length === 0 || (shared.length < a.size && shared.length < b.size)) return false;
  return shared.every((name) => [...(a.get(name) ?? [])].every((value) => b.get(name)?.has(value)));
}

function folderOf({ configurations }: Study): string {
  const scope = configurations[0]?.scope ?? '';
  return scope.slice(0, scope.lastIndexOf('/') + 1);
}

function valuesByLabel({ configurations }: Study): Map<string, Set<string>> {
  const values = new Map<string, Set<string>>();
  for (const { labels } of configurations) {
    for (const [name, value] of Object.entries(labels)) {
      if (name === 'config_name') continue;
      const known = values.get(name);
      if (known) known.add(value);
      else values.set(name, new Set([value]));
    }
  }
  return values;
}
