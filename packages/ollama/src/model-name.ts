/** The name with its tag: `gemma3` is `gemma3:latest`. A registry's port is not a tag (`host:5000/name`). */
export function fullModelName(name: string): string {
  const lastPart = name.slice(name.lastIndexOf('/') + 1);
  return lastPart.includes(':') ? name : `${name}:latest`;
}

/** Whether two names mean the same model. Ollama compares names without regard to case. */
export function sameModel(a: string, b: string): boolean {
  return fullModelName(a).toLowerCase() === fullModelName(b).toLowerCase();
}
