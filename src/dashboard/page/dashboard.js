// Two parts of one page: the run that goes on, and every run that has a report.

import { follow } from "./connection.js";
import { Live } from "./live.js";
import { Runs } from "./runs.js";

const VERSION = document.documentElement.dataset.version;
const RELOADED = "goose-recovery-reloaded-for";

/** The dashboard was replaced: its page is loaded anew, once for each version, so that a stale copy cannot do so for ever. */
const reloadFor = (version) => {
  if (version === VERSION || sessionStorage.getItem(RELOADED) === version) return;
  sessionStorage.setItem(RELOADED, version);
  location.reload();
};

const runs = new Runs();
const live = new Live(() => runs.load());

runs.load();
follow("/api/live", {
  onEvent: (event) => {
    reloadFor(event.page);
    live.show(event);
  },
  onState: (is) => live.connected(is),
});
