/** The shipped fake keeps to the contract. */
import { openMemoryArchive } from '../../../src/adapters/archive/memory-archive.js';
import { archiveContract } from '../../support/contracts/archive-contract.js';

archiveContract('memory', () => Promise.resolve({ archive: openMemoryArchive(), close: () => Promise.resolve() }));
