import { printableJson } from '@chimera/shared/domain';
import type { Verification, VerifiedClaim } from './verification.ts';

const VERIFICATION_SCHEMA = 'chimera.verification/v1';

/** A verification as one document, in pieces: each claim, and each fact that claims name, on a line of its own. */
export function* verificationJson({ report, artifacts, claims, counts, facts }: Verification): Generator<string> {
  const { inventory, total, refused } = artifacts;
  const head = { schema: VERIFICATION_SCHEMA, report, artifacts: { inventory, total, refused }, counts };
  yield `${json(head).slice(0, -1)},"claims":[`;
  for (const [index, claim] of claims.entries()) yield `${index === 0 ? '' : ','}\n ${json(claimJson(claim))}`;
  yield '],"facts":{';
  let first = true;
  for (const [id, { claim, sources }] of facts) {
    yield `${first ? '' : ','}\n ${json(id)}:${json({ claim, sources })}`;
    first = false;
  }
  yield '}}\n';
}

function claimJson({ text, line, column, value, to, of, unit, verdict, facts, why, truth, source }: VerifiedClaim) {
  return { text, line, column, value, to, of, unit, verdict, facts, why, truth, source };
}

function json(value: unknown): string {
  return printableJson(JSON.stringify(value));
}
