import { isAlias, isScalar, Scalar, visit, type Document, type Node, type ParsedNode } from 'yaml';
import { aliasMistake, anchorMistake } from './yaml-mistake.ts';

export interface AliasMistake {
  /** Where in the text. */
  at: number;
  message: string;
}

/**
 * An alias of nothing is a text that was meant to begin with *: it becomes that text, so that the rest can be read.
 *
 * @param doc is changed
 */
export function replaceAliases(doc: Document.Parsed<ParsedNode>): AliasMistake[] {
  const found: AliasMistake[] = [];
  const anchors = new Set<string>();
  const later = new Set<string>();
  visit(doc, { Node: (_key, node) => void (hasAnchor(node) && later.add(node.anchor)) });
  visit(doc, {
    Node(_key, node) {
      if (hasAnchor(node)) {
        anchors.add(node.anchor);
        if (isScalar(node) && node.value === null) found.push({ at: startOf(node), message: anchorMistake });
      }
      if (!isAlias(node) || anchors.has(node.source)) return undefined;
      const early = later.has(node.source);
      found.push({ at: startOf(node), message: early ? 'an alias stands before its anchor' : aliasMistake });
      const meant = new Scalar(`*${node.source}`);
      if (node.range) meant.range = node.range;
      return meant;
    },
  });
  return found;
}

const hasAnchor = (node: Node): node is Node & { anchor: string } =>
  'anchor' in node && typeof node.anchor === 'string';
/** Where in the text a node begins. */
export const startOf = (node: Node): number => node.range?.[0] ?? 0;
