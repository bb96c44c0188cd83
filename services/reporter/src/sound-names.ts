import type { Analysis, Call, ModelFound } from '@chimera/shared/domain';

/**
 * The analysis with the names in it that are printed being names: what servers, models and nodes are called comes over a network
 * too, and whoever sends it could tell a story there. What is no name is left out.
 */
export function withSoundNames(analysis: Analysis): Analysis {
  return { ...analysis, calls: analysis.calls.map(soundCall), found: analysis.found.map(soundModel) };
}

const WORD = /^[\w.:+-]{1,80}$/;
const ADDRESS = /^[\w.:+/@[\]%-]{1,200}$/;
const NO_NAME = 'not a name';

function soundCall(call: Call): Call {
  return {
    ...call,
    server: named(call.server, ADDRESS),
    outcome: named(call.outcome, WORD),
    section: named(call.section, WORD),
    gpu: call.gpu && { ...call.gpu, node: named(call.gpu.node, WORD) },
  };
}

function soundModel(found: ModelFound): ModelFound {
  return {
    ...found,
    server: named(found.server, ADDRESS),
    quantization: known(found.quantization),
    parameterSize: known(found.parameterSize),
    digest: known(found.digest),
    serverVersion: known(found.serverVersion),
  };
}

function named(name: string, form: RegExp): string {
  return form.test(name) ? name : NO_NAME;
}

function known(name: string | null): string | null {
  return name !== null && WORD.test(name) ? name : null;
}
