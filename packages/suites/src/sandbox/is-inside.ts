/** Whether a path is this directory or lies in it. Both absolute and normal. */
export function isInside(path: string, directory: string): boolean {
  return directory === '/' || path === directory || path.startsWith(`${directory}/`);
}
