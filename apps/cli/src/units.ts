/** 1234567 as 1,234,567. */
export const grouped = (count: number): string => count.toLocaleString('en-US');

const kilobyte = 1_000;

/** A number of bytes for people: 3.2 MB. */
export function readableSize(bytes: number): string {
  if (bytes < kilobyte) return `${bytes} bytes`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  const power = Math.min(Math.floor(Math.log10(bytes) / 3), units.length);
  return `${(bytes / kilobyte ** power).toFixed(1)} ${units[power - 1]}`;
}
