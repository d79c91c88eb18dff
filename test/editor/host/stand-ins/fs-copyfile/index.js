// The original is a native copy-on-write file copy. Node's own copy does the same work, only slower.
const fs = require('node:fs');

module.exports = {
  constants: fs.constants,
  copyFile: fs.promises.copyFile,
  copyFileSync: fs.copyFileSync,
  cp: (from, to, options) => fs.promises.cp(from, to, { recursive: true, ...options }),
  isCloneSupported: () => Promise.resolve(false),
};
