// Mocha's own spec output, and a tally for test/run.mjs, which must print the last line itself:
// coverage prints after a reporter, and a test file that fails to load leaves a reporter silent.
const { writeFileSync } = require('node:fs');
const { reporters, Runner } = require('mocha');

const lingerMsMax = 20_000;

/** Without it a socket that a test forgot would keep the run from ever ending. */
function tellOpen() {
  const open = process.getActiveResourcesInfo().join(', ');
  console.error(`The tests are over, and the process is kept from ending by: ${open}`);
  process.exit(1);
}

module.exports = class Tally extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const skipped = {};
    runner.on(Runner.constants.EVENT_TEST_PENDING, (test) => {
      const suite = test.parent.fullTitle();
      skipped[suite] = (skipped[suite] ?? 0) + 1;
    });
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures } = this.stats;
      const file = process.env.TALLY_FILE;
      if (file) writeFileSync(file, JSON.stringify({ passes, failures, skipped }));
      setTimeout(tellOpen, lingerMsMax).unref();
    });
  }
};
