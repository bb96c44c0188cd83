import type { Block, Inline, Report } from '@chimera/shared/domain';
import { STYLE } from './html-style.ts';
import { PAGE_MARKER } from './markdown.ts';
import { contentPolicy } from './policy.ts';
import { sanitisedBody } from './sanitiser.ts';
import { tooltip } from './tooltip.ts';

/**
 * A page as one self-contained file: no script, nothing loaded from anywhere, no link but to a place on the page, everything
 * escaped, and the body sanitised once more. A number shows where it comes from to pointer and keyboard.
 */
export async function renderHtml(title: string, page: readonly Block[], facts: Report['facts']): Promise<string> {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="${PAGE_MARKER}">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy(STYLE)}">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
${await sanitisedBody(bodyHtml(page, facts))}
</body>
</html>
`;
}

/** The body before it is sanitised; spelt as the sanitiser spells it, so that it finds nothing to change. */
export function bodyHtml(page: readonly Block[], facts: Report['facts']): string {
  let tips = 0;
  const spell: Spell = (inline) => inlineHtml(inline, facts, () => `t${++tips}`);
  return page.map((block) => blockHtml(block, spell)).join('\n');
}

type Spell = (inline: Inline) => string;

function blockHtml(block: Block, spell: Spell): string {
  const line = (inlines: readonly Inline[]) => inlines.map(spell).join('');
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
      return `<div class="evidence" id="${anchor(block.name)}"><strong>${escapeHtml(block.name)}</strong> ${escapeHtml(block.claim)}<br />${block.lines.map((l) => `<code>${escapeHtml(l)}</code>`).join('<br />')}</div>`;
  }
}

function inlineHtml(inline: Inline, facts: Report['facts'], nextId: () => string): string {
  const words = escapeHtml(inline.text);
  switch (inline.type) {
    case 'text':
      return words;
    case 'strong':
      return `<strong>${words}</strong>`;
    case 'code':
      return `<code>${words}</code>`;
    case 'record':
      return withTip(nextId(), (id) => `<span class="record" tabindex="0" aria-describedby="${id}">${words}</span>`, [
        `run record: ${inline.record}`,
      ]);
    case 'fact': {
      const fact = Object.hasOwn(facts, inline.fact) ? facts[inline.fact] : undefined;
      const link = (describedBy: string) =>
        `<a class="fact" href="#${anchor(inline.fact)}"${describedBy}>${words}<sup>${escapeHtml(inline.fact)}</sup></a>`;
      return fact === undefined ? link('') : withTip(nextId(), (id) => link(` aria-describedby="${id}"`), tooltip(fact));
    }
  }
}

/** A value with the tooltip that describes it. */
function withTip(id: string, value: (id: string) => string, lines: readonly string[]): string {
  return `<span class="value">${value(id)}<span class="tip" role="tooltip" id="${id}">${lines.map(escapeHtml).join('<br />')}</span></span>`;
}

/** Where the evidence of a fact stands: the same word as in Markdown. */
function anchor(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '-');
}

/** For text between tags; no text stands in an attribute. */
function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
