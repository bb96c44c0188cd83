/** A sample of a node's GPUs that failed. The message is one sentence or two for people: what, where, why, what to do. */
export class GpuFault extends Error {
  override readonly name = 'GpuFault';
}

/** Characters of a foreign text that a sentence shows at most. */
const MAX_SHOWN = 160;

/** The first line of a foreign text with something on it, in quotes, fit to stand in a sentence. */
export function quoted(text: string): string {
  const line = text.split(/[\r\n]+/).find((each) => each.trim() !== '') ?? '';
  const plain = line.replace(/\p{C}/gu, ' ').trim();
  return `"${plain.length > MAX_SHOWN ? `${plain.slice(0, MAX_SHOWN)}…` : plain}"`;
}
