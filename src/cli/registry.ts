/**
 * `porteiro registry hash FILE`: the list of a registry with keyed hashes in place of the numbers,
 * by the keys that the server looks people up with, so that the file tells nobody's number.
 */
import type { Command } from 'commander';
import { readFileSync } from 'node:fs';
import { type Environment, readEnvironment } from '../config.ts';
import { readPhone } from '../identity/phone.ts';
import { isInputError } from '../identity/reference.ts';
import { KeyFileError } from '../keys/key-file.ts';
import { Vault } from '../keys/vault.ts';
import { keySourceOf } from '../start/local-keys.ts';
import { keyedListText } from '../policies/registers/registry-list.ts';

/** The list, or sentences that say why there is none. */
export async function hashList(
  path: string,
  environment: Environment,
): Promise<string | readonly string[]> {
  const config = readEnvironment(environment);
  if ('complaints' in config) return config.complaints;
  try {
    const vault = new Vault(await keySourceOf(config).read());
    const { text, complaints } = keyedListText(
      { path, text: readFileSync(path, 'utf8') },
      (written) => {
        const number = readPhone(written);
        return isInputError(number) ? null : vault.hash(number.kind, number.value);
      },
    );
    return text ?? complaints.map((each) => `${each.path}:${each.line} ${each.message}`);
  } catch (error) {
    if (error instanceof KeyFileError) return [error.message];
    if (error instanceof Error && 'code' in error) return [error.message];
    throw error;
  }
}

export function addRegistryCommand(program: Command): void {
  program
    .command('registry')
    .description('Lists of do-not-contact registries.')
    .command('hash')
    .description('Print a list with keyed hashes in place of its numbers.')
    .argument('<file>', 'the list, with the columns number;enrolledOn;removedOn')
    .action(async (path: string) => {
      const list = await hashList(path, process.env);
      if (typeof list === 'string') {
        process.stdout.write(list);
        return;
      }
      for (const complaint of list) process.stderr.write(`${complaint}\n`);
      process.exitCode = 1;
    });
}
