import { createHash } from 'node:crypto';
import { fullModelName, sameModel } from '../model-name.ts';

/** A model that the replay server pretends to have. */
export interface ReplayModel {
  name: string;
  /** whether it can think (and does, unless `think: false`); default false */
  thinking?: boolean;
  /** bytes; default 3338801804 */
  size?: number;
  /** another host that it claims to run on, as Ollama's cloud models do */
  remoteHost?: string;
  /** its architecture; default `gemma3` */
  family?: string;
  /** `block_count`; default 34. One more can be put on the GPU: the output layer */
  layers?: number;
  /** how many layers the GPU holds, the output layer included; default all. A `num_gpu` beyond runs out of memory */
  gpuLayersAtMost?: number;
  /** tokens of context it was trained with: no more is given; default 131072 */
  trainedContext?: number;
  /** default `Q4_K_M` */
  quantization?: string;
  /** default `4.3B` */
  parameterSize?: string;
}

/** A model with everything said. */
export type CompleteModel = Required<Omit<ReplayModel, 'remoteHost'>> & { remoteHost: string | undefined };

function complete(model: ReplayModel): CompleteModel {
  const layers = model.layers ?? 34;
  return {
    name: fullModelName(model.name),
    thinking: model.thinking ?? false,
    size: model.size ?? 3_338_801_804,
    remoteHost: model.remoteHost,
    family: model.family ?? 'gemma3',
    layers,
    gpuLayersAtMost: Math.min(model.gpuLayersAtMost ?? layers + 1, layers + 1),
    trainedContext: model.trainedContext ?? 131_072,
    quantization: model.quantization ?? 'Q4_K_M',
    parameterSize: model.parameterSize ?? '4.3B',
  };
}

/** The installed models of a replay server. */
export class ReplayModels {
  readonly #installed: readonly CompleteModel[];

  constructor(models: readonly (string | ReplayModel)[]) {
    this.#installed = models.map((model) => complete(typeof model === 'string' ? { name: model } : model));
  }

  find(name: string): CompleteModel | undefined {
    return this.#installed.find((model) => sameModel(model.name, name));
  }

  /** The answer of `/api/tags`. */
  tags(): object {
    return {
      models: this.#installed.map((model) => ({ ...described(model), modified_at: MODIFIED_AT, ...remoteOf(model) })),
    };
  }
}

const MODIFIED_AT = '2025-01-01T00:00:00Z';

/** What `/api/tags` and `/api/ps` both say of a model. */
export function described(model: CompleteModel): object {
  return {
    name: model.name,
    model: model.name,
    size: model.size,
    digest: createHash('sha256').update(`chimera replay ${model.name}`).digest('hex'),
    details: detailsOf(model),
  };
}

/** The answer of `/api/show`. */
export function shown(model: CompleteModel): object {
  return {
    modelfile: '# the replay server: no model',
    template: '{{ .Prompt }}',
    details: detailsOf(model),
    model_info: {
      'general.architecture': model.family,
      [`${model.family}.block_count`]: model.layers,
      [`${model.family}.context_length`]: model.trainedContext,
    },
    capabilities: ['completion', ...(model.thinking ? ['thinking'] : [])],
    modified_at: MODIFIED_AT,
    ...remoteOf(model),
  };
}

function detailsOf(model: CompleteModel): object {
  return {
    parent_model: '',
    format: 'replay',
    family: model.family,
    families: [model.family],
    parameter_size: model.parameterSize,
    quantization_level: model.quantization,
  };
}

function remoteOf({ remoteHost, name }: CompleteModel): object {
  return remoteHost === undefined ? {} : { remote_host: remoteHost, remote_model: name };
}
