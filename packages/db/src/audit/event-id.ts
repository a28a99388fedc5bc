import { hash } from 'node:crypto';

/**
 * An event's id made from what it is about, so that the same thing recorded twice is one event.
 *
 * @returns a UUID of version 8 (RFC 9562: what its bits mean is up to us)
 */
export function eventIdOf(text: string): string {
  const hex = hash('sha256', text);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
