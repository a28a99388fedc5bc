const removed = '[link removed]';
const trailing = /[.,;:!?'"\u2019\u201D)\]}>*_]+$/u;

// [text](address) and ![picture](address), of which the text stays; <address>.
const markdown = /!?\[([^\]\n]{0,300})\]\(\s*[^)\n]{0,2000}\)/gu;
const reference = /^[ \t]{0,3}\[[^\]\n]{1,100}\]:[ \t]*\S.*$/gmu;
// Top-level domains that programs make a link of without a path; those of the second list are words as well.
const domains = 'com|net|org|info|biz|io|co|dev|ai|xyz|zip|invalid|ru|cn|tk|cc|ly|gg|eu|uk|de';
const wordDomains = 'me|app|top|site|online|shop|link|click|example|test|to|live|store|club|page|cloud';
const start = String.raw`(?<![\p{L}\p{N}.@-])`;
const labels = String.raw`(?:[\p{L}\p{N}-]{1,63}\.){1,8}`;
// With a scheme, with www, a host or a number with a path, or a host alone.
const address = new RegExp(
  [
    String.raw`(?<![\p{L}\p{N}])(?:[a-z][a-z0-9+.-]{1,20}:/{1,3}|(?:mailto|javascript|data|tel|vbscript|magnet|bitcoin|sms):)[^\s<>"]+`,
    String.raw`(?<![\p{L}\p{N}])www\.[^\s<>"]+`,
    String.raw`${start}${labels}(?!(?:[mc]?js|ts)\b)\p{L}[\p{L}\p{N}-]{1,62}(?::\d{1,5})?[/?#][^\s<>"]*`,
    String.raw`${start}(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?/[^\s<>"]*`,
    String.raw`${start}${labels}(?:${domains}|${wordDomains})(?![\p{L}\p{N}-]|\.\p{L})`,
  ].join('|'),
  'giu',
);
// The beginning of a sentence that has lost its space: "in winter.To heat".
const lostSpace = new RegExp(String.raw`^[\p{L}\p{N}-]+\.(?:${wordDomains})$`, 'iu');
const isLostSpace = (text: string): boolean => lostSpace.test(text) && /\.\p{Lu}\p{Ll}+$/u.test(text);

/**
 * Takes links out of a text, but those to the sources: what a page or a model has written must not lead a person anywhere else. A host by
 * itself stays where the topic or a source has it.
 */
export function createLinkFilter(topic: string, sources: readonly { url: string }[]) {
  const urls = new Set(sources.map(({ url }) => url));
  const hosts = new Set(sources.map(({ url }) => hostOf(url)));
  const words = new Set(topic.toLowerCase().split(/[\s,;()"']+/));

  const isKept = (text: string): boolean => {
    if (urls.has(text)) return true;
    const host = text.toLowerCase();
    return hosts.has(host) || words.has(host) || isLostSpace(text);
  };
  return (text: string): string =>
    text
      .replaceAll(reference, removed)
      .replaceAll(markdown, '$1')
      .replaceAll(address, (found) => {
        if (isKept(found)) return found;
        const tail = trailing.exec(found)?.[0] ?? '';
        const bare = found.slice(0, found.length - tail.length);
        return (isKept(bare) ? bare : removed) + tail;
      });
}

const hostOf = (url: string): string => URL.parse(url)?.hostname ?? '';
