/**
 * The style of a page. A tooltip stands at the lower edge of the window: there it is never wider than the page and never cut
 * off by a table that scrolls. It comes with the pointer and with the keyboard, and stays while the pointer is on it; on paper
 * there is none, for the evidence follows.
 */
export const STYLE = `
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; display: block; overflow-x: auto; margin: 1rem 0; }
th, td { border: 1px solid #8885; padding: .3rem .6rem; text-align: left; vertical-align: top; }
code { font: .9em ui-monospace, monospace; background: #8882; padding: .05rem .25rem; border-radius: .2rem; overflow-wrap: anywhere; }
td code { overflow-wrap: normal; }
a.fact { color: inherit; text-decoration: underline dotted; }
a.fact sup { font-size: .65em; opacity: .7; }
a.fact:focus-visible, .record:focus-visible { outline: 2px solid; outline-offset: 2px; }
blockquote { border-left: .3rem solid #8885; margin: 1rem 0; padding: .2rem 1rem; white-space: pre-wrap; }
.evidence { border-top: 1px solid #8883; padding: .4rem 0; font-size: .9rem; overflow-wrap: anywhere; }
.evidence:target { background: #fd04; }
.tip { visibility: hidden; position: fixed; z-index: 1; inset: auto 0 1rem; box-sizing: border-box; width: fit-content; max-width: min(60rem, calc(100% - 2rem)); max-height: 50vh; margin: 0 auto; padding: .5rem .8rem; overflow: auto; font-size: .85rem; line-height: 1.4; overflow-wrap: anywhere; background: Canvas; color: CanvasText; border: 1px solid #888; border-radius: .4rem; box-shadow: 0 .2rem .8rem #0004; transition: visibility 0s .3s; }
.value:hover > .tip, .value:focus-within > .tip { visibility: visible; z-index: 2; transition-delay: 0s; }
@media print { .tip { display: none; } a.fact { text-decoration: none; } }
`;
