/** A policy file under reading: where complaints about it go, each with its line and column. */
import type { Complaint } from '../domain/complaint.ts';
import { positionIn } from '../rules/json-source.ts';
import type { Declared } from './declared.ts';

export interface PolicyFile {
  /** Relative to the folder of the policies, with forward slashes: `purposes/promocoes.yaml`. */
  readonly path: string;
  readonly text: string;
}

/** What all files of one reading share. */
export interface Reading {
  /** Goes before the path in complaints, so that they open in an editor; '' for none. */
  readonly folder: string;
  readonly declared: Declared;
  readonly complaints: Complaint[];
  /** Run when every file was read, since they look at other files too. */
  readonly checks: (() => void)[];
}

export function placeIn(reading: Reading, path: string): string {
  return reading.folder === '' ? path : `${reading.folder}/${path}`;
}

export class Source {
  readonly reading: Reading;
  readonly text: string;
  /** What the file name says the thing is called; '' where the file holds several. */
  readonly id: string;
  readonly #path: string;
  readonly #trail: string[] = [];

  constructor(reading: Reading, file: PolicyFile, id: string) {
    this.reading = reading;
    this.text = file.text;
    this.id = id;
    this.#path = placeIn(reading, file.path);
  }

  complain(offset: number, message: string, expected: string): void {
    const position = positionIn(this.text, offset);
    this.reading.complaints.push({ path: this.#path, ...position, message, expected });
  }

  /** Reads what stands under a key, so that complaints can name the way to it. */
  under<T>(key: string, read: () => T): T {
    this.#trail.push(key);
    try {
      return read();
    } finally {
      this.#trail.pop();
    }
  }

  /** `frequency.choices[2].max`; the empty text at the top of the file. */
  get trail(): string {
    return this.#trail.join('.').replaceAll('.[', '[');
  }
}
