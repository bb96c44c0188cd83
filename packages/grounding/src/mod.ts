export { type Judgement, judgeSentence, namesOf } from './gate.ts';
export { type ProsePart, parseProse, quotedName, type ReferenceForm, referencesIn, referenceText, visibleName } from './reference.ts';
