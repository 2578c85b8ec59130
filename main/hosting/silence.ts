/**
 * Keeps native libraries from reporting home, in this process and in all that it starts. To be called before any
 * child is started.
 *
 * ONNX Runtime 1.29 and later sends telemetry on Linux and macOS unless `ORT_DISABLE_TELEMETRY` stands before its
 * first session; it then also writes no device id and no database into the user's cache.
 */
export function silenceNativeCode(env: Record<string, string | undefined> = process.env): void {
  env['ORT_DISABLE_TELEMETRY'] = '1';
}
