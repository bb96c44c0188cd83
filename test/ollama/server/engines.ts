import type { OllamaSettings } from './process.ts';

/** Ollama has two ways to run a model: by llama.cpp, and by an engine of its own, which newer architectures need. Both are tested. */
export const ENGINES: [string, OllamaSettings][] = [
  ['llama.cpp', {}],
  ["Ollama's own engine", { OLLAMA_NEW_ENGINE: '1' }],
];
