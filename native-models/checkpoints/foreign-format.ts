import { ModelError } from '../errors.ts';

/**
 * What a file is that was taken for safetensors, by its first bytes; undefined where they tell nothing.
 *
 * @param name the file's name, for the message
 * @param start its first eight bytes
 */
export function foreignFormat(name: string, start: Uint8Array): ModelError | undefined {
  const text = new TextDecoder('latin1').decode(start);
  if (text.startsWith('PK\u0003\u0004') || start[0] === 0x80) return pickle(name);
  if (text.startsWith('GGUF')) return other(name, 'a GGUF file');
  if (text.startsWith('<!DOC') || text.startsWith('<html')) {
    return new ModelError(
      'header-invalid',
      `${name} is a web page, not a model.`,
      'The download led to a page, often one that asks to log in: download the file itself.',
    );
  }
  if (text.startsWith('version ')) {
    return new ModelError(
      'header-invalid',
      `${name} is a Git LFS pointer, not the model itself.`,
      'Fetch the file with git lfs, or download it from its page.',
    );
  }
  return undefined;
}

/** The refusal of a pickle, whatever its name ends in. */
export function pickle(name: string): ModelError {
  return new ModelError(
    'pickle-refused',
    `${name} is a pickle: opening it can run any program that its author put inside.`,
    'Get the .safetensors version of this model, or convert it on a machine that you can afford to lose.',
  );
}

function other(name: string, what: string): ModelError {
  return new ModelError(
    'family-unsupported',
    `${name} is ${what}, which is not supported.`,
    'Get the .safetensors version of this model.',
  );
}
