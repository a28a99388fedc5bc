const reference = /^#(?:x([\da-f]{1,12})|(\d{1,12}))$/i;
const maxCodePoint = 0x10ffff;

/**
 * Adds every numeric character reference to sax' table of entities. Runners write what a test printed, terminal colours and
 * NUL included, as references that XML 1.0 does not have (`&#27;`), and characters beyond U+FFFF as two of them.
 */
export function withCharacterReferences(entities: Record<string, string>): Record<string, string> {
  return new Proxy(entities, {
    get(known, name) {
      const [, hex, decimal] = (typeof name === 'string' ? reference.exec(name) : null) ?? [];
      if (hex === undefined && decimal === undefined) return Reflect.get(known, name) as unknown;
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return code > maxCodePoint ? '\ufffd' : String.fromCodePoint(code);
    },
  });
}
