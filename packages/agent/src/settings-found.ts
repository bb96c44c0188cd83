import { sameModel } from '@chimera/ollama';
import { type AgentProfile, agentsOf, type ModelFound, type ModelOptions, numberText, type Profile } from '@chimera/shared/domain';

/** All that is to be said of an agent's settings: of each server that was asked, then of the profile; each sentence once. */
export function warningsOf(asked: AgentProfile, found: readonly ModelFound[], profile: Profile): string[] {
  const reload = reloadWarning(profile);
  return [...new Set([...found.flatMap((one) => settingWarnings(asked.options, one)), ...(reload === null ? [] : [reload])])];
}

/** Where what a server had is not what was asked of it, and where a setting had no effect: sentences. */
export function settingWarnings(asked: ModelOptions, found: ModelFound): string[] {
  return [...contextWarnings(asked, found), ...gpuWarnings(asked, found), ...samplingWarnings(asked)];
}

/**
 * Why a server may load one model again and again: two agents ask for it with other settings that it is loaded with. Null where
 * they do not. One that leaves a setting to the server takes the model as it is loaded.
 */
export function reloadWarning(profile: Profile): string | null {
  const [first, second] = agentsOf(profile).map((name) => ({ name, ...profile.agents[name] }));
  if (!first?.model || !second?.model || !sameModel(first.model, second.model)) return null;
  const differing = (['num_ctx', 'num_gpu'] as const).flatMap((name) => {
    const [a, b] = [first.options?.[name], second.options?.[name]];
    // A negative num_gpu is the server's own choice.
    return a === undefined || b === undefined || a === b || Math.min(a, b) < 0 ? [] : [`${name} (${a} and ${b})`];
  });
  return differing.length === 0
    ? null
    : `${first.name} and ${second.name} ask for one model with different ${differing.join(' and ')}: a server that serves both loads it again at each switch.`;
}

function contextWarnings({ num_ctx: asked }: ModelOptions, { server, context, trainedContext }: ModelFound): string[] {
  if (asked === undefined) return [];
  const inForce = context === null ? '' : `; ${numberText(context)} are in force at ${server}`;
  if (trainedContext !== null && asked > trainedContext)
    return [
      `num_ctx ${asked} goes beyond the ${numberText(trainedContext)} tokens that the model was trained with, at which a server caps it${inForce}.`,
    ];
  return context === null || context === asked ? [] : [`num_ctx ${asked} was asked for${inForce}.`];
}

/** How many layers lie on a GPU is told by the share of bytes, which is not the share of layers: what is nearer than this is as asked. */
const UNSURE_SHARE = 1 / 8;

function gpuWarnings({ num_gpu: asked }: ModelOptions, found: ModelFound): string[] {
  const { server, layers, layersOnGpu } = found;
  const share = found.size === null || found.sizeVram === null || found.size <= 0 ? null : found.sizeVram / found.size;
  const there =
    layers === null || layersOnGpu === null
      ? `only a part of the model lies in GPU memory at ${server}`
      : `about ${numberText(layersOnGpu)} of its ${numberText(layers)} layers are on the GPU at ${server}, by the share of the model in GPU memory`;
  if (asked === undefined)
    return share !== null && share > 0 && share < 1 ? [`num_gpu was left to the server, and ${there}: the rest runs on the CPU.`] : [];
  const warnings: string[] = [];
  if (asked < 0) warnings.push(`num_gpu ${asked} leaves the number of layers to the server, as if it were not set.`);
  if (layers !== null && asked > layers)
    warnings.push(
      `num_gpu ${asked} goes beyond the ${numberText(layers)} layers of the model: any value from ${numberText(layers)} on has the same effect.`,
    );
  if (share === null || asked < 0) return warnings;
  if (asked > 0 && share === 0)
    return [
      ...warnings,
      `num_gpu ${asked} was asked for, and nothing of the model lies in GPU memory at ${server}: it runs on the CPU alone.`,
    ];
  if (asked === 0 ? share > UNSURE_SHARE : isOther(asked, share, found)) warnings.push(`num_gpu ${asked} was asked for, and ${there}.`);
  return warnings;
}

function isOther(asked: number, share: number, { layers, layersOnGpu }: ModelFound): boolean {
  if (layers === null || layersOnGpu === null) return false;
  if (asked >= layers) return share < 1;
  return Math.abs(asked - layersOnGpu) > layers * UNSURE_SHARE;
}

/** With temperature 0, and of one candidate, the same token is always taken: what else chooses among tokens has no effect. */
function samplingWarnings(asked: ModelOptions): string[] {
  const given = (names: readonly (keyof ModelOptions)[]) => names.filter((name) => asked[name] !== undefined).join(', ');
  const [cause, idle] =
    asked.temperature === 0
      ? ['temperature 0 always takes the likeliest token', given(['top_p', 'top_k', 'seed'])]
      : asked.top_k === 1
        ? ['top_k 1 leaves one token to choose from', given(['temperature', 'top_p', 'seed'])]
        : ['', ''];
  return idle === '' ? [] : [`${cause}: ${idle} ${idle.includes(',') ? 'have' : 'has'} no effect.`];
}
