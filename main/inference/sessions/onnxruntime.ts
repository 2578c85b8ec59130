import * as ort from 'onnxruntime-node';

/**
 * ONNX Runtime with its float16 tensors mended. From Node 24 on, `Float16Array` exists and the
 * binding cannot read it ("not enough space: expected 4, got 0"); the type map is made with the
 * first tensor, so that one is made while `Float16Array` is out of sight, and float16 data are
 * `Uint16Array`s as before. Everything in the worker takes the runtime from here.
 *
 * From 1.29 on the runtime reports home on Linux and macOS, and leaves a device id in the user's cache, unless
 * `ORT_DISABLE_TELEMETRY` stands before its first session.
 */
process.env['ORT_DISABLE_TELEMETRY'] = '1';

const scope = globalThis as { Float16Array?: unknown };
const float16Array = scope.Float16Array;
scope.Float16Array = undefined;
try {
  new ort.Tensor('float32', new Float32Array(1), [1]);
} finally {
  scope.Float16Array = float16Array;
}

// What goes wrong is thrown; written to standard error as well, it would only frighten.
ort.env.logLevel = 'fatal';

export { ort };
