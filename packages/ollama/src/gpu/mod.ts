export { type GpuUse, tokensPerJoule } from './gpu-use.ts';
export type { GpuSampler, SamplerOptions } from './sampler.ts';
export { createGpuSampler, type FindGpuSourceOptions, findGpuSource, type GpuSource } from './source.ts';
