import type { ServerModels } from '@chimera/ollama';

/** Why no model can speak, which models are there, and the command that would use one of them. */
export function whyNoModel(urls: readonly string[], model: string, servers: readonly ServerModels[]): string {
  const reached = servers.filter((s) => s.reachable);
  if (reached.length === 0) return `no Ollama server answers at ${urls.join(', ')}; "chimera doctor" says why`;
  const installed = reached.flatMap((s) => s.models.map((name) => ({ url: s.url, name })));
  const [first] = installed;
  const there = installed.length === 0 ? 'no model is' : `installed there: ${installed.map((m) => m.name).join(', ')}`;
  const use = first ? `; "chimera analyze DIR --ollama ${first.url} --model ${first.name}" would use one that is` : '';
  return `${model} is not installed at ${reached.map((s) => s.url).join(', ')} (${there}); "ollama pull ${model}" installs it${use}`;
}
