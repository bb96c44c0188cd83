import { claimsIn, judgeSentence } from '@chimera/grounding';
import type { Fact, Section, Sentence } from '@chimera/shared/domain';
import { VERSION } from '@chimera/shared/service';
import { canonicalJson, type Join } from '@chimera/shared/store';
import type { Basis } from './basis.ts';
import { gatedSections } from './last-gate.ts';
import { ownWords } from './own-words.ts';
import { assembleReport } from './report.ts';
import { runRecord } from './run-record.ts';
import { pages } from './stated-report.ts';

/**
 * Goes through what printing goes through, with words made up from the inventory's facts, and throws away what comes of it. So what
 * the gate gathers of the facts is gathered and, once in a process, modules are loaded and the engine has made code, before
 * somebody waits for it. Yields between the steps.
 * @param speaks whether a model may: else the gate asks less
 */
export type Rehearsal = (basis: Basis, join: Join, speaks: boolean) => AsyncGenerator<void, void, void>;

// One of each spelling that a reader of claims looks for. With a sign beyond Latin 1 the engine makes other code.
const SPELLINGS =
  'The median of 5 of 10 runs is twice 12.5 ms, n = 5, 1/2 of it, 10 to 20 ms, 5 +/- 2, a third, 2,5 ms, \u00bd s, the 3rd of four, and faster than most by 20 %.';
const WIDE = '\u2013';

// The second time around takes two thirds of the first; a third time gains nothing.
const ROUNDS = 2;

export function createRehearsal(): Rehearsal {
  let done = false;
  return async function* rehearse(basis, join, speaks) {
    const { facts, evidence } = basis;
    const own = ownWords(facts, evidence.artifacts);
    if (!done) yield* readings();
    own(SPELLINGS);
    yield;
    const sentences = madeUp(facts.facts);
    if (speaks && sentences[0] !== undefined) judgeSentence(sentences[0].text, facts.byId, []);
    yield;
    for (let round = 0; round < ROUNDS && !done; round++) yield* printed(basis, join, sentences, speaks);
    done = true;
  };
}

/** Reads each spelling in both widths, one after the other: making the code takes most of the time. */
function* readings(): Generator<void, void, void> {
  for (const wide of ['', ` ${WIDE}`])
    for (const words of SPELLINGS.split(', ')) {
      claimsIn(`${words}${wide}`);
      yield;
    }
}

/** Prints a report without analyses, to nowhere. */
async function* printed(
  basis: Basis,
  { run, inventory }: Join,
  sentences: readonly Sentence[],
  speaks: boolean,
): AsyncGenerator<void, void, void> {
  const { evidence, observations } = basis;
  gatedSections([madeUpSection(sentences, speaks ? 'model' : 'template')], basis.ground);
  yield;
  const record = runRecord({ run, inventory, observations, analyses: {}, missing: [], version: VERSION, assembledFrom: 0, now: 0 });
  const input = { run, inventory, evidence, observations, analyses: {}, record };
  const report = assembleReport({ ...input, revision: 1, status: 'current', supersededBy: null }, basis.groundwork());
  canonicalJson(report);
  yield;
  await pages(report);
  yield;
}

const MOST_SENTENCES = 8;

/** Sentences that refer to facts, one of each kind. */
function madeUp(facts: readonly Fact[]): Sentence[] {
  const byKind = new Map(facts.flatMap((fact) => (typeof fact.value === 'number' ? [[fact.kind, fact] as const] : [])));
  return [...byKind.values()].slice(0, MOST_SENTENCES).map(({ id, metric }) => ({
    ...{ text: `The ${metric.replaceAll('_', ' ')} is {{${id}}} of all.`, mitigation: `It is {{${id}}} ${WIDE} no more.` },
    ...{ kind: 'risk', by: 'model' },
  }));
}

function madeUpSection(sentences: readonly Sentence[], by: Sentence['by']): Section {
  return {
    ...{ id: 'risks', title: 'Risks', layout: 'risks', reason: null, leftOut: [] },
    sentences: sentences.map((sentence) => ({ ...sentence, by })),
    template: sentences.map((sentence) => ({ ...sentence, by: 'template' })),
  };
}
