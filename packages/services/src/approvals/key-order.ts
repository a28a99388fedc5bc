/**
 * JSON that has the keys of a value in their order, and 0 for everything else: jsonb orders keys in its own way, and people are to read
 * details in the order in which they were sent.
 */
export function keyOrder(details: object): string {
  return JSON.stringify(details, (_key, value: unknown) =>
    typeof value === 'object' && value !== null ? value : 0,
  );
}
