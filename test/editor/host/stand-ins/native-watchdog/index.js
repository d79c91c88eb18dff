// The original is a native thread that ends this process when its parent is gone. A timer sees the same a little later.
const POLL_MS = 2000;
const PARENT_GONE = 87;

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

exports.start = (parentPid) => {
  setInterval(() => {
    if (!isAlive(parentPid)) process.exit(PARENT_GONE);
  }, POLL_MS).unref();
};
