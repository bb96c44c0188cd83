import { fileURLToPath } from 'node:url';

const mainOf = (name: string) => fileURLToPath(import.meta.resolve(`@chimera/${name}/main`));

/** The four services: what starts each as a process, in the order in which `up` starts them. */
export const SERVICES = {
  reporter: { main: mainOf('reporter'), port: 8604 },
  collector: { main: mainOf('collector'), port: 8602 },
  insight: { main: mainOf('insight'), port: 8603 },
  ingest: { main: mainOf('ingest'), port: 8601 },
} as const;

export type ServiceName = keyof typeof SERVICES;
