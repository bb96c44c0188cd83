import { askedContext } from './context.ts';
import type { CompleteModel } from './models.ts';
import { numberOption, type ReplayRequest } from './request.ts';

/** What a model is loaded with. */
export interface RunnerOptions {
  /** tokens; null: the server's choice */
  context: number | null;
  batch: number;
  /** layers on the GPU; below 0: as many as fit */
  gpu: number;
  mainGpu: number;
  mmap: boolean | null;
  threads: number;
  shift: boolean;
}

export function runnerOptions(request: ReplayRequest, model: CompleteModel): RunnerOptions {
  const mmap = request.options.use_mmap;
  return {
    context: askedContext(request, model),
    batch: numberOption(request, 'num_batch') ?? 512,
    gpu: Math.max(-1, numberOption(request, 'num_gpu') ?? -1),
    mainGpu: numberOption(request, 'main_gpu') ?? 0,
    mmap: typeof mmap === 'boolean' ? mmap : null,
    threads: numberOption(request, 'num_thread') ?? 0,
    shift: request.shift ?? true,
  };
}

/**
 * Whether Ollama loads a model again for these options. A request without num_ctx takes the context that is there; a num_gpu below 0
 * takes the placement that is there.
 * @param loaded what it was loaded with; its context is the one in force
 */
export function needsReload(loaded: RunnerOptions & { context: number }, wanted: RunnerOptions): boolean {
  return (
    (wanted.context !== null && wanted.context !== loaded.context) ||
    (wanted.gpu >= 0 && wanted.gpu !== loaded.gpu) ||
    wanted.batch !== loaded.batch ||
    wanted.mainGpu !== loaded.mainGpu ||
    wanted.mmap !== loaded.mmap ||
    wanted.threads !== loaded.threads ||
    wanted.shift !== loaded.shift
  );
}

/** Layers on the GPU, the output layer included; null where it does not hold as many as were asked for. */
export function layersOnGpu({ gpu }: Pick<RunnerOptions, 'gpu'>, model: CompleteModel): number | null {
  if (gpu < 0) return model.gpuLayersAtMost;
  const asked = Math.min(gpu, model.layers + 1);
  return asked > model.gpuLayersAtMost ? null : asked;
}
