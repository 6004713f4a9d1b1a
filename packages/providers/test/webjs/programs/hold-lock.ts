/** Takes a profile's lock and keeps it. Arguments: the folder. */
import { acquireProfileLock } from '../../../src/webjs/profile/profile-lock';

await acquireProfileLock(process.argv[2] ?? '');
process.stdout.write('held\n');
setInterval(() => undefined, 1_000_000);
