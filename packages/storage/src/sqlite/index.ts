export { checkFile } from './file-check';
export { SqliteStore, type SqliteStoreOptions, sqliteStore } from './sqlite-store';
