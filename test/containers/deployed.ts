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
  profiles?: string[];
};

export type Panel = { type: string; title: string; description?: string; targets?: { expr: string }[] };

export type ScrapeJob = { job_name: string; dns_sd_configs: { names: string[]; type: string; port: number }[] };

const text = (path: string) => readFileSync(join(ROOT, path), 'utf8');

/** The services of docker-compose.yml, its anchors merged, its variables as they are written. */
export function composeServices(): Record<string, ComposeService> {
  return (parse(text('docker-compose.yml'), { merge: true }) as { services: Record<string, ComposeService> }).services;
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

/** The panels of the pipeline dashboard that show something: its rows are left out. */
export function panels(): Panel[] {
  const dashboard = JSON.parse(text('deploy/grafana/dashboards/pipeline.json')) as { panels: Panel[] };
  return dashboard.panels.filter(({ type }) => type !== 'row');
}
