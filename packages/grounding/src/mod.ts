export { amountIn } from './amount-words.ts';
export { type CheckedClaim, checkPage } from './check.ts';
export { createTruth, truthOf } from './create-truth.ts';
export type { Entry, Located } from './entry.ts';
export { claimsIn } from './find-claims.ts';
export { type Judgement, judgeSentence } from './gate.ts';
export { CLAIM_VERDICTS, type ClaimVerdict } from './judgement.ts';
export {
  type PlainForm,
  type ProsePart,
  parseProse,
  quotedName,
  type ReferenceForm,
  referencesIn,
  visibleName,
} from './reference.ts';
export { MOST_DIGITS, type Printed, type Rendered, referenceText, renderReference } from './render.ts';
export { recordPath, renderRecord } from './render-record.ts';
export { type StyleFault, styleFaults } from './style.ts';
export type { Truth } from './truth.ts';
