// The original is a native logger. This one appends lines to the same files, so that output channels have content.
const fs = require('node:fs');
const path = require('node:path');

const LEVELS = ['trace', 'debug', 'info', 'warning', 'error', 'critical', 'off'];
const INFO = 2;
const open = new Set();

class Logger {
  constructor(_type, _name, file) {
    this.level = INFO;
    this.raw = false;
    if (file) {
      fs.mkdirSync(path.dirname(file), { recursive: true });
      this.fd = fs.openSync(file, 'a');
    }
    open.add(this);
    LEVELS.slice(0, -1).forEach((name, level) => {
      this[name === 'warning' ? 'warn' : name] = (message) => this.write(level, message);
    });
  }

  write(level, message) {
    if (level < this.level || this.fd === undefined) return;
    const stamp = new Date().toISOString().replace('T', ' ').replace('Z', '');
    fs.writeSync(this.fd, this.raw ? String(message) : `${stamp} [${LEVELS[level]}] ${message}\n`);
  }

  getLevel() {
    return this.level;
  }

  setLevel(level) {
    this.level = level;
  }

  setPattern() {}

  clearFormatters() {
    this.raw = true;
  }

  flush() {}

  drop() {
    if (this.fd !== undefined) fs.closeSync(this.fd);
    this.fd = undefined;
    open.delete(this);
  }
}

exports.version = 0;
exports.Logger = Logger;
exports.createRotatingLogger = (name, file) => Promise.resolve(new Logger('rotating', name, file));
exports.createAsyncRotatingLogger = (name, file) => Promise.resolve(new Logger('rotating_async', name, file));
exports.setFlushOn = () => {};
exports.setLevel = (level) => {
  for (const logger of open) logger.setLevel(level);
};
exports.shutdown = () => {
  for (const logger of [...open]) logger.drop();
};
