/** A tree of words by UTF-16 unit, with one letter (the kind) at the end of each. */
export interface Trie {
  /** The kind of exactly this word, or of a stem that it begins with. */
  find(text: string, from: number, to: number): string | undefined;
  /** The longest exact word that begins at `from` and ends by `to`. */
  longest(text: string, from: number, to: number): { kind: string; end: number } | undefined;
}

interface Node {
  /** By a to z, which nearly all words are made of. */
  letters: Array<Node | undefined>;
  others: Map<number, Node> | undefined;
  exact?: string;
  stem?: string;
}

const a = 97;
const z = 122;

const createNode = (): Node => ({ letters: Array.from({ length: 26 }, () => undefined), others: undefined });

const step = (node: Node, c: number): Node | undefined =>
  c >= a && c <= z ? node.letters[c - a] : node.others?.get(c);

function grow(node: Node, c: number): Node {
  const known = step(node, c);
  if (known) return known;
  const next = createNode();
  if (c >= a && c <= z) node.letters[c - a] = next;
  else (node.others ??= new Map()).set(c, next);
  return next;
}

/** @param words word (or stem, with `*`) and kind; where one comes twice the first counts */
export function createTrie(words: Iterable<readonly [string, string]>): Trie {
  const root = createNode();
  for (const [word, kind] of words) {
    const isStem = word.endsWith('*');
    const length = word.length - Number(isStem);
    let node = root;
    for (let i = 0; i < length; i += 1) {
      node = grow(node, word.charCodeAt(i));
    }
    if (isStem) node.stem ??= kind;
    else node.exact ??= kind;
  }
  return {
    find(text, from, to) {
      let node: Node | undefined = root;
      let stem: string | undefined;
      for (let i = from; i < to; i += 1) {
        node = step(node, text.charCodeAt(i));
        if (!node) return stem;
        stem = node.stem ?? stem;
      }
      return node.exact ?? stem;
    },
    longest(text, from, to) {
      let node: Node | undefined = root;
      let best: { kind: string; end: number } | undefined;
      for (let i = from; i < to; i += 1) {
        node = step(node, text.charCodeAt(i));
        if (!node) return best;
        if (node.exact !== undefined) best = { kind: node.exact, end: i + 1 };
      }
      return best;
    },
  };
}
