import type { PageResult } from '@actp/providers/pages/page-reader';
import type { SearchResult } from '@actp/providers/brave/results';
import type { Family } from '@actp/screening/screen';
import { cleanText } from './clean-text.ts';
import { createLinkFilter } from './links.ts';

/** A source as the person sees it. */
export interface ResearchSource {
  /** What [n] in the summary means. */
  n: number;
  title: string;
  url: string;
  /** Whether its page was read; otherwise its text is what the search says of it. */
  fetched: boolean;
  /** Why its page was not read. */
  problem?: string;
  /** What kinds of instructions it held, which were taken out. */
  flagged?: Family[];
}

/** What of a source goes into a summary: no instructions that were found, nothing invisible. */
export interface SourceText {
  n: number;
  title: string;
  text: string;
}

const longestTitle = 200;

/** The hits with their pages, as sources and as their texts. */
export function sourcesOf(
  topic: string,
  hits: readonly SearchResult[],
  pages: readonly PageResult[],
): { sources: ResearchSource[]; texts: SourceText[] } {
  const withoutLinks = createLinkFilter(topic, hits);
  const sources: ResearchSource[] = [];
  const texts: SourceText[] = [];
  for (const [index, hit] of hits.entries()) {
    const n = index + 1;
    const page = pages[index];
    const fetched = page !== undefined && 'text' in page;
    const title = cleanText(hit.title || (fetched ? page.title : ''));
    const text = cleanText(fetched ? page.text : hit.snippet);
    const flagged = [...new Set([...title.flagged, ...text.flagged, ...cleanText(hit.snippet).flagged])];
    const shown = withoutLinks(title.text).replaceAll('\n', ' ').slice(0, longestTitle).toWellFormed();
    sources.push({
      n,
      title: shown,
      url: hit.url,
      fetched,
      ...(!fetched && { problem: page?.problem ?? 'it was not read' }),
      ...(flagged.length > 0 && { flagged }),
    });
    // A page's own footnotes would read as citations.
    texts.push({ n, title: shown, text: withoutLinks(text.text).replaceAll(/\[\d{1,4}\]/g, '') });
  }
  return { sources, texts };
}
