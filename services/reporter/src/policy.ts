import { createHash } from 'node:crypto';

/** What a page of ours may load: nothing but the style that stands in it, known by its hash. */
const NOTHING = "default-src 'none'; img-src 'none'; base-uri 'none'; form-action 'none'";

/** The policy for a page with this style, as its meta tag states it; null: a page without one. */
export function contentPolicy(style: string | null): string {
  return style === null ? NOTHING : `${NOTHING}; style-src 'sha256-${createHash('sha256').update(style, 'utf8').digest('base64')}'`;
}

/** The policy as a server states it: a header can also forbid that the page is framed, a meta tag cannot. */
export function servedPolicy(style: string | null): string {
  return `${contentPolicy(style)}; frame-ancestors 'none'`;
}

/** The style in the head of a page of ours, of this version or an earlier one; null where it has none. */
export function styleOf(html: string): string | null {
  const [head = ''] = html.split('<body>', 1);
  return /<style>([^<]*)<\/style>/.exec(head)?.[1] ?? null;
}
