import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fromSubjectToken } from '@chimera/shared/bus';
import type { Express } from 'express';

const HEADERS = {
  'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
};

/** The reporter's page: a list of the reports under CHIMERA_HOME, and the reports themselves. Reads only. */
export function pageRoutes(home: string): (app: Express) => Promise<void> {
  const root = join(home, 'reports');
  return async (app) => {
    const { default: express } = await import('express');
    app.use((_, response, next) => {
      response.set(HEADERS);
      next();
    });
    app.get('/', async (_, response) => {
      const items = (await reportsIn(root)).map(
        ({ dataset, run }) =>
          `<li><a href="/reports/${encodeURIComponent(dataset)}/${encodeURIComponent(run)}/report.html">${escapeHtml(fromSubjectToken(dataset))} · ${escapeHtml(run)}</a></li>`,
      );
      response
        .type('html')
        .send(
          `<!doctype html><meta charset="utf-8"><title>Chimera reports</title><h1>Reports</h1><ul>${items.join('')}</ul>${items.length === 0 ? '<p>No report yet: drop artifacts into the bucket.</p>' : ''}`,
        );
    });
    app.use('/reports', express.static(root, { dotfiles: 'deny', index: false, redirect: false }));
  };
}

async function reportsIn(root: string): Promise<{ dataset: string; run: string }[]> {
  const list = async (folder: string) => {
    try {
      return (await readdir(folder, { withFileTypes: true })).filter((d) => d.isDirectory()).map((d) => d.name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  };
  const found: { dataset: string; run: string }[] = [];
  for (const dataset of await list(root)) for (const run of await list(join(root, dataset))) found.push({ dataset, run });
  return found;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}
