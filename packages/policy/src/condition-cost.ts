import type { ASTNode } from '@marcbachmann/cel-js';
import { listMacros, nodesOf } from './syntax-tree.ts';

/** What a condition does, counted once. */
export interface Weight {
  nodes: number;
  walksLists: boolean;
  /** Operators that look at every value within their operands. */
  deep: number;
  /** Functions that look at every character. */
  textual: number;
}

/** How much a request holds, counted once for all conditions. */
export interface Extent {
  values: number;
  longestText: number;
  /** False when a condition must not look at it: see `measure`. */
  readable: boolean;
}

const textual: ReadonlySet<string> = new Set([
  'contains',
  'lowerAscii',
  'upperAscii',
  'trim',
  'size',
  'string',
]);
const charactersPerStep = 64;

export function estimateCost(ast: ASTNode): Weight {
  const weight = { nodes: 0, walksLists: false, deep: 0, textual: 0 };
  for (const { node, called } of nodesOf(ast)) {
    weight.nodes += 1;
    if (called !== undefined && listMacros.has(called)) weight.walksLists = true;
    if (called !== undefined && textual.has(called)) weight.textual += 1;
    if (isDeep(node)) weight.deep += 1;
  }
  return weight;
}

// Beside something that was written down, a comparison is as short as that.
function isDeep(node: ASTNode): boolean {
  if (node.op !== '==' && node.op !== '!=' && node.op !== 'in') return false;
  const [left, right] = node.args;
  if (node.op === 'in') return right.op !== 'list' && right.op !== 'map';
  return left.op !== 'value' && right.op !== 'value';
}

/** An upper bound of the steps that evaluating takes. */
export function costOf(weight: Weight, extent: Extent): number {
  const rounds = weight.walksLists ? extent.values : 1;
  const texts = weight.textual * (extent.longestText / charactersPerStep);
  return rounds * (weight.nodes + weight.deep * extent.values + texts);
}

// The evaluator recognises types by `constructor`: a value that brings its own must not be taken for something else.
const misleading: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Counts what details hold, however deep. What is not JSON (NaN, too: comparing with it is always false) and keys that the
 * evaluator could trip over make them unreadable.
 */
export function measure(details: unknown): Extent {
  const extent = { values: 0, longestText: 0, readable: true };
  const left = [details];
  while (left.length > 0) {
    const value = left.pop();
    extent.values += 1;
    if (typeof value === 'string') extent.longestText = Math.max(extent.longestText, value.length);
    else if (typeof value === 'number') extent.readable &&= Number.isFinite(value);
    else if (typeof value === 'object' && value !== null) {
      extent.readable &&= isPlain(value);
      for (const key of Object.keys(value)) {
        if (misleading.has(key)) extent.readable = false;
        left.push((value as Record<string, unknown>)[key]);
      }
    } else extent.readable &&= typeof value === 'boolean' || value === null;
    if (!extent.readable) return extent;
  }
  return extent;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || (Array.isArray(value) && prototype === Array.prototype);
}
