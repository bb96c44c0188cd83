/** The command that lists all of a dataset's history, as a shell takes it: folders have spaces in their names, and `(root)` is a dataset. */
export function historyCommandLine(dataset: string): string {
  const quoted = /^[\w.-]+$/.test(dataset) ? dataset : `'${dataset.replaceAll("'", "'\\''")}'`;
  return `chimera history ${dataset.startsWith('-') ? `-- ${quoted}` : quoted}`;
}
