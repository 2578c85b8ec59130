import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter } from 'node:events';

class ShimUtilityProcess extends EventEmitter {
  private readonly child: ChildProcess;

  constructor(path: string) {
    super();
    this.child = fork(path, [], {
      serialization: 'advanced',
      execArgv: ['--import', new URL('./parent-port.ts', import.meta.url).href],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.child.on('spawn', () => this.emit('spawn'));
    this.child.on('message', (message) => this.emit('message', message));
    this.child.on('exit', (code, signal) => this.emit('exit', code ?? (signal === null ? 1 : 15)));
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  get stderr(): ChildProcess['stderr'] {
    return this.child.stderr;
  }

  postMessage(message: unknown): void {
    if (this.child.connected) this.child.send(message as object, () => {});
  }

  kill(): boolean {
    return this.child.kill();
  }
}

/** Electron's `utilityProcess` over Node's own children. */
export const utilityProcess = { fork: (path: string): ShimUtilityProcess => new ShimUtilityProcess(path) };
