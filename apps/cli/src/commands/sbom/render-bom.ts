import { createHash } from 'node:crypto';
import { Serialize, Spec, type Models } from '@cyclonedx/cyclonedx-library';

const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
const options = { sortLists: true, space: 2 };

/**
 * CycloneDX 1.6 as JSON. The same bill and time give the same bytes; the serial number depends on the content alone, so that two
 * files with the same number list the same things.
 */
export function renderBom(bom: Models.Bom, time: Date): string {
  bom.serialNumber = `urn:uuid:${contentUuid(serializer.serialize(bom, options))}`;
  bom.metadata.timestamp = time;
  return `${serializer.serialize(bom, options)}\n`;
}

/** A UUID of version 8 (RFC 9562): made by a rule of our own, from a hash. */
function contentUuid(content: string): string {
  const hex = createHash('sha256').update(content).digest('hex');
  const groups = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`];
  return [...groups, hex.slice(20, 32)].join('-');
}
