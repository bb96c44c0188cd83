import { describe, expect, it } from 'vitest';
import { faultsOf } from '../../../test/support/page-judge.ts';
import { sanitisedBody } from './sanitiser.ts';

const whole = (body: string) => `<!doctype html><html lang="en"><head></head><body>${body}</body></html>`;

describe('sanitisedBody', () => {
  it.each([
    '<script>alert(1)</script>',
    '<script src=http://a.b/x.js></script>',
    '<img src=x onerror=alert(1)>',
    '<img src="http://a.b/pixel.gif">',
    '<svg onload=alert(1)><a href="#f1"></a></svg>',
    '<math><annotation-xml encoding="text/html"><p>x</p></annotation-xml></math>',
    '<iframe src="http://a.b"></iframe><iframe srcdoc="<script>1</script>"></iframe>',
    '<object data=x></object><embed src=x>',
    '<form action="http://a.b"><input name=q><button formaction=javascript:1>x</button></form>',
    '<link rel=stylesheet href=http://a.b><meta http-equiv=refresh content="0;url=http://a.b"><base href="http://a.b">',
    '<style>@import "http://a.b"</style>',
    '<p style="background:url(http://a.b)" class="x" id="f1" onclick="x()" hidden>x</p>',
    '<a class="fact" href="javascript:alert(1)">x</a>',
    '<a class="fact" href="java&#10;script:alert(1)">x</a>',
    '<a class="fact" href="http://a.b">x</a>',
    '<a class="fact" href="//a.b">x</a>',
    '<a class="fact" href="report.json">x</a>',
    '<a class="fact" href="#f1&#10;http://a.b" target="_blank" ping="http://a.b" download>x</a>',
    '<a class="fact evil" href="#f12x">x</a>',
    '<span class="value" style="x" title="y" data-x="z" contenteditable>x</span>',
    '<span class="tip" role="alert" id="body">x</span>',
    '<div class="evidence" id="__proto__">x</div><div id="t1">x</div>',
    '<span tabindex="1" autofocus onfocus="x">x</span>',
    '<video src=x></video><audio src=x></audio><picture><source srcset="http://a.b"></picture>',
    '<template><img src=x></template><noscript><p title="</noscript><img src=x onerror=1>"></noscript>',
    '<!-- comment --><![CDATA[ x ]]><?php x ?>',
    '<table><tr><td background="http://a.b" bgcolor=red colspan=9>x</td></tr></table>',
    '<h1 lang=x dir=rtl>x</h1><details open ontoggle=x><summary>x</summary></details>',
    '<xmp><img src=x></xmp><plaintext><img src=x>',
    '<textarea></textarea><script>1</script>',
    '<p>unclosed <strong>and <a href="#f1" class="fact"',
  ])('hazard 35: takes out whatever our own pages do not hold: %s', async (body) => {
    const left = await sanitisedBody(body);
    // What the judge says against a link without its attributes is that it leads nowhere: it does.
    const harm = faultsOf(whole(left)).filter((fault) => !/^<(a|span|div) [^>]*>$|^no element has the id f\d+$/.test(fault));
    expect(harm).toEqual([]);
    expect((left.match(/<[^>]*>/g) ?? []).join('')).not.toMatch(/http|javascript|alert|import|\son\w+=|style|src/);
    for (const [, attributes = ''] of left.matchAll(/<\w+((?:\s[^>]*)?)>/g))
      expect(attributes).toMatch(
        /^(?:\s(?:class="(?:fact|value|record|tip|evidence)"|href="#f\d+"|id="[tf]\d+"|role="tooltip"|tabindex="0"|aria-describedby="t\d+")|\s\/)*$/,
      );
  });

  it('leaves what our pages do hold as it was', async () => {
    const body =
      '<h2>a &amp; b &lt;c&gt; "d" \'e\'</h2>\n<p><span class="value"><a class="fact" href="#f12" aria-describedby="t1">1.5 s<sup>F12</sup></a><span class="tip" role="tooltip" id="t1">c<br />d</span></span></p>\n<div class="evidence" id="f12"><strong>F12</strong> x</div>';
    expect(await sanitisedBody(body)).toBe(body);
    expect(faultsOf(whole(body))).toEqual([]);
  });
});
