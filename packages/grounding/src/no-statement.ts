import type { Place } from './place.ts';

const PROPOSAL =
  /\b(?:should|aim(?:ing|s)?|target(?:s|ed|ing)?|goals?|propos\w+|would|expect(?:ed|s)?|at least \w+ (?:runs|samples|repeats)|must|need(?:s|ed)? to|if|hypothetical\w*|threshold|acceptable|ideally)\b|\be\.g\.[^)]*$/i;
const BEHIND =
  /^[\s\u00a0)]*(?:[\w-]+\s){0,2}(?:budgets?|slos?|slas?|targets?|limits?|thresholds?|goals?|objectives?|baselines?|last (?:quarter|year|month|week)|previously|before|earlier|a (?:month|year|quarter) ago)\b/i;
const PROPOSALS = /\b(?:recommendations?|next steps|future work|action items?|mitigations?|targets?|goals?|proposed|proposal)\b/i;
const ILLUSTRATION =
  /\b(?:illustrat\w+|hypothetical\w*|placeholders?|example (?:data|table)|sample (?:data|table)|simulated|fictional|dummy)\b/i;
const OWN_RUN = /^\W*(?:aggregate |run |llm call |call )?(?:metrics|workflow summary|statistical summary|run record|llm call metrics)\W*$/i;

const NAMING =
  /\b(?:naming|convention|rename|creat\w+|save|export|new file|template|schema|standard\w*|pattern|format|unique|prefix\w*|identif\w+)\b/i;

/** Why words state nothing: they only propose something, say that they are made up, or speak of the run that wrote the page. Then nothing contradicts them. */
export function isNoStatement({ stretch, own, claim }: Pick<Place, 'stretch' | 'own' | 'claim'>): string | null {
  if (claim.kind === 'name')
    return NAMING.test(own.text) || ILLUSTRATION.test([...stretch.headings, ...stretch.parents.slice(0, 2), own.text].join(' '))
      ? 'it may be a name that is proposed'
      : null;
  const copied = claim.kind === 'number' && claim.numeral.digits >= 6;
  if (!copied && ILLUSTRATION.test([...stretch.headings, ...stretch.parents.slice(0, 2), stretch.column, stretch.note, own.text].join(' ')))
    return 'it is called an illustration, no result';
  const isValue =
    claim.kind === 'number'
      ? claim.unit !== null && claim.unit.name !== '%'
      : claim.kind === 'range' || claim.kind === 'spread' || claim.kind === 'sample';
  if (isValue && OWN_RUN.test(stretch.headings.at(-1) ?? '')) return 'it is of the run that wrote the page, which is no artifact';
  if (
    BEHIND.test(own.text.slice(own.end)) ||
    PROPOSAL.test(own.text.slice(0, own.start)) ||
    (isValue && (PROPOSALS.test(stretch.headings.at(-1) ?? '') || PROPOSALS.test(stretch.parents.join(' '))))
  )
    return 'it proposes something and states nothing of the artifacts';
  return null;
}

const HYPOTHETICAL = /\b(?:if|may|might|could|would|suppose|imagine|hypothetically)\b[^.;]{0,120}$/i;
const NEGATED =
  /\b(?:not(?! only)|never|\w+n't|no longer|far from|false that|untrue that|incorrect|wrongly|cannot|rather than|instead of)\b[^.;,]{0,30}$/i;

/** Whether the words before a value deny it or only suppose it: then neither verdict says anything. */
export function isTurned({ claim, own }: Place): string | null {
  if (claim.kind !== 'number' && claim.kind !== 'range') return null;
  const before = own.text.slice(0, own.start);
  if (claim.hedge === null && NEGATED.test(before)) return 'its sentence denies it';
  return HYPOTHETICAL.test(before) ? 'its sentence only supposes it' : null;
}
