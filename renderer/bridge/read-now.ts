/**
 * Reads an address of the page's own studio and stands still until it is there. Only text can be read so in a window; told to
 * be of this character set, each of its characters holds a byte.
 *
 * @throws Error when there is no answer, or another than 200.
 */
export function readNow(path: string, token: string): ArrayBuffer {
  const request = new XMLHttpRequest();
  request.open('GET', path, false);
  request.overrideMimeType('text/plain; charset=x-user-defined');
  request.setRequestHeader('authorization', `Bearer ${token}`);
  request.send();
  if (request.status !== 200) throw new Error(`${path} was answered with ${request.status}.`);
  const text = request.responseText;
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes.buffer;
}
