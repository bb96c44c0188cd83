import type { Block, Fact, Inline, Report } from '@chimera/shared/domain';
import { PAGE_MARKER } from './markdown.ts';

const STYLE = `
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; display: block; overflow-x: auto; margin: 1rem 0; }
th, td { border: 1px solid #8885; padding: .3rem .6rem; text-align: left; vertical-align: top; }
code { font: .9em ui-monospace, monospace; background: #8882; padding: .05rem .25rem; border-radius: .2rem; overflow-wrap: anywhere; }
td code { overflow-wrap: normal; }
a.fact { color: inherit; text-decoration: underline dotted; }
a.fact sup { font-size: .65em; opacity: .7; }
blockquote { border-left: .3rem solid #8885; margin: 1rem 0; padding: .2rem 1rem; white-space: pre-wrap; }
.evidence { border-top: 1px solid #8883; padding: .4rem 0; font-size: .9rem; }
.evidence:target { background: #fd04; }
`;

/** A page as one self-contained file: no script, nothing loaded from anywhere, everything escaped. */
export function renderHtml(title: string, page: readonly Block[], facts: Report['facts']): string {
  const blocks = page.map((block) => blockHtml(block, facts)).join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="${PAGE_MARKER}">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
${blocks}
</body>
</html>
`;
}

function blockHtml(block: Block, facts: Report['facts']): string {
  const line = (inlines: readonly Inline[]) => inlines.map((inline) => inlineHtml(inline, facts)).join('');
  switch (block.type) {
    case 'heading':
      return `<h${block.level}>${escapeHtml(block.text)}</h${block.level}>`;
    case 'paragraph':
      return `<p>${line(block.line)}</p>`;
    case 'list': {
      const tag = block.ordered ? 'ol' : 'ul';
      return `<${tag}>${block.items.map((item) => `<li>${line(item)}</li>`).join('')}</${tag}>`;
    }
    case 'table':
      return `<table>${block.head.every((cell) => cell === '') ? '' : `<thead><tr>${block.head.map((cell) => `<th>${escapeHtml(cell)}</th>`).join('')}</tr></thead>`}<tbody>${block.rows.map((row) => `<tr>${row.map((cell) => `<td>${line(cell)}</td>`).join('')}</tr>`).join('\n')}</tbody></table>`;
    case 'quote':
      return `<blockquote>${escapeHtml(block.text)}</blockquote>`;
    case 'evidence':
      return `<div class="evidence" id="${block.name.toLowerCase()}"><strong>${escapeHtml(block.name)}</strong> ${escapeHtml(block.claim)}<br>${block.lines.map((l) => `<code>${escapeHtml(l)}</code>`).join('<br>')}</div>`;
  }
}

function inlineHtml(inline: Inline, facts: Report['facts']): string {
  const words = escapeHtml(inline.text);
  switch (inline.type) {
    case 'text':
      return words;
    case 'record':
      return `<span title="${escapeHtml(`run record: ${inline.record}`)}">${words}</span>`;
    case 'strong':
      return `<strong>${words}</strong>`;
    case 'code':
      return `<code>${words}</code>`;
    case 'fact':
      return `<a class="fact" href="#${escapeHtml(inline.fact.toLowerCase())}" title="${escapeHtml(hover(facts[inline.fact]))}">${words}<sup>${escapeHtml(inline.fact)}</sup></a>`;
  }
}

function hover(fact: Fact | undefined): string {
  return fact === undefined ? '' : `${fact.claim} (${fact.formula}${fact.n === null ? '' : `, n = ${fact.n}`})`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');
}
