import { compile, type FormatCallback, type HtmlToTextOptions } from 'html-to-text';
import { isHiddenStyle } from './hidden-style.ts';

export interface PageText {
  /** Empty when the page has none. */
  title: string;
  text: string;
}

// The parser needs time in proportion to tags times open tags; so many are read in a few hundred milliseconds, in whatever order.
const mostTags = 40_000;
const deepest = 200;
const longestTitle = 300;

const skipped = [
  ...[
    'script',
    'style',
    'noscript',
    'template',
    'iframe',
    'frame',
    'object',
    'embed',
    'applet',
    'canvas',
    'svg',
    'math',
  ],
  ...[
    'audio',
    'video',
    'map',
    'select',
    'datalist',
    'textarea',
    'button',
    'input',
    'dialog',
    'nav',
    'img',
    'hr',
    'rp',
  ],
  ...['[hidden]', '[aria-hidden=true]', '[inert]', '.sr-only', '.visually-hidden', '.hidden', '.d-none'],
];
const blocks: readonly string[] = [
  ...[
    'address',
    'article',
    'aside',
    'blockquote',
    'body',
    'dd',
    'details',
    'div',
    'dl',
    'dt',
    'figcaption',
    'figure',
  ],
  ...[
    'footer',
    'form',
    'h1',
    'h2',
    'h3',
    'h4',
    'h5',
    'h6',
    'header',
    'li',
    'main',
    'ol',
    'p',
    'pre',
    'section',
  ],
  ...['summary', 'table', 'tbody', 'td', 'tfoot', 'th', 'thead', 'tr', 'ul'],
];
const lineBreaks = { leadingLineBreaks: 1, trailingLineBreaks: 1 };

const block: FormatCallback = (element, walk, builder) => {
  builder.openBlock(lineBreaks);
  walk(element.children, builder);
  builder.closeBlock(lineBreaks);
};

const styled: FormatCallback = (element, walk, builder, options) => {
  const style: unknown = element.attribs?.['style'];
  if (typeof style === 'string' && isHiddenStyle(style)) return;
  if (blocks.includes(element.name ?? '')) block(element, walk, builder, options);
  else walk(element.children, builder);
};

const title: FormatCallback = (element, _walk, builder) => {
  const found = (builder as WithMetadata).metadata;
  found.title ??= element.children.map(({ data }) => data ?? '').join('');
};

// The library hands its second argument to formatters; its types, of an earlier version, do not say so.
type WithMetadata = Parameters<FormatCallback>[2] & { metadata: Found };
type Convert = (html: string, metadata: Found) => string;

interface Found {
  title: string | undefined;
}

const options: HtmlToTextOptions = {
  // Many pages leave <body> out.
  baseElements: { selectors: [] },
  // Not the zero-width space, which the library counts as one: it would cut words in two.
  whitespaceCharacters: ' \t\r\n\f',
  wordwrap: false,
  limits: { maxDepth: deepest, ellipsis: '' },
  formatters: { plainBlock: block, styled, title },
  selectors: [
    { selector: 'a', format: 'inline' },
    ...blocks.map((selector) => ({ selector, format: 'plainBlock' })),
    { selector: 'title', format: 'title' },
    { selector: '[style]', format: 'styled' },
    // Of two selectors that are as specific, the later one counts.
    ...skipped.map((selector) => ({ selector, format: 'skip' })),
  ],
};

const convert = compile(options) as Convert;

/**
 * What a person would read of an HTML page: no links, scripts, comments, descriptions of pictures, and nothing that the page itself hides.
 * Time is linear in the page, whatever it holds.
 */
export function pageText(html: string): PageText {
  const found: Found = { title: undefined };
  const text = tidy(convert(firstTags(html), found));
  return { title: tidyTitle(found.title ?? ''), text };
}

/** Text without controls, and without the empty lines and spaces that are left where elements were. */
export function tidy(text: string): string {
  return text
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/(?![\n\t])\p{Cc}/gu, ' ')
    .replaceAll(/[^\S\n]+/g, ' ')
    .replaceAll(/ ?\n ?/g, '\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
}

const tidyTitle = (text: string): string =>
  tidy(text).replaceAll('\n', ' ').slice(0, longestTitle).toWellFormed();

function firstTags(html: string): string {
  let tags = 0;
  for (const { index } of html.matchAll(/<\/?[a-z]/gi)) {
    tags += 1;
    if (tags > mostTags) return html.slice(0, index);
  }
  return html;
}
