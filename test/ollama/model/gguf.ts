/** A value of GGUF's metadata. Numbers say their width, as the readers of a key expect one and no other. */
export type GgufValue =
  | { type: 'u32' | 'i32' | 'f32'; value: number }
  | { type: 'bool'; value: boolean }
  | { type: 'string'; value: string }
  | { type: 'i32[]' | 'f32[]'; value: readonly number[] }
  | { type: 'string[]'; value: readonly string[] };

/** A tensor of 32-bit floats. `shape` as GGUF counts: the dimension that changes fastest comes first. */
export interface GgufTensor {
  name: string;
  shape: readonly number[];
  data: Float32Array;
}

const VERSION = 3;
const ALIGNMENT = 32;
const F32_TENSOR = 0;
const TYPE = { u32: 4, i32: 5, f32: 6, bool: 7, string: 8, array: 9 } as const;

/** Writes a GGUF file (version 3, little-endian). Throws a RangeError when a tensor's data is not what its shape says. */
export function writeGguf(metadata: Readonly<Record<string, GgufValue>>, tensors: readonly GgufTensor[]): Buffer {
  const keys = Object.entries(metadata);
  const head = [Buffer.from('GGUF', 'latin1'), u32(VERSION), u64(tensors.length), u64(keys.length)];
  for (const [key, value] of keys) head.push(text(key), ...valueBytes(value));
  let offset = 0;
  for (const { name, shape, data } of tensors) {
    if (shape.reduce((product, side) => product * side, 1) !== data.length) {
      throw new RangeError(`The tensor ${name} has ${data.length} values, which its shape ${shape.join(' × ')} does not hold.`);
    }
    head.push(text(name), u32(shape.length), ...shape.map(u64), u32(F32_TENSOR), u64(offset));
    offset += padded(data.byteLength);
  }
  const start = Buffer.concat(head);
  const body = tensors.flatMap(({ data }) => {
    const bytes = Buffer.alloc(padded(data.byteLength));
    for (const [index, value] of data.entries()) bytes.writeFloatLE(value, index * 4);
    return bytes;
  });
  return Buffer.concat([start, Buffer.alloc(padded(start.byteLength) - start.byteLength), ...body]);
}

function valueBytes(given: GgufValue): Buffer[] {
  switch (given.type) {
    case 'u32':
      return [u32(TYPE.u32), u32(given.value)];
    case 'i32':
      return [u32(TYPE.i32), i32(given.value)];
    case 'f32':
      return [u32(TYPE.f32), f32(given.value)];
    case 'bool':
      return [u32(TYPE.bool), Buffer.of(given.value ? 1 : 0)];
    case 'string':
      return [u32(TYPE.string), text(given.value)];
    case 'i32[]':
      return [...array(TYPE.i32, given.value.length), ...given.value.map(i32)];
    case 'f32[]':
      return [...array(TYPE.f32, given.value.length), ...given.value.map(f32)];
    case 'string[]':
      return [...array(TYPE.string, given.value.length), ...given.value.map(text)];
  }
}

const array = (type: number, length: number): Buffer[] => [u32(TYPE.array), u32(type), u64(length)];
const padded = (size: number): number => Math.ceil(size / ALIGNMENT) * ALIGNMENT;

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8');
  return Buffer.concat([u64(bytes.byteLength), bytes]);
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function i32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

function f32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
