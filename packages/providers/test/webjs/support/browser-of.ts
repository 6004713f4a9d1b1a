import { listProcesses } from '../../../src/webjs/browser/process-table';
import { profileTree } from '../../../src/webjs/browser/process-tree';
import type { Lab } from './lab';

/** The process id of the browser of a lab's session `s1`. */
export async function browserOf(lab: Lab): Promise<number> {
  const tree = profileTree(await listProcesses(), `${lab.dir}/workspace_w1/s1/session`);
  const browser = tree.find((entry) => entry.pid === entry.group);
  if (browser === undefined) throw new Error('There is no browser.');
  return browser.pid;
}
