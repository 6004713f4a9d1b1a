/** The rival: BullMQ's queue and worker in this process, the worker's job being nothing. */
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { serveOutbox } from './outbox-side';

const port = Number(process.argv[2]);
const connect = (): Redis => new Redis({ port, host: '127.0.0.1', maxRetriesPerRequest: null });
const queue = new Queue('bench', { connection: connect() });
const waiting = new Map<string, () => void>();
const worker = new Worker('bench', async () => undefined, {
  connection: connect(),
  concurrency: 64,
});
// Told once Redis has taken the end of the job: no second connection listens for it.
worker.on('completed', (job) => {
  const settle = waiting.get(String(job.id));
  waiting.delete(String(job.id));
  settle?.();
});
worker.on('error', (error) => {
  throw error;
});
process.on('disconnect', () => process.exit());
await Promise.all([queue.waitUntilReady(), worker.waitUntilReady()]);
serveOutbox(
  async (number) => {
    const jobId = `order-${String(number).padStart(16, '0')}`;
    const done = new Promise<void>((resolve) => waiting.set(jobId, resolve));
    const to = `62812${String(10_000_000 + (number % 50_000))}`;
    const text = { body: `Your order no. ${number} is on its way and arrives tomorrow.` };
    await queue.add('send', { to, type: 'text', text }, { jobId, removeOnComplete: true });
    await done;
  },
  async () => undefined,
);
