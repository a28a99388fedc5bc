import type { ASTNode } from '@marcbachmann/cel-js';

/** Every node of a condition, each with the name of the function when it is a call. */
export function* nodesOf(root: ASTNode): Generator<{ node: ASTNode; called: string | undefined }> {
  const left: unknown[] = [root];
  while (left.length > 0) {
    const next = left.pop();
    if (Array.isArray(next)) left.push(...(next as unknown[]));
    if (!isNode(next)) continue;
    const called = next.op === 'call' || next.op === 'rcall' ? next.args[0] : undefined;
    yield { node: next, called };
    left.push(next.args);
  }
}

/** The nodes directly and indirectly below. */
export function* nodesBelow(node: ASTNode): ReturnType<typeof nodesOf> {
  for (const each of nodesOf(node)) if (each.node !== node) yield each;
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}

/** The macros that look at every element of a list. */
export const listMacros: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'filter', 'map']);
