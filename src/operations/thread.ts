/** Starts a file of ours as a thread. */
import { Worker, type WorkerOptions } from 'node:worker_threads';

/**
 * From the build, or from source as tests and "npm run dev" do. `file` is its place without an
 * extension.
 */
export function startThread(file: URL, options: Omit<WorkerOptions, 'eval'>): Worker {
  if (import.meta.url.endsWith('.js')) return new Worker(new URL(`${file.href}.js`), options);
  // Node 20 gives a thread none of the loaders of its parent: it has to ask for tsx itself.
  const loader = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  const entry = JSON.stringify(`${file.href}.ts`);
  return new Worker(
    `import(${loader}).then(({ register }) => { register(); return import(${entry}); })`,
    { ...options, eval: true },
  );
}
