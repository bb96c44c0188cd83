import { type GgufTensor, writeGguf } from './gguf.ts';
import { BEGIN_ID, END_ID, UNKNOWN_ID, vocabulary } from './vocabulary.ts';

/** Tokens of context the model claims to have been trained on: a server grants no more. */
export const TRAINED_CONTEXT = 8192;

const LAYERS = 2;
const WIDTH = 64;
const HEADS = 4;
const KV_HEADS = 2;
const HEAD_WIDTH = WIDTH / HEADS;
const FEED_FORWARD = 128;
/** What every token's embedding holds in dimension 0, which no layer changes: by it a token's favour reaches the output. */
const CONSTANT = 4;
const SEED = 20_250_101;

/** A model of the architecture `llama` with random weights, always the same ones, as a GGUF file of less than a megabyte. */
export function tinyModel(): Buffer {
  const tokens = vocabulary();
  const random = normal(SEED);
  const tensors: GgufTensor[] = [];

  /** Rows of random weights; `first` sets what stands in dimension 0 of each row, `skip` a row that stays zero. */
  const matrix = (
    name: string,
    columns: number,
    rows: number,
    spread: number,
    more: { first?: (row: number) => number; skip?: number } = {},
  ): void => {
    const data = Float32Array.from({ length: columns * rows }, (_, index) => {
      const row = Math.floor(index / columns);
      const value = random() * spread;
      if (row === more.skip) return 0;
      return index % columns === 0 && more.first !== undefined ? more.first(row) : value;
    });
    tensors.push({ name, shape: [columns, rows], data });
  };
  const ones = (name: string): void => {
    tensors.push({ name, shape: [WIDTH], data: new Float32Array(WIDTH).fill(1) });
  };

  matrix('token_embd.weight', WIDTH, tokens.length, 1, { first: () => CONSTANT });
  for (let layer = 0; layer < LAYERS; layer += 1) {
    const name = (part: string): string => `blk.${layer}.${part}.weight`;
    ones(name('attn_norm'));
    matrix(name('attn_q'), WIDTH, WIDTH, 0.1);
    matrix(name('attn_k'), WIDTH, KV_HEADS * HEAD_WIDTH, 0.1);
    matrix(name('attn_v'), WIDTH, KV_HEADS * HEAD_WIDTH, 0.1);
    matrix(name('attn_output'), WIDTH, WIDTH, 0.1, { skip: 0 });
    ones(name('ffn_norm'));
    matrix(name('ffn_gate'), WIDTH, FEED_FORWARD, 0.1);
    matrix(name('ffn_up'), WIDTH, FEED_FORWARD, 0.1);
    matrix(name('ffn_down'), FEED_FORWARD, WIDTH, 0.1, { skip: 0 });
  }
  ones('output_norm.weight');
  matrix('output.weight', WIDTH, tokens.length, 0.3, { first: (row) => (tokens[row]?.favour ?? 0) / CONSTANT });

  return writeGguf(
    {
      'general.architecture': { type: 'string', value: 'llama' },
      'general.name': { type: 'string', value: 'Chimera tiny random' },
      'general.file_type': { type: 'u32', value: 0 },
      'llama.block_count': { type: 'u32', value: LAYERS },
      'llama.context_length': { type: 'u32', value: TRAINED_CONTEXT },
      'llama.embedding_length': { type: 'u32', value: WIDTH },
      'llama.feed_forward_length': { type: 'u32', value: FEED_FORWARD },
      'llama.attention.head_count': { type: 'u32', value: HEADS },
      'llama.attention.head_count_kv': { type: 'u32', value: KV_HEADS },
      'llama.attention.layer_norm_rms_epsilon': { type: 'f32', value: 1e-5 },
      'llama.rope.dimension_count': { type: 'u32', value: HEAD_WIDTH },
      'llama.rope.freq_base': { type: 'f32', value: 10_000 },
      'llama.vocab_size': { type: 'u32', value: tokens.length },
      'tokenizer.ggml.model': { type: 'string', value: 'llama' },
      'tokenizer.ggml.tokens': { type: 'string[]', value: tokens.map(({ text }) => text) },
      'tokenizer.ggml.scores': { type: 'f32[]', value: tokens.map(({ score }) => score) },
      'tokenizer.ggml.token_type': { type: 'i32[]', value: tokens.map(({ type }) => type) },
      'tokenizer.ggml.unknown_token_id': { type: 'u32', value: UNKNOWN_ID },
      'tokenizer.ggml.bos_token_id': { type: 'u32', value: BEGIN_ID },
      'tokenizer.ggml.eos_token_id': { type: 'u32', value: END_ID },
      'tokenizer.ggml.add_bos_token': { type: 'bool', value: true },
      'tokenizer.ggml.add_eos_token': { type: 'bool', value: false },
      'tokenizer.ggml.add_space_prefix': { type: 'bool', value: false },
    },
    tensors,
  );
}

/** Numbers of the standard normal distribution, always the same ones for a seed (mulberry32, Box and Muller). */
function normal(seed: number): () => number {
  let state = seed;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
