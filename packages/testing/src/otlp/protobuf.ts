/** One field of a message: its number, and its value by wire type (a number, eight bytes, or bytes). */
export interface Field {
  number: number;
  value: bigint | Uint8Array;
}

const varint = 0;
const fixed64 = 1;
const lengthDelimited = 2;
const fixed32 = 5;

/**
 * Reads a protobuf message as the list of its fields; what they mean is known to whoever asked.
 *
 * @throws when it is not one
 */
export function readFields(bytes: Uint8Array): Field[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fields: Field[] = [];
  let at = 0;

  function readVarint(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = view.getUint8(at);
      at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }

  function readValue(type: number): bigint | Uint8Array {
    if (type === varint) return readVarint();
    const length = type === fixed64 ? 8 : type === fixed32 ? 4 : Number(readVarint());
    const start = at;
    at += length;
    if (at > bytes.length) throw new Error('the message ends within a field');
    if (type === fixed64) return view.getBigUint64(start, true);
    if (type === fixed32) return BigInt(view.getUint32(start, true));
    if (type !== lengthDelimited) throw new Error(`wire type ${type} is not known`);
    return bytes.subarray(start, at);
  }

  while (at < bytes.length) {
    const tag = Number(readVarint());
    fields.push({ number: tag >> 3, value: readValue(tag & 7) });
  }
  return fields;
}

/** All values of a field that holds bytes: messages, strings. */
export function bytesOf(fields: readonly Field[], number: number): Uint8Array[] {
  return fields.flatMap((field) =>
    field.number === number && field.value instanceof Uint8Array ? [field.value] : [],
  );
}

/** A field that holds a number; 0n when it is left out. */
export function numberOf(fields: readonly Field[], number: number): bigint {
  const field = fields.findLast((candidate) => candidate.number === number);
  return typeof field?.value === 'bigint' ? field.value : 0n;
}

/** A field that holds text; empty when it is left out. */
export function textOf(fields: readonly Field[], number: number): string {
  return Buffer.from(bytesOf(fields, number).at(-1) ?? []).toString('utf8');
}
