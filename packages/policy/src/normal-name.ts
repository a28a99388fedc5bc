/**
 * A name as it is compared: compatibility characters folded, no space around, no case. Only ASCII loses its case: what
 * other letters have depends on the database's locale, and `normal_name` in the database does the same.
 */
export function normalName(name: string): string {
  return name
    .normalize('NFKC')
    .trim()
    .replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}
