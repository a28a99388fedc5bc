/** What a search finds. Title and description are sent as they are: the service escapes them and marks words in them with <strong>. */
export interface BraveHit {
  title: string;
  url: string;
  description: string;
}

/** The body of an answer. Without hits `web` is missing altogether. */
export function searchBody(query: string, hits: readonly BraveHit[]): object {
  const web = {
    type: 'search',
    results: hits.map(resultOf),
    family_friendly: true,
  };
  const main = hits.map((_hit, index) => ({ type: 'web', index, all: false }));
  return {
    type: 'search',
    query: {
      original: query,
      show_strict_warning: false,
      is_navigational: false,
      is_news_breaking: false,
      spellcheck_off: false,
      country: 'us',
      bad_results: hits.length === 0,
      should_fallback: false,
      postal_code: '',
      city: '',
      header_country: '',
      more_results_available: false,
      state: '',
    },
    mixed: { type: 'mixed', main, top: [], side: [] },
    ...(hits.length > 0 && { web }),
  };
}

function resultOf({ title, url, description }: BraveHit): object {
  const { protocol, host, hostname, pathname } = URL.canParse(url)
    ? new URL(url)
    : { protocol: '', host: '', hostname: '', pathname: '' };
  return {
    type: 'search_result',
    subtype: 'generic',
    title,
    url,
    description,
    is_source_local: false,
    is_source_both: false,
    language: 'en',
    family_friendly: true,
    is_live: false,
    profile: { name: hostname, url, long_name: hostname, img: '' },
    meta_url: { scheme: protocol.replace(':', ''), netloc: host, hostname, favicon: '', path: pathname },
  };
}
