import type { OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnv } from '../app-env.ts';

/**
 * Which methods the described routes have under a path, for `405` and its `Allow` header (RFC 9110, 15.5.6).
 *
 * @returns a function of a path; an empty list where nothing is
 */
export function allowedMethods(app: OpenAPIHono<AppEnv>): (path: string) => string[] {
  let routes: Array<{ method: string; pattern: RegExp }> | undefined;
  return (path) => {
    // Once, at the first miss: then every route is there.
    routes ??= app.openAPIRegistry.definitions
      .filter((definition) => definition.type === 'route')
      .map(({ route }) => ({
        method: route.method.toUpperCase(),
        pattern: new RegExp(`^${route.path.replaceAll(/\{.+?\}/g, '[^/]+')}$`),
      }));
    const methods = routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
    return methods.includes('GET') ? [...methods, 'HEAD'] : methods;
  };
}
