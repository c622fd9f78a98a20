/** The shipped fake keeps to the contract. */
import { openMemoryAnnouncer } from '../../../src/adapters/announce/memory-announcer.js';
import { announcerContract } from '../../support/contracts/announcer-contract.js';

announcerContract('memory', () => {
  const announcer = openMemoryAnnouncer();
  const received = () => [...announcer.announcements, ...announcer.notices].map((one) => JSON.stringify(one));
  return Promise.resolve({ announcer, received, close: () => Promise.resolve() });
});
