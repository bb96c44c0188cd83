import type { ArtifactKind } from '@chimera/shared/domain';

/** What a date is said to be of. */
export type DateRole = 'report' | 'latest' | 'all' | 'modified' | 'gathered' | 'collected' | 'other';

/** `several`: the sentence gives more than one date. */
export type DateFrame = { role: DateRole; kinds: ReadonlySet<ArtifactKind>; paths: ReadonlySet<string> | null; several: boolean };

const REPORT =
  /(?:^|[.;|*(:]|\s{2,})\W*(?:report\s+)?(?:date|date of (?:the\s+)?(?:report|analysis)|generated(?: on)?|prepared(?: on)?|published|report date|created(?: on)?|issued|as of|last updated|timestamp|date prepared|analysis date)\b\W*$/i;

/** What role a date plays, from the words before it in its sentence and from what frames it. */
export function dateRole(before: string, sentence: string, around: string): DateRole {
  const lead = before.slice(-70);
  if (REPORT.test(before.slice(-40).trimStart())) return 'report';
  if (/\breport\b[^.]{0,40}\b(?:dated|generated(?: on)?|prepared(?: on)?|as of|written(?: on)?)\W*$/i.test(lead)) return 'report';
  const near = `${around} ${sentence}`;
  if (
    /\b(?:collected|gathered|collection|measured|recorded|captured)\b(?![\s\S]*\b(?:updated|modified|modification))[^.;]{0,50}$/i.test(lead)
  )
    return 'gathered';
  const changed = /modif|updated|chang|touched|timestamp|recen|latest|last/i;
  if (
    /\b(?:all|every|each|majority|most(?! recent)|mostly|primarily|predominantly|concentrat\w+|consistent|mainly|largely|focus\w*|peak\w*|surge\w*|high(?:er)? activity|increased activity)\b(?![\s\S]*\b(?:latest|most recent|newest)\b)[^.;]{0,70}$/i.test(
      lead,
    )
  )
    // "The latest files are concentrated around …" speaks of the latest.
    return /\bof (?:all|any)\b[^.;]{0,20}$|\b(?:latest|most recent(?:ly)?|newest)\b(?!\s+modified dates)(?![\s\S]*\b(?:majority|all|most of)\b)/i.test(
      lead,
    )
      ? 'latest'
      : 'all';
  if (
    /\b(?:latest|last|most recent(?:ly)?|newest|up to|final)\b/i.test(sentence) ||
    /\b(?:latest|last|most recent|newest|final)\b/i.test(around)
  )
    return 'latest';
  if (changed.test(near)) return 'modified';
  if (/collect|gather|time ?frame|period|span|between|generated|conducted|benchmarks?|dataset|activity|data\b|runs?\b/i.test(near))
    return 'collected';
  return 'other';
}
