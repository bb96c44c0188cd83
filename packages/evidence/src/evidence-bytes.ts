import type { Evidence } from '@chimera/shared/domain';
import { canonicalJson } from '@chimera/shared/store';
import type { Steps } from './steps.ts';

const COMMA = 0x2c;

/**
 * The canonical JSON of evidence in UTF-8, put together out of that of its artifacts, facts and groups, which is so not
 * written again for each inventory. Each piece holds one or several of them, with commas between them.
 */
export function* evidenceBytes(
  { dataset, inventory, schema, title }: Pick<Evidence, 'dataset' | 'inventory' | 'schema' | 'title'>,
  { artifacts, facts, groups }: { artifacts: readonly Uint8Array[]; facts: readonly Uint8Array[]; groups: readonly Uint8Array[] },
): Steps<Uint8Array> {
  // As the keys sort: artifacts, dataset, facts, groups, inventory, schema, title.
  const begin = Buffer.from('{"artifacts":[');
  const between = Buffer.from(`],"dataset":${canonicalJson(dataset)},"facts":[`);
  const behind = Buffer.from('],"groups":[');
  const end = Buffer.from(`],"inventory":${canonicalJson(inventory)},"schema":${canonicalJson(schema)},"title":${canonicalJson(title)}}`);
  const bytes = Buffer.allocUnsafeSlow(
    begin.length + joinedLength(artifacts) + between.length + joinedLength(facts) + behind.length + joinedLength(groups) + end.length,
  );
  let at = 0;
  for (const pieces of [[begin], artifacts, [between], facts, [behind], groups, [end]]) {
    for (const [i, piece] of pieces.entries()) {
      if (i > 0) bytes[at++] = COMMA;
      bytes.set(piece, at);
      at += piece.length;
      yield;
    }
  }
  return bytes;
}

function joinedLength(pieces: readonly Uint8Array[]): number {
  let length = Math.max(0, pieces.length - 1);
  for (const piece of pieces) length += piece.length;
  return length;
}
