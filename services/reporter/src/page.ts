import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { byCodeUnit, instantText, Report } from '@chimera/shared/domain';
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
      const reports = await reportsIn(root);
      const items = reports.map(({ dataset, run, title, status, printedAt }) => {
        const link = `/reports/${encodeURIComponent(dataset)}/${encodeURIComponent(run)}/report.html`;
        return `<li>${instantText(printedAt)} · <a href="${link}">${escapeHtml(title)}</a> · run ${escapeHtml(run)} · ${status === 'current' ? '<strong>current</strong>' : 'superseded'}</li>`;
      });
      const list = items.length === 0 ? '<p>No report yet: drop artifacts into the bucket.</p>' : `<ul>${items.join('')}</ul>`;
      response.type('html').send(`<!doctype html><meta charset="utf-8"><title>Chimera reports</title><h1>Reports</h1>${list}`);
    });
    app.use('/reports', express.static(root, { dotfiles: 'deny', index: false, redirect: false }));
  };
}

type Listed = { dataset: string; run: string; title: string; status: Report['status']; printedAt: string };

/** The reports that lie there, the newest first. */
async function reportsIn(root: string): Promise<Listed[]> {
  const found: Listed[] = [];
  for (const dataset of await foldersIn(root)) {
    for (const run of await foldersIn(join(root, dataset))) {
      const text = await missingAsNull(readFile(join(root, dataset, run, 'report.json'), 'utf8'));
      if (text === null) continue;
      const { title, status, record } = Report.parse(JSON.parse(text));
      found.push({ dataset, run, title, status, printedAt: record.printedAt });
    }
  }
  return found.sort((a, b) => byCodeUnit(b.printedAt, a.printedAt));
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await missingAsNull(readdir(folder, { withFileTypes: true }));
  return (entries ?? []).filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

/** A folder or file that is not there yet, or no longer, is nothing to list. */
async function missingAsNull<T>(promise: Promise<T>): Promise<T | null> {
  try {
    return await promise;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}
