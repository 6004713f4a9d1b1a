import { main as graph } from './graph/cli';
import { main as web } from './web/cli';

/**
 * Runs the command line: `graph …` is the Cloud API, everything else WhatsApp Web.
 * @param args what was typed after the command's name
 * @returns the exit code
 */
export function main(args: readonly string[]): Promise<number> {
  return args[0] === 'graph' ? graph(args.slice(1)) : web(args);
}
