import type { ASTNode } from '@marcbachmann/cel-js';
import { listMacros, nodesBelow, nodesOf } from './syntax-tree.ts';

/*
 * What conditions may call. Missing on purpose: `matches`, whose patterns can take for ever on hostile text, and what makes
 * large texts and lists out of small ones.
 */
const functions: ReadonlySet<string> = new Set([
  ...['has', 'size', 'type', 'dyn', 'bool', 'int', 'uint', 'double', 'string'],
  ...['startsWith', 'endsWith', 'contains', 'lowerAscii', 'upperAscii', 'trim'],
  ...['timestamp', 'duration', 'getFullYear', 'getMonth', 'getDate', 'getDayOfMonth', 'getDayOfWeek'],
  ...['getDayOfYear', 'getHours', 'getMinutes', 'getSeconds', 'getMilliseconds'],
  ...listMacros,
]);

/** The first thing in a condition that may not stand there, if any. */
export function findUse(ast: ASTNode): { message: string; offset: number } | undefined {
  for (const { node, called } of nodesOf(ast)) {
    if (called === undefined) continue;
    if (!functions.has(called)) {
      return { message: `${called}() cannot be used in a condition`, offset: node.start };
    }
    if (!listMacros.has(called)) continue;
    for (const inner of nodesBelow(node)) {
      // One list in another would take the product of their lengths.
      if (inner.called !== undefined && listMacros.has(inner.called)) {
        return { message: `${inner.called}() cannot stand within ${called}()`, offset: inner.node.start };
      }
    }
  }
  return undefined;
}
