import { cleanText } from './clean-text.ts';
import { createLinkFilter } from './links.ts';
import type { ResearchSource } from './source.ts';

const longest = 4_000;

/**
 * What a model wrote, as it may be shown: plain text, citations of sources that exist, and no link but those to the sources. It may have been
 * led astray by what it read, so it is screened like that.
 *
 * @returns undefined when nothing is left, or it cites no source
 */
export function modelSummary(
  written: string,
  topic: string,
  sources: readonly ResearchSource[],
): string | undefined {
  const numbers = new Set(sources.map(({ n }) => String(n)));
  const text = createLinkFilter(
    topic,
    sources,
  )(cleanText(withoutMarkup(written)).text)
    .replaceAll(/\[(\d{1,4})\]/g, (all, n: string) => (numbers.has(n) ? all : ''))
    .trim()
    .slice(0, longest)
    .toWellFormed();
  return [...numbers].some((n) => text.includes(`[${n}]`)) ? text : undefined;
}

/** Elements of HTML, which some face of the result might draw. A lone `<` stays. */
const withoutMarkup = (text: string): string =>
  text
    .replaceAll(/<!--[^]*?(?:-->|$)/g, '')
    .replaceAll(/<\/?[a-z][^<>]{0,2000}>/gi, '')
    // How some models cite of themselves.
    .replaceAll(/【(\d{1,4})(?:†[^】\n]{0,60})?】/gu, '[$1]')
    .replaceAll(/\[(\d{1,4}(?:\s*,\s*\d{1,4}){1,8})\]/g, (_all, list: string) =>
      list
        .split(',')
        .map((n) => `[${n.trim()}]`)
        .join(''),
    );
