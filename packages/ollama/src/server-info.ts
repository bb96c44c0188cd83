import { quoted } from './classify.ts';
import { OllamaFailure } from './failure.ts';

/** A model that a server has (`/api/tags`). Sizes in bytes. */
export interface InstalledModel {
  name: string;
  digest: string | null;
  size: number | null;
  /** the host that really runs it, when that is not this server: prompts would go there */
  remoteHost: string | null;
}

/** A model that is loaded now (`/api/ps`). Sizes in bytes; `sizeVram` below `size`: partly on the CPU. */
export interface LoadedModel {
  name: string;
  digest: string | null;
  size: number | null;
  sizeVram: number | null;
  /** tokens of context in force */
  contextLength: number | null;
}

/** What a model is made of (`/api/show`); null where the server does not say. */
export interface ModelInfo {
  quantization: string | null;
  parameterSize: string | null;
  /** transformer blocks; the output layer is one more that can be put on a GPU */
  blocks: number | null;
  /** tokens of context that it was trained with */
  trainedContext: number | null;
  /** what it says it can: `completion`, `thinking`, …; null on servers that do not tell */
  capabilities: string[] | null;
}

/** `replay`: the server is the replay server, not a model. */
export interface ServerVersion {
  version: string;
  replay: boolean;
}

/** Reads the answer of `/api/tags`. Throws OllamaFailure `not_ollama`. */
export function installedModels(answer: unknown, server: string): InstalledModel[] {
  return models(answer, server, '/api/tags').map((model) => ({
    name: nameOf(model, server),
    digest: text(model.digest),
    size: size(model.size),
    remoteHost: text(model.remote_host),
  }));
}

/** Reads the answer of `/api/ps`. Throws OllamaFailure `not_ollama`. */
export function loadedModels(answer: unknown, server: string): LoadedModel[] {
  return models(answer, server, '/api/ps').map((model) => ({
    name: nameOf(model, server),
    digest: text(model.digest),
    size: size(model.size),
    sizeVram: size(model.size_vram),
    contextLength: size(model.context_length),
  }));
}

/** Reads the answer of `/api/version`. Throws OllamaFailure `not_ollama`. */
export function versionIn(answer: unknown, server: string): string {
  const version = isRecord(answer) ? text(answer.version) : null;
  if (version === null) throw notOllama(server, '/api/version', answer);
  return version;
}

/** Reads the answer of `/api/show`. Throws OllamaFailure `not_ollama`. */
export function modelInfo(answer: unknown, server: string): ModelInfo {
  if (!isRecord(answer)) throw notOllama(server, '/api/show', answer);
  const details = isRecord(answer.details) ? answer.details : {};
  const info = isRecord(answer.model_info) ? answer.model_info : {};
  const architecture = text(info['general.architecture']);
  const number = (name: string): number | null => {
    const value = architecture === null ? null : size(info[`${architecture}.${name}`]);
    return value !== null && Number.isSafeInteger(value) && value > 0 ? value : null;
  };
  const { capabilities } = answer;
  return {
    quantization: text(details.quantization_level),
    parameterSize: text(details.parameter_size),
    blocks: number('block_count'),
    trainedContext: number('context_length'),
    capabilities: Array.isArray(capabilities) ? capabilities.filter((one) => typeof one === 'string') : null,
  };
}

function models(answer: unknown, server: string, path: string): Record<string, unknown>[] {
  const list = isRecord(answer) ? answer.models : undefined;
  if (list === null) return []; // an empty slice of Go
  if (!Array.isArray(list) || !list.every(isRecord)) throw notOllama(server, path, answer);
  return list;
}

function nameOf(model: Record<string, unknown>, server: string): string {
  const name = text(model.name) ?? text(model.model);
  if (name === null) throw notOllama(server, '/api/tags', model);
  return name;
}

function notOllama(server: string, path: string, answer: unknown): OllamaFailure {
  const shown = quoted(JSON.stringify(answer) ?? 'nothing');
  return new OllamaFailure(
    'not_ollama',
    `${server}${path} answered ${shown}, which is not what an Ollama server says there. Check host, port and path of the URL.`,
    { server, status: 200 },
  );
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
const size = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);
