/** Forms, in the two ways in which RFC 8058 lets a mail provider send them; no files. */
import type { Problem } from '../domain/problem.ts';
import { inputProblem } from './problems.ts';

/** Of `--b\r\nContent-Disposition: form-data; name="x"\r\n\r\ny\r\n--b--`, the pair x and y. */
function multipartFields(text: string, contentType: string): [string, string][] | null {
  const boundary = /;\s*boundary="?([\w'()+,./:=? -]{1,70})"?\s*$/i.exec(contentType)?.[1];
  if (boundary === undefined) return null;
  const parts = `\r\n${text}`.split(`\r\n--${boundary}`);
  if (parts.pop()?.startsWith('--') !== true) return null;
  const fields = parts.slice(1).map((part): [string, string] | null => {
    const [head = '', ...rest] = part.split('\r\n\r\n');
    const name = /^content-disposition:\s*form-data;\s*name="([^"]*)"\s*$/im.exec(head)?.[1];
    return name === undefined ? null : [name, rest.join('\r\n\r\n')];
  });
  return fields.every((field) => field !== null) ? fields : null;
}

/** The value in a box, as `parseJson` gives it. */
export function parseForm(
  bytes: Buffer,
  contentType: string,
  fieldsMax: number = 20,
): { readonly value: unknown } | Problem {
  const text = bytes.toString('utf8');
  const fields = /^multipart\//i.test(contentType)
    ? multipartFields(text, contentType)
    : [...new URLSearchParams(text)];
  if (fields === null || fields.length > fieldsMax) return inputProblem([]);
  return { value: Object.fromEntries(fields) };
}
