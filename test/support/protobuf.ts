/** One field of a protobuf message: a number (varint, or 4 or 8 bytes as they lie there), or bytes. */
export type Field = { number: number; value: bigint | Uint8Array };

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

/** For tests: the fields of a protobuf message in their order. Throws on bytes that are none. */
export function fieldsOf(bytes: Uint8Array): Field[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fields: Field[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = view.getUint8(at++);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const number = Number(tag >> 3n);
    const wire = Number(tag & 7n);
    if (wire === VARINT) fields.push({ number, value: varint() });
    else if (wire === FIXED64) {
      fields.push({ number, value: view.getBigUint64(at, true) });
      at += 8;
    } else if (wire === FIXED32) {
      fields.push({ number, value: BigInt(view.getUint32(at, true)) });
      at += 4;
    } else if (wire === BYTES) {
      const length = Number(varint());
      if (at + length > bytes.length) throw new Error(`Field ${number} is longer than its message.`);
      fields.push({ number, value: bytes.subarray(at, at + length) });
      at += length;
    } else throw new Error(`Field ${number} has the wire type ${wire}, which OTLP does not use.`);
  }
  return fields;
}

/** All values of a field that holds bytes. */
export function allBytes(fields: readonly Field[], number: number): Uint8Array[] {
  return fields.flatMap((field) => (field.number === number && typeof field.value !== 'bigint' ? [field.value] : []));
}

/** The last value of a field that holds a number, or 0. */
export function numberIn(fields: readonly Field[], number: number): bigint {
  const value = fields.findLast((field) => field.number === number)?.value;
  return typeof value === 'bigint' ? value : 0n;
}

/** The last value of a field that holds text, or ''. */
export function textIn(fields: readonly Field[], number: number): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(allBytes(fields, number).at(-1) ?? new Uint8Array());
}
