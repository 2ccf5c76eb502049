import { Worker } from 'node:worker_threads';

/** Asks a page again and again from a thread of its own, so that what the test itself is busy with does not count. */
const ASKER = `
const { parentPort, workerData } = require('node:worker_threads');
let slowest = 0;
let on = true;
parentPort.once('message', () => (on = false));
(async () => {
  while (on) {
    const began = performance.now();
    const response = await fetch(workerData);
    await response.arrayBuffer();
    slowest = Math.max(slowest, performance.now() - began);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  parentPort.postMessage(slowest);
})();
`;

/** Watches how fast an address answers; the result ends the watch and resolves to the slowest answer in milliseconds. */
export function watchPage(address: string): () => Promise<number> {
  const worker = new Worker(ASKER, { eval: true, workerData: address });
  const slowest = new Promise<number>((resolve, reject) => worker.once('message', resolve).once('error', reject));
  return async () => {
    worker.postMessage('stop');
    try {
      return await slowest;
    } finally {
      await worker.terminate();
    }
  };
}
