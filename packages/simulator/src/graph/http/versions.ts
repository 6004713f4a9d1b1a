import { GraphError } from '../errors/graph-error';

/** The oldest version of the Graph API that still answers. */
export const oldestVersion = 'v21.0';
/** The newest. */
const newestVersion = 'v26.0';

const majorOf = (version: string): number => Number(/^v(\d+)\.0$/.exec(version)?.[1]);

/**
 * Whether a path begins with a version; without one, the oldest answers.
 * @throws GraphError 12 for an expired version, 2500 for one that never was
 */
export function versionOf(segment: string | undefined): string | undefined {
  if (segment === undefined || !/^v\d+(\.\d+)?$/.test(segment)) return undefined;
  const major = majorOf(segment);
  if (major >= majorOf(oldestVersion) && major <= majorOf(newestVersion)) return segment;
  if (major < majorOf(oldestVersion)) {
    throw new GraphError(12, {
      message: `(#12) ${segment} is no longer available. Please update to the latest version: ${newestVersion}.`,
    });
  }
  throw new GraphError(2500, { message: `Unknown path components: /${segment}` });
}
