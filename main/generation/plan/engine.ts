import { arch, cpus, platform } from 'node:os';

/** What besides recipe and job can change the last bits of anything computed: version, platform, processor. */
export type Engine = readonly string[];

/** The engine of this machine. @param version of Impasto: another one may round differently */
export function thisEngine(version: string): Engine {
  return [version, platform(), arch(), cpus()[0]?.model ?? ''];
}
