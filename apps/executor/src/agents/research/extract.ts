import type { SourceText } from './source.ts';

const mostSentences = 6;
const mostPerSource = 2;
const [shortest, longest] = [25, 400];
const common = new Set(
  'a an the of in on at to for from by with and or not is are was were be been has have had do does did what which who whom how why when where about into over than then that this these those it its as can could should would will may'.split(
    ' ',
  ),
);

interface Candidate {
  n: number;
  text: string;
  score: number;
}

/**
 * A summary without a model: the sentences that have the most of the topic's words, each with its source, in the order of the sources. A
 * source that has none of them is left out; when all are, each is represented by its beginning.
 *
 * @returns empty when the sources hold no text
 */
export function extractSummary(topic: string, sources: readonly SourceText[]): string {
  const terms = new Set(wordsOf(topic));
  const candidates = sources.map((source) => candidatesOf(source, terms));
  const best = candidates
    .flatMap((ofSource) => ofSource.filter(({ score }) => score > 0).slice(0, mostPerSource))
    .sort((a, b) => b.score - a.score || a.n - b.n);
  const chosen = best.length > 0 ? best : candidates.flatMap((ofSource) => ofSource.slice(0, 1));
  return chosen
    .slice(0, mostSentences)
    .sort((a, b) => a.n - b.n || b.score - a.score)
    .map(({ n, text }) => `${text} [${n}]`)
    .join('\n');
}

/** The sentences of a source, the best first; each once. */
function candidatesOf({ n, text }: SourceText, terms: ReadonlySet<string>): Candidate[] {
  const seen = new Set<string>();
  const candidates: Candidate[] = [];
  for (const sentence of sentencesOf(text)) {
    if (sentence.length < shortest || /\[removed\]|\[link removed\]/.test(sentence)) continue;
    const key = sentence.toLowerCase();
    if (seen.has(key)) continue;
    seen.add(key);
    const words = wordsOf(sentence);
    const found = new Set(words.filter((word) => terms.has(word))).size;
    // Of two sentences with the same words of the topic the shorter one says more about it.
    const score = found === 0 ? 0 : found + 1 / (1 + words.length);
    candidates.push({ n, text: cut(sentence), score });
  }
  return candidates.sort((a, b) => b.score - a.score);
}

const sentences = new Intl.Segmenter('en', { granularity: 'sentence' });
const words = new Intl.Segmenter('en', { granularity: 'word' });

const sentencesOf = (text: string): string[] =>
  text.split('\n').flatMap((line) => [...sentences.segment(line)].map(({ segment }) => segment.trim()));

/** The words that say something, so that singular and plural, or tenses, are the same. */
function wordsOf(text: string): string[] {
  return [...words.segment(text.toLowerCase())]
    .filter(({ isWordLike, segment }) => isWordLike === true && !common.has(segment))
    .map(({ segment }) => (segment.length > 4 ? segment.replace(/(?:ies|es|s|ing|ed|e|y)$/, '') : segment));
}

function cut(sentence: string): string {
  if (sentence.length <= longest) return sentence;
  const end = sentence.lastIndexOf(' ', longest);
  return `${sentence.slice(0, end > 0 ? end : longest).toWellFormed()} ...`;
}
