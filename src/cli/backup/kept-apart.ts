/** What a backup does not hold and does not open without, by the settings. */
import { existsSync } from 'node:fs';
import type { Config } from '../../config.ts';
import { localJwtKeysPath } from '../../http/tokens/local-keys.ts';
import {
  erasureLogPath,
  keySourceOf,
  localKeyPath,
  localLedgerPath,
  localPermitPath,
} from '../../start/local-keys.ts';

export interface KeptApart {
  readonly what: string;
  /** A path, or the setting that says it. */
  readonly where: string;
  /** False for a file that is not there. */
  readonly isThere: boolean;
}

export function keptApart(config: Config): readonly KeptApart[] {
  const { masterKey } = config;
  const isFile = masterKey === null || masterKey.kind === 'file';
  const masterPath = masterKey?.kind === 'file' ? masterKey.path : localKeyPath(config);
  const permits = config.permitKeysFile ?? localPermitPath(config);
  const master = 'master keys, without which nobody is found and nothing personal is read';
  return [
    isFile
      ? fileOf(master, masterPath)
      : { what: master, where: keySourceOf(config).name, isThere: true },
    fileOf('log of erasures, by which the erased stay erased', erasureLogPath(config)),
    fileOf('keys of the ledger', config.ledgerKeysFile ?? localLedgerPath(config)),
    fileOf('keys of access tokens', config.jwtKeysFile ?? localJwtKeysPath(config.dataFolder)),
    ...(permits === null ? [] : [fileOf('keys of permits', permits)]),
  ];
}

function fileOf(what: string, path: string): KeptApart {
  return { what, where: path, isThere: existsSync(path) };
}
