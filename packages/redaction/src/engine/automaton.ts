/**
 * Finds every occurrence of many words in one pass (Aho and Corasick, 1975), without regard to ASCII case. The transitions
 * are a flat table, so that a character costs one look into it however many words there are.
 */
export interface Automaton {
  /** Where to begin, and the state after nothing. */
  readonly start: number;
  /** State from which on words end. */
  readonly firstFinal: number;
  /** Transitions: `next[state + classOf[character]]`. A state is a multiple of the number of classes. */
  readonly next: Uint32Array;
  /** For characters below 128; all others are of class 0. */
  readonly classOf: Uint8Array;
  /** Words (by their place in the list) that end in a state, by `(state - firstFinal) / classes`. */
  readonly ends: ReadonlyArray<readonly number[]>;
  readonly classes: number;
}

interface Node {
  children: Map<number, Node>;
  fail: Node | undefined;
  words: number[];
  id: number;
}

/** @param words in lower case, ASCII, none empty */
export function buildAutomaton(words: readonly string[]): Automaton {
  // It would be found everywhere.
  if (words.includes('')) throw new Error('an empty word cannot be looked for');
  const { classOf, classes } = classify(words);
  const root = newNode();
  for (const [index, word] of words.entries()) insert(root, word, index, classOf);
  const nodes = linkFailures(root);
  // States where words end come last: one comparison tells them.
  const ordered = [...nodes.filter((n) => n.words.length === 0), ...nodes.filter((n) => n.words.length > 0)];
  for (const [index, node] of ordered.entries()) node.id = index * classes;
  const next = new Uint32Array(ordered.length * classes);
  for (const node of nodes) {
    for (let c = 0; c < classes; c += 1) next[node.id + c] = step(node, c, root).id;
  }
  const finals = ordered.filter((node) => node.words.length > 0);
  return {
    start: root.id,
    firstFinal: (ordered.length - finals.length) * classes,
    next,
    classOf,
    ends: finals.map((node) => node.words),
    classes,
  };
}

const newNode = (): Node => ({ children: new Map(), fail: undefined, words: [], id: 0 });

function classify(words: readonly string[]): { classOf: Uint8Array; classes: number } {
  const classOf = new Uint8Array(128);
  let classes = 1;
  for (const character of new Set(words.join(''))) {
    const code = character.charCodeAt(0);
    classOf[code] = classes;
    classOf[character.toUpperCase().charCodeAt(0)] = classes;
    classes += 1;
  }
  return { classOf, classes };
}

function insert(root: Node, word: string, index: number, classOf: Uint8Array): void {
  let node = root;
  for (let i = 0; i < word.length; i += 1) {
    const c = classOf[word.charCodeAt(i)] ?? 0;
    const child = node.children.get(c) ?? newNode();
    node.children.set(c, child);
    node = child;
  }
  node.words.push(index);
}

// Breadth first, so that the shorter suffix is complete before the longer one looks at it.
function linkFailures(root: Node): Node[] {
  const nodes = [root];
  for (const node of nodes) {
    for (const [c, child] of node.children) {
      child.fail = node === root ? root : step(node.fail ?? root, c, root);
      child.words = [...child.words, ...child.fail.words];
      nodes.push(child);
    }
  }
  return nodes;
}

function step(from: Node, c: number, root: Node): Node {
  for (let node: Node | undefined = from; node !== undefined; node = node.fail) {
    const child = node.children.get(c);
    if (child) return child;
  }
  return root;
}
