import type { Route } from '../routes/route';

/** The methods that a path has, for `Allow`; none when there is no such path. */
export function allowedMethods(routes: readonly Route[], target: string): readonly string[] {
  const path = target.split('?', 1)[0] ?? '';
  const given = path.split('/');
  const methods = routes
    .filter((route) => matches(route.path.split('/'), given))
    .map((route) => route.method);
  return [...new Set(methods)];
}

function matches(pattern: readonly string[], given: readonly string[]): boolean {
  return (
    pattern.length === given.length &&
    pattern.every((part, at) => part === given[at] || (part.startsWith(':') && given[at] !== ''))
  );
}
