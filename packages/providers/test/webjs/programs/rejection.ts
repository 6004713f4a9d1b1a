/**
 * Leaves one rejection uncaught, in a process of its own, while a guard stands. Arguments: the case.
 * Prints `alive` when the process outlives it.
 */
import { RejectionGuard } from '../../../src/webjs/containment/rejection-guard';

class TargetCloseError extends Error {
  override readonly name = 'TargetCloseError';
}

const guard = new RejectionGuard();
const leave = guard.enter();
let strays = 0;
const inScope = (reason: unknown): void =>
  guard.run(
    () => {
      strays += 1;
    },
    // As the library does it: some turns after the browser was started.
    () => void setTimeout(() => void Promise.reject(reason), 5),
  );

const cases: Record<string, () => void> = {
  'own TargetCloseError': () => inScope(new TargetCloseError('Target closed')),
  'own destroyed context': () => inScope(new Error('Execution context was destroyed.')),
  'own detached frame': () => inScope(new Error("Attempted to use detached Frame 'A1'.")),
  'own string': () => inScope('auth timeout'),
  'own bug': () => inScope(new TypeError('undefined is not a function')),
  'own other string': () => inScope('something else'),
  'foreign TargetCloseError': () => void Promise.reject(new TargetCloseError('Target closed')),
  'foreign string': () => void Promise.reject('auth timeout'),
  'foreign error': () => void Promise.reject(new Error('not ours')),
  'two guards': () => {
    const second = new RejectionGuard();
    second.enter();
    inScope('auth timeout');
    second.run(
      () => {
        strays += 1;
      },
      () => void Promise.reject(new TargetCloseError('Target closed')),
    );
  },
  'two guards, foreign': () => {
    new RejectionGuard().enter();
    void Promise.reject(new Error('not ours'));
  },
  'application listens': () => {
    process.on('unhandledRejection', () => undefined);
    void Promise.reject(new Error('the application takes it'));
  },
  latecomer: () => {
    inScope('auth timeout');
    leave();
  },
};

cases[process.argv[2] ?? '']?.();
setTimeout(() => process.stdout.write(`alive, ${strays} contained\n`), 200);
