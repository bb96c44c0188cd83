/** The labels of a group, and which of them no file states. */
export type Configuration = { labels: Readonly<Record<string, string>>; derived: readonly string[] };

/** Labels that number or date a run, and set no configuration apart: runs that differ in these alone are repeats. */
const NO_DIMENSIONS = new Set([
  ...['timestamp', 'date', 'time', 'created_at', 'run', 'run_id', 'run_number', 'seed', 'ordinal', 'request_id', 'prompt_index', 'hash'],
]);

/** How a model's name ends when it says how its weights are stored: `llama3.1:8b-instruct-q4_0`, `Qwen2.5-7B-FP8`. */
const QUANTIZED = /^(.+?)[-_:.](i?q\d(?:_[0-9a-z]+)*|fp8|fp16|bf16|f16|f32|int4|int8|awq|gptq|nvfp4|mxfp4|w4a16|w8a8)$/i;

/**
 * The configuration that labels describe. A quantization that stands only in the model's name becomes a label of its own, marked
 * derived; a `tag` that repeats it goes.
 * @param fromPath what the artifact's path says, for labels that the artifact does not have
 */
export function configurationOf(labels: Readonly<Record<string, string>>, fromPath: Readonly<Record<string, string>>): Configuration {
  const kept: Record<string, string> = {};
  const derived: string[] = [];
  for (const [name, value] of Object.entries(labels)) if (!NO_DIMENSIONS.has(name)) kept[name] = value;
  for (const [name, value] of Object.entries(fromPath)) {
    if (kept[name] !== undefined) continue;
    kept[name] = value;
    derived.push(name);
  }
  const named = withoutQuantization(kept);
  if (named !== null) kept.model = named;
  const [, base, quantization] = QUANTIZED.exec(kept.model ?? '') ?? [];
  if (base !== undefined && quantization !== undefined) {
    const stated = kept.quantization;
    if (stated === undefined || stated.toLowerCase() === quantization.toLowerCase()) {
      kept.model = base;
      if (stated === undefined) {
        kept.quantization = quantization;
        derived.push('quantization');
      }
    }
  }
  if (kept.tag !== undefined && kept.tag === kept.quantization) delete kept.tag;
  return { labels: kept, derived: derived.sort() };
}

/** The model's name without the quantization that the file states beside it, as in `llama 8B Q4_K - Medium`; null where it has none. */
function withoutQuantization({ model, quantization }: Readonly<Record<string, string>>): string | null {
  if (model === undefined || quantization === undefined || quantization === '') return null;
  const at = model.length - quantization.length;
  if (at < 2 || model.slice(at).toLowerCase() !== quantization.toLowerCase()) return null;
  return /[-_:. ]/.test(model.charAt(at - 1)) ? model.slice(0, at - 1).trimEnd() || null : null;
}
