import { describe, expect, it } from 'vitest';
import { pageText } from './page-text.ts';

const secret = 'WORDSNOBODYSEES';
const textOf = (html: string) => pageText(html).text;

describe('the text of a page', () => {
  it('is what a person reads, with its title', () => {
    const html = `<!doctype html><html><head><title> Kilns &amp;
      glazes </title><meta name="description" content="${secret}"></head><body>
      <h1>Firing</h1><p>A kiln is <b>hot</b>, see <a href="https://ads.example/x?y=${secret}">this page</a>.</p>
      <ul><li>bisque</li><li>glaze</li></ul><table><tr><td>Cone 6</td><td>1222&nbsp;&deg;C</td></tr></table></body></html>`;
    expect(pageText(html)).toEqual({
      title: 'Kilns & glazes',
      text: 'Firing\nA kiln is hot, see this page.\nbisque\nglaze\nCone 6\n1222 °C',
    });
  });

  it('needs neither <html> nor <body>', () => {
    expect(pageText('<title>T</title><p>one<p>two')).toEqual({ title: 'T', text: 'one\ntwo' });
    expect(pageText('no element at all')).toEqual({ title: '', text: 'no element at all' });
    expect(pageText('')).toEqual({ title: '', text: '' });
  });

  it('has the first title, and not that of a drawing', () => {
    expect(pageText('<title>A</title><svg><title>B</title></svg><title>C</title>x').title).toBe('A');
  });

  it.each([
    `<!-- ${secret} -->`,
    `<script>${secret}</script>`,
    `<script type="application/ld+json">{"a":"${secret}"}</script>`,
    `<style>p::after { content: "${secret}" }</style>`,
    `<noscript>${secret}</noscript>`,
    `<template><p>${secret}</p></template>`,
    `<iframe src="x">${secret}</iframe>`,
    `<img src="x.png" alt="${secret}" title="${secret}">`,
    `<svg><text>${secret}</text></svg>`,
    `<p title="${secret}" data-note="${secret}" aria-label="${secret}"></p>`,
    `<input type="hidden" value="${secret}"><textarea>${secret}</textarea>`,
    `<select><option>${secret}</option></select>`,
    `<p hidden>${secret}</p>`,
    `<div hidden="until-found"><p>${secret}</p></div>`,
    `<p hidden style="color: blue">${secret}</p>`,
    `<div aria-hidden="true">${secret}</div>`,
    `<dialog>${secret}</dialog>`,
    `<span class="sr-only">${secret}</span>`,
    `<a href="x" class="nav visually-hidden">${secret}</a>`,
    `<p style="display:none">${secret}</p>`,
    `<P STYLE="Display : None !important">${secret}</P>`,
    `<p style="color:red;/* x */dis/**/play:none">${secret}</p>`,
    `<p style="d\\69splay:none">${secret}</p>`,
    `<p style="display:&#110;one">${secret}</p>`,
    `<p style="visibility:hidden">${secret}</p>`,
    `<p style="opacity:0">${secret}</p>`,
    `<p style="opacity:.01">${secret}</p>`,
    `<p style="font-size:0">${secret}</p>`,
    `<p style="font-size:0.1px">${secret}</p>`,
    `<p style="font-size: 1px; color: black">${secret}</p>`,
    `<p style="font:0/0 serif">${secret}</p>`,
    `<div style="height:0;overflow:hidden"><b>${secret}</b></div>`,
    `<p style="position:absolute;left:-9999px">${secret}</p>`,
    `<p style="text-indent:-9999em">${secret}</p>`,
    `<p style="transform:scale(0)">${secret}</p>`,
    `<p style="clip-path:inset(100%)">${secret}</p>`,
    `<p style="color:transparent">${secret}</p>`,
    `<p style="color:#ffffff00">${secret}</p>`,
    `<p style="color:rgba(0, 0, 0, 0)">${secret}</p>`,
    `<p style="color:#fff;background:#fff">${secret}</p>`,
    `<p style="${'color:red;'.repeat(500)}">${secret}</p>`,
    `<p>${'<div>'.repeat(300)}${secret}</p>`,
  ])('holds nothing of %s', (html) => {
    expect(textOf(`<p>before</p>${html}`)).toBe('before');
  });

  it.each([
    `<p style="color:red">${secret}</p>`,
    `<p style="opacity:0.9">${secret}</p>`,
    `<p style="opacity:1">${secret}</p>`,
    `<p style="font-size:10px">${secret}</p>`,
    `<p style="font-size:0.9em">${secret}</p>`,
    `<p style="font-size:1.2rem;line-height:0">${secret}</p>`,
    `<span style="font:14px/1.5 serif">${secret}</span>`,
    `<p style="margin-left:-10px;width:100%">${secret}</p>`,
    `<p style="color:#fff;background:#000">${secret}</p>`,
    `<p style="border:0;min-width:0;display:block">${secret}</p>`,
    `<details><summary>more</summary>${secret}</details>`,
  ])('keeps what is seen of %s', (html) => {
    expect(textOf(html)).toContain(secret);
  });

  it('leaves words whole', () => {
    expect(textOf('<p>i<b>g</b>n<wbr>o<i></i>r<!-- x -->e</p>')).toBe('ignore');
    expect(textOf('<p>ig\u200Bnore</p>')).toBe('ig\u200Bnore');
  });

  it('has no controls in it', () => {
    expect(textOf('<p>a\u0000b\u001B[31mc\u009Bd&#8;e</p>')).not.toMatch(/(?![\n\t])\p{Cc}/u);
  });

  it.each([
    ['open elements', '<div>'],
    ['open lists', '<ul><li>'],
    ['open tables', '<table><tr><td>'],
    ['open inline elements', '<b>'],
    ['closing tags', '</p>'],
    ['open comments', '<!--'],
    ['angle brackets', '<'],
    ['references', '&amp'],
    ['attributes', '<a b=c '],
    ['paragraphs', '<p>word</p>'],
  ])('is found in a page of nothing but %s, without using up the stack', (_what, part) => {
    expect(typeof textOf(part.repeat(Math.ceil(500_000 / part.length)))).toBe('string');
  });
});
