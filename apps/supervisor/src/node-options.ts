const inspecting = /^--(?:inspect|debug)(?:-[a-z-]+)?(?:=|$)/;
// Written with a blank before its value as well.
const withValue = /^--(?:inspect-port|debug-port|inspect-publish-uid)$/;

/**
 * NODE_OPTIONS without what opens a debugger: only one process could listen on its port, and whoever reaches it has the
 * secrets of that app.
 *
 * @returns undefined when nothing is left
 */
export function withoutInspector(options: string): string | undefined {
  // As Node splits it: at blanks, but not inside double quotes, where a backslash takes the next sign as it is.
  const words = options.match(/(?:"(?:\\.|[^"\\])*"?|[^\s"])+/g) ?? [];
  const kept = words.filter(
    (word, index) =>
      !inspecting.test(bare(word)) &&
      !(withValue.test(bare(words[index - 1] ?? '')) && !word.startsWith('-')),
  );
  return kept.length === 0 ? undefined : kept.join(' ');
}

const bare = (word: string) => word.replaceAll('"', '');
