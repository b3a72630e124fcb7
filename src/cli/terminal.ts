/** What commands that work on the owner's files share. */
import { type Config, readEnvironment } from '../config.ts';

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** The folders that the settings name, or null after they were complained of. */
export function foldersOfSettings(): Pick<Config, 'policiesFolder' | 'rulesFolder'> | null {
  const config = readEnvironment(process.env);
  if (!('complaints' in config)) return config;
  for (const complaint of config.complaints) process.stderr.write(`${complaint}\n`);
  return null;
}
