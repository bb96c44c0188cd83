import { createHash } from 'node:crypto';
import { fullModelName, sameModel } from '../model-name.ts';

/** A model that the replay server pretends to have. */
export interface ReplayModel {
  name: string;
  /** whether it accepts `think: true`; default false */
  thinking?: boolean;
  /** bytes; default 3338801804 */
  size?: number;
  /** another host that it claims to run on, as Ollama's cloud models do */
  remoteHost?: string;
}

const DEFAULT_SIZE = 3_338_801_804;
/** The context without a num_ctx: Ollama's for less than 23 GiB of GPU memory. */
export const DEFAULT_CONTEXT = 4096;

interface Loaded {
  model: Required<Omit<ReplayModel, 'remoteHost'>>;
  /** what makes Ollama load a model again when it changes */
  key: string;
  context: number;
  onGpu: boolean;
}

/** The models of a replay server: installed, and loaded with which options. */
export class ReplayModels {
  readonly #installed: readonly ReplayModel[];
  readonly #loaded = new Map<string, Loaded>();

  constructor(models: readonly (string | ReplayModel)[]) {
    this.#installed = models
      .map((model) => (typeof model === 'string' ? { name: model } : model))
      .map((model) => ({ ...model, name: fullModelName(model.name) }));
  }

  find(name: string): ReplayModel | undefined {
    return this.#installed.find((model) => sameModel(model.name, name));
  }

  /** Loads the model with these options. Returns whether that was needed: it was not loaded, or with other options. */
  load(model: ReplayModel, options: Readonly<Record<string, unknown>>): boolean {
    const key = JSON.stringify([options.num_ctx ?? null, options.num_gpu ?? null]);
    if (this.#loaded.get(model.name)?.key === key) return false;
    const context = typeof options.num_ctx === 'number' ? options.num_ctx : DEFAULT_CONTEXT;
    const full = { name: model.name, thinking: model.thinking ?? false, size: model.size ?? DEFAULT_SIZE };
    this.#loaded.set(model.name, { model: full, key, context, onGpu: options.num_gpu !== 0 });
    return true;
  }

  unload(model: ReplayModel): void {
    this.#loaded.delete(model.name);
  }

  /** The answer of `/api/tags`. */
  tags(): object {
    return {
      models: this.#installed.map((model) => ({
        ...named(model.name, model.size ?? DEFAULT_SIZE),
        modified_at: '2025-01-01T00:00:00Z',
        ...(model.remoteHost === undefined ? {} : { remote_host: model.remoteHost, remote_model: model.name }),
      })),
    };
  }

  /** The answer of `/api/ps`. */
  ps(): object {
    return {
      models: [...this.#loaded.values()].map(({ model, context, onGpu }) => ({
        ...named(model.name, model.size),
        expires_at: new Date(Date.now() + 5 * 60_000).toISOString(),
        size_vram: onGpu ? model.size : 0,
        context_length: context,
      })),
    };
  }
}

function named(name: string, size: number): object {
  return {
    name,
    model: name,
    size,
    digest: createHash('sha256').update(`chimera replay ${name}`).digest('hex'),
    details: {
      parent_model: '',
      format: 'replay',
      family: 'replay',
      families: ['replay'],
      parameter_size: '0',
      quantization_level: 'none',
    },
  };
}
