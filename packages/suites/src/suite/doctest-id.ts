// pytest collects these with `--doctest-glob`; its default is test*.txt.
const textFile = /^[^/]+\.(?:txt|rst|md|adoc|tex)$/i;

/**
 * Whether a test case is a doctest of the module in `path`: pytest names it after the object in whose documentation it stands,
 * by the name under which the module was imported (`calc.add`, `pkg.sub.m.K.g`, or the module alone).
 *
 * @param path with slashes and the suffix `.py`
 */
export function isModuleDoctest(path: string, name: string): boolean {
  const parts = path.replace(/\.py$/, '').split('/');
  const module = parts.at(-1) === '__init__' ? parts.slice(0, -1) : parts;
  return module.some((_part, from) => {
    const imported = module.slice(from).join('.');
    return imported !== '' && (name === imported || name.startsWith(`${imported}.`));
  });
}

/** Whether a test's name (`calc.py::calc.add`) is that of a doctest in code, which is what a repair may well have to change. */
export function isDoctestInCode(test: string): boolean {
  const [path = '', name, ...more] = test.split('::');
  return path.endsWith('.py') && name !== undefined && more.length === 0 && isModuleDoctest(path, name);
}

/** The directory, as a dotted path, of a text file with doctests (class name `docs.usage.rst`, name `usage.rst`); or null. */
export function doctestFileIn({ classname, name }: { classname: string; name: string }): string | null {
  if (!textFile.test(name)) return null;
  if (classname === name) return '';
  return classname.endsWith(`.${name}`) ? classname.slice(0, -name.length - 1) : null;
}
