/** A name of PyPI in its one form (PEP 503): `Foo.Bar_baz` is `foo-bar-baz`. */
export const pypiName = (name: string): string => name.toLowerCase().replaceAll(/[-_.]+/g, '-');
