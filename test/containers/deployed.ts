import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ROOT } from '../support/seed.ts';

export type ComposeService = {
  image: string;
  build?: string;
  command?: string[];
  environment?: Record<string, string | number>;
  ports?: string[];
  volumes?: string[];
  healthcheck?: unknown;
  depends_on?: Record<string, { condition: string }>;
  read_only?: boolean;
  privileged?: boolean;
  cap_add?: string[];
  restart?: string;
  profiles?: string[];
  deploy?: { resources: { reservations: { devices: { driver: string; capabilities: string[] }[] } } };
};

export type ScrapeJob = {
  job_name: string;
  dns_sd_configs?: { names: string[]; type: string; port: number }[];
  static_configs?: { targets: string[] }[];
};

const text = (path: string) => readFileSync(join(ROOT, path), 'utf8');

/** The compose files that lie in the project: the one that runs all, those that are put over it, and the one of a GPU node. */
export const COMPOSE_FILES = [
  'docker-compose.yml',
  'docker-compose.gpu.yml',
  'docker-compose.nodes.yml',
  'deploy/worker.compose.yml',
] as const;

/** The services of a compose file, its anchors merged, its variables as they are written. */
export function composeServices(file: (typeof COMPOSE_FILES)[number] = 'docker-compose.yml'): Record<string, ComposeService> {
  return (parse(text(file), { merge: true }) as { services: Record<string, ComposeService> }).services;
}

/** The variables that a compose file takes from its environment. */
export function composeVariables(file: (typeof COMPOSE_FILES)[number]): string[] {
  return [...new Set([...text(file).matchAll(/\$\{([A-Z0-9_]+)/g)].map(([, name = '']) => name))];
}

/** The image that the Dockerfile builds upon. */
export function baseImage(): string {
  const image = /^ARG NODE_IMAGE=(\S+)$/m.exec(text('Dockerfile'))?.[1];
  if (image === undefined) throw new Error('The Dockerfile names no base image in NODE_IMAGE.');
  return image;
}

/** The image that docker-compose.yml pins for a service. */
export function pinnedImage(service: string): string {
  const image = composeServices()[service]?.image;
  if (image === undefined) throw new Error(`docker-compose.yml pins no image for ${service}.`);
  return image;
}

export function scrapeJobs(): ScrapeJob[] {
  return (parse(text('deploy/prometheus/prometheus.yml')) as { scrape_configs: ScrapeJob[] }).scrape_configs;
}
