import { describeStore } from './conformance.ts';
import { makeSqliteFolder } from './sqlite-folder.ts';

describeStore('SQLite', async () => {
  const folder = makeSqliteFolder();
  return {
    store: await folder.open(),
    reopen: () => folder.open(),
    destroy: () => folder.remove(),
  };
});
