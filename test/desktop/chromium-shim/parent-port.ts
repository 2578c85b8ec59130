import { EventEmitter } from 'node:events';

// Given to the children's `node --import`: what Electron puts on `process` in a utility process.
const port = new EventEmitter();
process.on('message', (data) => port.emit('message', { data }));
process.on('disconnect', () => process.exit(0));
Object.defineProperty(process, 'parentPort', {
  value: Object.assign(port, {
    postMessage: (message: unknown) => void process.send?.(message, () => {}),
  }),
});
