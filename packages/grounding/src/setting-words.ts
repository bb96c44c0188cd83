import { canonicalLabel } from '@chimera/shared/domain';

const SPOKEN: Readonly<Record<string, string>> = {
  temp: 'temperature',
  context: 'num_ctx',
  context_window: 'num_ctx',
  context_size: 'num_ctx',
  context_length: 'num_ctx',
  ctx: 'num_ctx',
  gpu_layers: 'num_gpu',
  batch_size: 'batch',
};

/** The label that a setting is, however it is spoken of: `context window` is `num_ctx`. */
export function canonicalSetting(name: string): string {
  const plain = name.toLowerCase().replace(/[\s-]+/g, '_');
  return canonicalLabel(SPOKEN[plain] ?? plain);
}
